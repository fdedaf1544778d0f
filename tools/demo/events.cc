// Interactions, tickets, survey answers, invoices and changes of contacts.
#include <algorithm>

#include "tools/demo/fact_writer.h"
#include "tools/demo/plan.h"
#include "tools/demo/random.h"

namespace folio::demo {
namespace {

constexpr uint64_t kStream = 6;
constexpr int64_t kWorkMinutes = 540;

int64_t Draw(Random& random, Range range) { return random.Between(range.low, range.high); }

class EventWriter {
 public:
  EventWriter(const Plan& plan, Client* client)
      : plan_(plan),
        profile_(*plan.profile),
        client_(client),
        random_(plan.options->seed, static_cast<uint64_t>(plan.index), kStream) {}

  void AddInteractions() {
    constexpr v1::InteractionType kTypes[] = {v1::INTERACTION_TYPE_MEETING, v1::INTERACTION_TYPE_CALL,
                                              v1::INTERACTION_TYPE_EMAIL,   v1::INTERACTION_TYPE_CALL,
                                              v1::INTERACTION_TYPE_MEETING, v1::INTERACTION_TYPE_NOTE};
    FactWriter writer(client_, "crm", plan_.slug + "-i");
    auto days_ago = static_cast<int32_t>(Draw(random_, profile_.silence_days));
    for (int number = 0; plan_.horizon - days_ago >= plan_.first_day(); ++number) {
      v1::Interaction* interaction = AddFact(writer, plan_.horizon - days_ago)->mutable_interaction();
      // The latest are known by heart: a conversation, then a meeting.
      interaction->set_type(number == 0   ? v1::INTERACTION_TYPE_CALL
                            : number == 1 ? v1::INTERACTION_TYPE_MEETING
                                          : random_.Pick(kTypes));
      Assign(random_.Pick(plan_.words->meeting_subjects), interaction->mutable_subject());
      interaction->set_owner(client_->account.owner());
      interaction->set_contact(client_->contacts[static_cast<int>(random_.Below(client_->contacts.size()))].name());
      if (number == 0 && profile_.archetype == Archetype::kReadyToGrow) {
        Assign(plan_.words->need_subject, interaction->mutable_subject());
        interaction->set_need_identified(true);
        interaction->set_budget_available(true);
        SetMoney(plan_.arr_units * random_.Between(15, 40), plan_.options->currency,
                 interaction->mutable_expected_amount());
      }
      const int64_t usual = profile_.contact_every_days;
      days_ago += static_cast<int32_t>(random_.Between(usual * 7 / 10, usual * 13 / 10));
    }
  }

  void AddTickets() {
    FactWriter writer(client_, "helpdesk", plan_.slug + "-t");
    const int32_t days = plan_.horizon - plan_.first_day();
    const int64_t closed = Draw(random_, profile_.tickets_a_year) * days / 365;
    for (int64_t i = 0; i < closed; ++i) {
      const auto days_ago = static_cast<int32_t>(random_.Between(std::min(days, 8), days));
      v1::Fact* fact = AddFact(writer, plan_.horizon - days_ago);
      v1::Ticket* ticket = fact->mutable_ticket();
      Describe(ticket, static_cast<v1::TicketPriority>(random_.Between(1, profile_.csat.low <= 2 ? 4 : 3)));
      const int64_t hours = random_.Between(1, profile_.csat.low <= 2 ? 140 : 40);
      ticket->mutable_close_time()->set_seconds(fact->event_time().seconds() + hours * 3600);
      if (random_.Chance(600)) ticket->set_satisfaction(static_cast<int32_t>(Draw(random_, profile_.csat)));
    }
    const int64_t open = std::min<int64_t>(days, 1) * Draw(random_, profile_.open_urgent);
    for (int64_t i = 0; i < open; ++i) {
      const auto days_ago = static_cast<int32_t>(random_.Between(1, std::min(days, 12)));
      Describe(AddFact(writer, plan_.horizon - days_ago)->mutable_ticket(), v1::TICKET_PRIORITY_URGENT);
    }
  }

  void AddSurveys() {
    FactWriter writer(client_, "surveys", plan_.slug + "-s");
    constexpr int kNpsEvery = 182;
    constexpr int kCsatEvery = 80;
    for (auto ago = static_cast<int32_t>(random_.Between(8, 70)); Reaches(ago); ago += kNpsEvery) {
      // Long ago, everybody was rather content.
      const int64_t now = Draw(random_, profile_.nps);
      AddAnswer(writer, ago, v1::SURVEY_KIND_NPS, ago < kNpsEvery ? now : (now + 8) / 2, 0, 10);
    }
    for (auto ago = static_cast<int32_t>(random_.Between(4, 60)); Reaches(ago) && ago < 400; ago += kCsatEvery) {
      AddAnswer(writer, ago, v1::SURVEY_KIND_CSAT, Draw(random_, profile_.csat), 1, 5);
    }
    const auto ago = static_cast<int32_t>(random_.Between(20, 300));
    if (Reaches(ago) && random_.Chance(500)) {
      const int64_t ease = Draw(random_, profile_.csat);
      const int64_t effort = 7 - ease - random_.Below(2);
      v1::SurveyAnswer* answer = AddAnswer(writer, ago, v1::SURVEY_KIND_CES, std::clamp<int64_t>(effort, 1, 7), 1, 7);
      answer->set_low_is_easy(true);
    }
  }

