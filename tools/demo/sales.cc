// Leads and deals of an account.
#include <algorithm>

#include "tools/demo/calendar.h"
#include "tools/demo/plan.h"
#include "tools/demo/random.h"

namespace folio::demo {
namespace {

constexpr uint64_t kStream = 7;
constexpr int64_t kDaySeconds = 86'400;
constexpr int64_t kWorkBegins = 8 * 3600;
constexpr std::string_view kSources[] = {"Website", "Referral", "Trade fair", "Partner", "Search", "Webinar"};
constexpr std::string_view kStages[] = {"Discovery", "Proposal", "Negotiation"};
constexpr int kStageCount = 3;

class SalesWriter {
 public:
  SalesWriter(const Plan& plan, Client* client)
      : plan_(plan), client_(client), random_(plan.options->seed, static_cast<uint64_t>(plan.index), kStream) {}

  // Accounts from before the history came nobody knows how.
  void AddLead() {
    if (plan_.contract_start < plan_.window_start) return;
    const int32_t entered = plan_.contract_start - static_cast<int32_t>(random_.Between(20, 120));
    v1::Lead* lead = client_->leads.Add();
    lead->mutable_name()->assign("leads/").append(plan_.slug);
    lead->set_display_name(client_->contacts[0].display_name());
    lead->set_company(client_->account.display_name());
    lead->mutable_source()->assign(random_.Pick(kSources));
    lead->set_owner(client_->account.owner());
    SetTime(entered, kWorkBegins + random_.Below(9 * 3600), lead->mutable_entry_time());
    const int64_t entry = lead->entry_time().seconds();
    lead->mutable_first_contact_time()->set_seconds(entry + 60 * random_.Octaves(10, 9));
    lead->set_qualification(v1::LEAD_QUALIFICATION_QUALIFIED);
    lead->mutable_qualify_time()->set_seconds(entry + kDaySeconds * random_.Between(4, 15));
    SetTime(plan_.contract_start, kWorkBegins, lead->mutable_convert_time());
    lead->set_converted_account(client_->account.name());
  }

  void AddDealsOf(const std::vector<PlannedTerm>& terms) {
    for (const PlannedTerm& term : terms) {
      if (term.start < plan_.window_start || term.start >= plan_.options->as_of) continue;
      const bool first = !term.add_on && term.start == plan_.contract_start;
      const v1::DealKind more = random_.Chance(600) ? v1::DEAL_KIND_UPSELL : v1::DEAL_KIND_CROSS_SELL;
      const v1::DealKind kind = first ? v1::DEAL_KIND_NEW : term.add_on ? more : v1::DEAL_KIND_RENEWAL;
      v1::Deal* deal = AddClosed(kind, term.annual_units, term.start, v1::DEAL_STATE_WON);
      if (first && !client_->leads.empty()) deal->set_lead(client_->leads[0].name());
    }
  }

  void AddLost() {
    const auto ago = static_cast<int32_t>(random_.Between(5, 400));
    if (!random_.Chance(300) || plan_.horizon - ago < plan_.first_day()) return;
    constexpr std::string_view kReasons[] = {"Price", "Competitor", "No budget", "No decision"};
    const int64_t units = plan_.arr_units * random_.Between(50, 300) / 1000;
    AddClosed(v1::DEAL_KIND_CROSS_SELL, units, plan_.horizon - ago, v1::DEAL_STATE_LOST)
        ->mutable_loss_reason()
        ->assign(random_.Pick(kReasons));
  }

  void AddOpen() {
    constexpr int kRenewalNear = 90;
    const Archetype archetype = plan_.profile->archetype;
    if (archetype == Archetype::kChurned) return;
    if (archetype == Archetype::kReadyToGrow || random_.Chance(150)) {
      AddOpenDeal(v1::DEAL_KIND_UPSELL, plan_.arr_units * random_.Between(100, 400) / 1000,
                  plan_.options->as_of + static_cast<int32_t>(random_.Between(5, 90)));
    }
    if (plan_.renewal - plan_.options->as_of <= kRenewalNear) {
      AddOpenDeal(v1::DEAL_KIND_RENEWAL, plan_.arr_units, plan_.renewal);
    }
  }

 private:
  v1::Deal* Add(v1::DealKind kind, int64_t units, int32_t opened) {
    v1::Deal* deal = client_->deals.Add();
    deal->mutable_name()->assign("deals/").append(plan_.slug).append("-").append(std::to_string(client_->deals.size()));
    deal->set_account(client_->account.name());
    deal->set_kind(kind);
    deal->set_product(client_->account.plan());
    deal->set_owner(client_->account.owner());
    SetMoney(std::max<int64_t>(1, units) * 100, plan_.options->currency, deal->mutable_amount());
    SetTime(opened, kWorkBegins, deal->mutable_open_time());
    *deal->mutable_first_contact_time() = deal->open_time();
    return deal;
  }

  // The first stages, evenly over the days that the deal took.
  static void AddStages(int count, int32_t opened, int32_t days, v1::Deal* deal) {
    for (int i = 0; i < count; ++i) {
      v1::StageEntry* entry = deal->add_stage_history();
      entry->mutable_stage()->assign(kStages[i]);
      SetTime(opened + days * i / count, kWorkBegins, entry->mutable_enter_time());
    }
  }

  v1::Deal* AddClosed(v1::DealKind kind, int64_t units, int32_t closed, v1::DealState state) {
    const auto days = static_cast<int32_t>(random_.Between(15, 90));
    v1::Deal* deal = Add(kind, units, closed - days);
    deal->set_state(state);
    SetTime(closed, kWorkBegins, deal->mutable_close_time());
    AddStages(kStageCount, closed - days, days, deal);
    return deal;
  }

  void AddOpenDeal(v1::DealKind kind, int64_t units, int32_t expected) {
    const auto days = static_cast<int32_t>(random_.Between(2, 80));
    const int32_t opened = plan_.options->as_of - days;
    v1::Deal* deal = Add(kind, units, opened);
    const auto stages = static_cast<int>(random_.Between(1, kStageCount));
    AddStages(stages, opened, days, deal);
    deal->set_state(v1::DEAL_STATE_OPEN);
    deal->set_probability(static_cast<double>(stages) / (kStageCount + 1));
    SetDate(expected, deal->mutable_expected_close_date());
  }

  const Plan& plan_;
  Client* client_;
  Random random_;
};

}  // namespace

void AddSales(const Plan& plan, const std::vector<PlannedTerm>& terms, Client* client) {
  SalesWriter writer(plan, client);
  writer.AddLead();
  writer.AddDealsOf(terms);
  writer.AddLost();
  writer.AddOpen();
}

}  // namespace folio::demo
