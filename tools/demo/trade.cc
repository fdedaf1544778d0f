// Orders, refunds, costs, conversations and engagement of an account.
#include <algorithm>

#include "tools/demo/fact_writer.h"
#include "tools/demo/plan.h"
#include "tools/demo/random.h"

namespace folio::demo {
namespace {

constexpr uint64_t kStream = 8;
constexpr int64_t kWorkMinutes = 540;

class TradeWriter {
 public:
  TradeWriter(const Plan& plan, Client* client)
      : plan_(plan), client_(client), random_(plan.options->seed, static_cast<uint64_t>(plan.index), kStream) {}

  // What is bought beside the subscription: training and other services.
  void AddOrders() {
    FactWriter orders(client_, "shop", plan_.slug + "-o");
    FactWriter refunds(client_, "shop", plan_.slug + "-r");
    for (int64_t i = random_.Between(-1, 3); i > 0; --i) {
      const int32_t day = DayWithin(360);
      v1::Fact* order = Add(orders, day);
      v1::Order* detail = order->mutable_order();
      const int64_t units = random_.Octaves(100, 5);
      SetMoney(units * 100, plan_.options->currency, detail->mutable_amount());
      detail->set_quantity(random_.Between(1, 5));
      detail->set_channel("web");
      const std::string order_id = order->source_id();
      if (!random_.Chance(80) || day + 1 >= plan_.horizon) continue;
      v1::Refund* refund = Add(refunds, day + 1)->mutable_refund();
      SetMoney(units * 50, plan_.options->currency, refund->mutable_amount());
      refund->set_order(order_id);
    }
  }

  // Quarter by quarter: what it takes to serve the account, and to look after it.
  void AddCosts() {
    constexpr int kQuarters = 4;
    FactWriter writer(client_, "books", plan_.slug + "-k");
    for (int i = 1; i <= kQuarters; ++i) {
      const int32_t start = AddMonths(plan_.horizon, -3 * i);
      if (start < plan_.first_day()) return;
      const int32_t end = AddMonths(plan_.horizon, -3 * (i - 1));
      AddCost(writer, start, end, v1::COST_CATEGORY_SERVICE, "hosting",
              plan_.arr_units * random_.Between(30, 60) / 1000);
      AddCost(writer, start, end, v1::COST_CATEGORY_RETENTION, "support",
              plan_.arr_units * random_.Between(4, 15) / 1000);
    }
  }

  void AddConversations() {
    FactWriter writer(client_, "chat", plan_.slug + "-m");
    const bool slow = plan_.profile->csat.low <= 2;
    for (int64_t i = random_.Between(0, 3); i > 0; --i) {
      v1::Fact* fact = Add(writer, DayWithin(180));
      v1::Conversation* conversation = fact->mutable_conversation();
      conversation->set_channel(random_.Chance(500) ? "chat" : "email");
      conversation->set_contact(AnyContact());
      int64_t second = fact->event_time().seconds();
      AddMessage(conversation, second, v1::MESSAGE_AUTHOR_CLIENT);
      AddMessage(conversation, second += 2, v1::MESSAGE_AUTHOR_BOT);
      for (int64_t replies = random_.Between(1, 3); replies > 0; --replies) {
        AddMessage(conversation, second += 60 * random_.Between(slow ? 20 : 2, slow ? 180 : 45),
                   v1::MESSAGE_AUTHOR_AGENT);
        AddMessage(conversation, second += 60 * random_.Between(1, 20), v1::MESSAGE_AUTHOR_CLIENT);
      }
      AddMessage(conversation, second += 60 * random_.Between(2, 30), v1::MESSAGE_AUTHOR_AGENT);
      conversation->mutable_close_time()->set_seconds(second + 300);
    }
  }

  void AddEngagement() {
    constexpr std::string_view kTypes[] = {"webinar", "newsletter", "poll", "event"};
    FactWriter writer(client_, "marketing", plan_.slug + "-e");
    const bool keen = plan_.profile->nps.low >= 7;
    for (int64_t i = random_.Between(keen ? 1 : -2, keen ? 5 : 2); i > 0; --i) {
      v1::Engagement* engagement = Add(writer, DayWithin(180))->mutable_engagement();
      engagement->mutable_type()->assign(random_.Pick(kTypes));
      engagement->set_contact(AnyContact());
    }
  }

 private:
  // A day of the last `days`, two days before the end at the latest: what begins on it also ends in time.
  int32_t DayWithin(int32_t days) {
    const int32_t first = std::max(plan_.first_day(), plan_.horizon - days);
    return static_cast<int32_t>(random_.Between(std::min(first, plan_.horizon - 2), plan_.horizon - 2));
  }

  v1::Fact* Add(FactWriter& writer, int32_t day) { return writer.Add(day, random_.Below(kWorkMinutes)); }

  const std::string& AnyContact() {
    return client_->contacts[static_cast<int>(random_.Below(client_->contacts.size()))].name();
  }

  void AddCost(FactWriter& writer, int32_t start, int32_t end, v1::CostCategory category, const char* subcategory,
               int64_t units) {
    v1::Cost* cost = Add(writer, start)->mutable_cost();
    cost->set_category(category);
    cost->set_subcategory(subcategory);
    SetMoney(units * 100, plan_.options->currency, cost->mutable_amount());
    SetDate(start, cost->mutable_start_date());
    SetDate(end, cost->mutable_end_date());
  }

  void AddMessage(v1::Conversation* conversation, int64_t second, v1::MessageAuthor author) {
    v1::ConversationMessage* message = conversation->add_messages();
    message->mutable_send_time()->set_seconds(second);
    message->set_author(author);
    if (author == v1::MESSAGE_AUTHOR_AGENT) message->set_agent(client_->account.owner());
  }

  const Plan& plan_;
  Client* client_;
  Random random_;
};

}  // namespace

void AddTrade(const Plan& plan, Client* client) {
  TradeWriter writer(plan, client);
  writer.AddOrders();
  writer.AddCosts();
  writer.AddConversations();
  writer.AddEngagement();
}

}  // namespace folio::demo