  void AddPayments(const std::vector<PlannedTerm>& terms) {
    constexpr int kTermsDays = 30;
    FactWriter writer(client_, "billing", plan_.slug + "-p");
    const bool quarterly = client_->subscriptions[0].billing_period() == v1::BILLING_PERIOD_QUARTERLY;
    const int months = quarterly ? 3 : 12;
    for (int i = 1;; ++i) {
      const int32_t issued = AddMonths(plan_.renewal, -months * i);
      if (issued >= plan_.horizon) continue;
      if (issued < plan_.first_day()) break;
      int64_t annual = 0;
      for (const PlannedTerm& term : terms) annual += term.start <= issued && issued < term.end ? term.annual_units : 0;
      if (annual == 0) continue;
      v1::Payment* payment = AddFact(writer, issued)->mutable_payment();
      SetMoney(annual * 100 * months / 12, plan_.options->currency, payment->mutable_amount());
      SetDate(issued + kTermsDays, payment->mutable_due_date());
      const int64_t late = random_.Chance(profile_.paid_late) ? Draw(random_, profile_.days_late) : -random_.Below(12);
      const int32_t paid = issued + kTermsDays + static_cast<int32_t>(late);
      if (paid < plan_.options->as_of) SetDate(paid, payment->mutable_paid_date());
    }
  }

  void AddContactChanges() {
    FactWriter writer(client_, "crm", plan_.slug + "-c");
    if (plan_.champion_left != kOpen) {
      AddChange(writer, plan_.champion_left, v1::CONTACT_CHANGE_TYPE_LEFT, v1::CONTACT_ROLE_CHAMPION);
    }
    const auto ago = static_cast<int32_t>(random_.Between(60, 500));
    if (random_.Chance(250) && Reaches(ago)) {
      AddChange(writer, plan_.horizon - ago, v1::CONTACT_CHANGE_TYPE_ARRIVED, v1::CONTACT_ROLE_MAIN);
    }
  }

 private:
  static void Assign(std::string_view text, std::string* out) { out->assign(text); }

  bool Reaches(int32_t days_ago) const { return plan_.horizon - days_ago >= plan_.first_day(); }

  v1::Fact* AddFact(FactWriter& writer, int32_t day) { return writer.Add(day, random_.Below(kWorkMinutes)); }

  void Describe(v1::Ticket* ticket, v1::TicketPriority priority) {
    ticket->set_priority(priority);
    Assign(random_.Pick(plan_.words->ticket_subjects), ticket->mutable_subject());
    const bool slow = profile_.csat.low <= 2;
    ticket->set_first_response_seconds(60 * (slow ? random_.Between(40, 900) : random_.Between(5, 150)));
    ticket->set_escalated(random_.Chance(slow ? 250 : 20));
  }

  v1::SurveyAnswer* AddAnswer(FactWriter& writer, int32_t days_ago, v1::SurveyKind kind, int64_t score, int min,
                              int max) {
    v1::SurveyAnswer* answer = AddFact(writer, plan_.horizon - days_ago)->mutable_survey_answer();
    answer->set_kind(kind);
    answer->set_score(static_cast<double>(score));
    answer->set_scale_min(min);
    answer->set_scale_max(max);
    answer->set_respondent(client_->contacts[static_cast<int>(random_.Below(client_->contacts.size()))].name());
    if (random_.Chance(300)) {
      const bool good = score * 10 >= max * 8;
      Assign(random_.Pick(good ? plan_.words->good_comments : plan_.words->bad_comments), answer->mutable_comment());
    }
    return answer;
  }

  void AddChange(FactWriter& writer, int32_t day, v1::ContactChangeType type, v1::ContactRole role) {
    v1::ContactChange* change = AddFact(writer, day)->mutable_contact_change();
    change->set_type(type);
    change->set_role(role);
    for (const v1::Contact& contact : client_->contacts) {
      if (contact.role() == role) change->set_contact(contact.name());
    }
  }

  const Plan& plan_;
  const Profile& profile_;
  Client* client_;
  Random random_;
};

}  // namespace

void AddEvents(const Plan& plan, const std::vector<PlannedTerm>& terms, Client* client) {
  EventWriter writer(plan, client);
  writer.AddInteractions();
  writer.AddTickets();
  writer.AddSurveys();
  writer.AddPayments(terms);
  writer.AddContactChanges();
}

}  // namespace folio::demo
