// Which points each kind of fact makes.
#include <xxhash.h>

#include <algorithm>

#include "server/account/timeline.h"

namespace folio::account {
namespace {

// Collects the points of one fact.
class Maker {
 public:
  Maker(int64_t key, const TimeZone& zone, std::vector<Point>* points) : key_(key), zone_(zone), points_(points) {}

  void Add(Day day, PointKind kind, double value, int tag = 0) {
    points_->push_back({.fact = key_, .day = day, .kind = kind, .tag = static_cast<uint16_t>(tag), .value = value});
  }
  Day DayAt(Instant instant) const { return zone_.DayAt(instant); }

 private:
  const int64_t key_;
  const TimeZone& zone_;
  std::vector<Point>* const points_;
};

// Ten years: keeps the day of a response that cannot be meant within the calendar.
constexpr int64_t kLongestResponseSeconds = 10LL * 366 * 24 * 3600;

// A number for a user, of the 53 bits that a double holds exactly: two users share one about once in 10^8 accounts of
// 10,000 users, and nobody can read the name from it.
double NumberOfUser(std::string_view user) { return static_cast<double>(XXH3_64bits(user.data(), user.size()) >> 11); }

double UnitsOf(const google::type::Money& amount) { return static_cast<double>(amount.units()) + amount.nanos() / 1e9; }

void AddUsage(const v1::Usage& usage, Day day, FeatureNames& features, Maker& maker) {
  const int feature = features.NumberOf(usage.feature());
  maker.Add(day, PointKind::kUsage, static_cast<double>(usage.count()), feature);
  if (usage.error_count() > 0) {
    maker.Add(day, PointKind::kUsageErrors, static_cast<double>(usage.error_count()), feature);
  }
  if (usage.limit_hit_count() > 0) {
    maker.Add(day, PointKind::kLimitHit, static_cast<double>(usage.limit_hit_count()), feature);
  }
  if (!usage.user().empty() && usage.count() > 0) maker.Add(day, PointKind::kUser, NumberOfUser(usage.user()));
}

void AddInteraction(const v1::Interaction& interaction, Day day, Maker& maker) {
  if (interaction.type() == v1::INTERACTION_TYPE_MEETING) maker.Add(day, PointKind::kMeeting, 1);
  const bool note = interaction.type() == v1::INTERACTION_TYPE_NOTE;
  maker.Add(day, note ? PointKind::kNote : PointKind::kContact, 1);
  if (interaction.need_identified()) maker.Add(day, PointKind::kNeed, 1);
  if (interaction.budget_available()) maker.Add(day, PointKind::kBudget, 1);
  const double amount = UnitsOf(interaction.expected_amount());
  if (!(amount > 0)) return;
  // An amount counts once: what is in a budget is not the need's besides.
  if (interaction.budget_available()) {
    maker.Add(day, PointKind::kBudgetAmount, amount);
  } else if (interaction.need_identified()) {
    maker.Add(day, PointKind::kNeedAmount, amount);
  }
}

void AddTicket(const v1::Ticket& ticket, Instant submitted, Maker& maker) {
  const Day opened = maker.DayAt(submitted);
  Day answered = opened;
  maker.Add(opened, PointKind::kTicketOpened, 1, ticket.priority());
  if (ticket.has_close_time()) {
    const Instant closed = FromProto(ticket.close_time());
    answered = maker.DayAt(closed);
    maker.Add(answered, PointKind::kTicketClosed, static_cast<double>(closed - submitted) / 1e6, ticket.priority());
  }
  if (ticket.has_first_response_seconds()) {
    const int64_t seconds = std::min(ticket.first_response_seconds(), kLongestResponseSeconds);
    maker.Add(maker.DayAt(submitted + seconds * 1'000'000), PointKind::kFirstResponse, static_cast<double>(seconds));
  }
  // Clients are asked once a ticket is closed; without a time of closing, the day of the ticket is all that is known.
  if (ticket.has_satisfaction()) maker.Add(answered, PointKind::kCsat, (ticket.satisfaction() - 1) / 4.0);
}

void AddSurveyAnswer(const v1::SurveyAnswer& answer, Day day, Maker& maker) {
  if (answer.kind() == v1::SURVEY_KIND_NPS) {
    maker.Add(day, PointKind::kNps, answer.score());
    return;
  }
  const double extent = answer.scale_max() - answer.scale_min();
  if (!(extent > 0)) return;
  const double part = std::clamp((answer.score() - answer.scale_min()) / extent, 0.0, 1.0);
  if (answer.kind() == v1::SURVEY_KIND_CSAT) maker.Add(day, PointKind::kCsat, part);
  if (answer.kind() == v1::SURVEY_KIND_CES) {
    maker.Add(day, PointKind::kEase, answer.low_is_easy() ? 1 - part : part);
  }
}

void AddPayment(const v1::Payment& payment, Maker& maker) {
  const absl::StatusOr<Day> due = FromProto(payment.due_date());
  if (!due.ok() || *due == kNoDay) return;
  maker.Add(*due, PointKind::kInvoice, UnitsOf(payment.amount()));
  const absl::StatusOr<Day> paid = FromProto(payment.paid_date());
  if (paid.ok() && *paid != kNoDay) maker.Add(*paid, PointKind::kPaid, *paid - *due);
}

void AddContactChange(const v1::ContactChange& change, Day day, Maker& maker) {
  const bool arrived = change.type() == v1::CONTACT_CHANGE_TYPE_ARRIVED;
  maker.Add(day, arrived ? PointKind::kContactArrived : PointKind::kContactLeft, 1, change.role());
}

}  // namespace

void PointsOf(const v1::Fact& fact, int64_t key, const TimeZone& zone, FeatureNames& features,
              std::vector<Point>* points) {
  Maker maker(key, zone, points);
  const Instant time = FromProto(fact.event_time());
  const Day day = zone.DayAt(time);
  switch (fact.detail_case()) {
    case v1::Fact::kUsage:
      return AddUsage(fact.usage(), day, features, maker);
    case v1::Fact::kInteraction:
      return AddInteraction(fact.interaction(), day, maker);
    case v1::Fact::kTicket:
      return AddTicket(fact.ticket(), time, maker);
    case v1::Fact::kSurveyAnswer:
      return AddSurveyAnswer(fact.survey_answer(), day, maker);
    case v1::Fact::kPayment:
      return AddPayment(fact.payment(), maker);
    case v1::Fact::kContactChange:
      return AddContactChange(fact.contact_change(), day, maker);
    case v1::Fact::kOrder:
    case v1::Fact::kRefund:
    case v1::Fact::kCost:
    case v1::Fact::kConversation:
    case v1::Fact::kEngagement:  // read by indicators only
    case v1::Fact::DETAIL_NOT_SET:
      return;
  }
}

}  // namespace folio::account
