#include "server/ledger/entry.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "server/base/int128.h"
#include "server/base/money.h"
#include "server/ledger/conversation.h"
#include "server/ledger/numbers.h"

namespace folio::ledger {
namespace {

// Ten years: the longest that a cost is spread over, more counts on the last of these days.
constexpr int64_t kCostDaysMax = 3'660;
// Ten years: no response that was meant takes longer.
constexpr int64_t kLongestSeconds = 10LL * 366 * 24 * 3600;

uint64_t DigestOf(std::string_view text) { return text.empty() ? 0 : XXH3_64bits(text.data(), text.size()); }

int64_t InMillionths(double value) { return std::llround(value * static_cast<double>(kMillion)); }

// Whole days from a resolution to the next reopening.
uint16_t DaysUntilReopened(const v1::Ticket& ticket, Instant resolved) {
  constexpr Instant kDay = 24LL * 3600 * kMillion;
  for (const auto& time : ticket.reopen_times()) {
    const Instant again = FromProto(time);
    if (again >= resolved) return static_cast<uint16_t>(std::min<Instant>((again - resolved) / kDay, kNeverAgain - 1));
  }
  return kNeverAgain;
}

void AddTicket(const v1::Ticket& ticket, Instant submitted, Numbers& numbers, std::vector<KindedEntry>* entries) {
  const auto priority = static_cast<uint16_t>(ticket.priority());
  const uint64_t labels = PackLabels(numbers.OfLabel(Dimension::kTicketTopic, ticket.topic()),
                                     numbers.OfLabel(Dimension::kTicketChannel, ticket.channel()));
  const int64_t response = ticket.has_first_response_seconds()
                               ? std::min(ticket.first_response_seconds(), kLongestSeconds) * kMillion
                               : kNoValue;
  const uint16_t open = ticket.has_close_time() ? kTicketClosed : kTicketOpen;
  entries->push_back(
      {EntryKind::kTicket, {.time = submitted, .value = response, .who = labels, .tag = priority, .mark = open}});
  if (ticket.has_resolve_time() || ticket.has_close_time()) {
    const Instant resolved = FromProto(ticket.has_resolve_time() ? ticket.resolve_time() : ticket.close_time());
    entries->push_back({EntryKind::kResolution,
                        {.time = resolved,
                         .value = ticket.has_contact_count() ? ticket.contact_count() : kNoValue,
                         .who = labels,
                         .tag = priority,
                         .mark = DaysUntilReopened(ticket, resolved)}});
  }
  Instant asked = submitted;
  if (ticket.has_close_time()) asked = FromProto(ticket.close_time());
  // Clients are asked once a ticket is closed.
  if (ticket.has_satisfaction()) {
    entries->push_back(
        {EntryKind::kCsat,
         {.time = asked, .value = (ticket.satisfaction() - 1) * kMillion / 4, .mark = kAskedAfterTicket}});
  }
}

void AddSurveyAnswer(const v1::SurveyAnswer& answer, Instant time, Numbers& numbers,
                     std::vector<KindedEntry>* entries) {
  const uint64_t who = DigestOf(answer.respondent());
  if (answer.kind() == v1::SURVEY_KIND_NPS) {
    entries->push_back({EntryKind::kNps, {.time = time, .value = InMillionths(answer.score()), .who = who}});
  }
  const double extent = answer.scale_max() - answer.scale_min();
  if (answer.kind() == v1::SURVEY_KIND_CSAT && extent > 0) {
    const int64_t part = InMillionths((answer.score() - answer.scale_min()) / extent);
    entries->push_back({EntryKind::kCsat, {.time = time, .value = part, .who = who, .mark = kAskedBySurvey}});
  }
  if (answer.kind() == v1::SURVEY_KIND_CES && extent > 0) {
    const Scale scale{answer.scale_min(), answer.scale_max(), answer.low_is_easy()};
    entries->push_back(
        {EntryKind::kCes,
         {.time = time, .value = InMillionths(answer.score()), .who = who, .mark = numbers.OfScale(scale)}});
  }
}

KindedEntry AmountOf(EntryKind kind, Instant time, const google::type::Money& amount, Numbers& numbers) {
  return {
      kind,
      {.time = time, .value = folio::FromProto(amount).value_or(0), .tag = numbers.OfCurrency(amount.currency_code())}};
}

// An entry for each day of [start, end), which sum to the amount.
void AddCost(const v1::Cost& cost, Instant booked, const TimeZone& zone, Numbers& numbers,
             std::vector<KindedEntry>* entries) {
  KindedEntry made = AmountOf(EntryKind::kCost, booked, cost.amount(), numbers);
  made.entry.mark = PackCost(cost.category(), cost.allocation());
  const uint16_t subcategory = numbers.OfLabel(Dimension::kCostSubcategory, cost.subcategory());
  const uint16_t campaign = numbers.OfLabel(Dimension::kCostCampaign, cost.campaign());
  const int64_t clients = std::min<int64_t>(cost.attributed_client_count(), UINT32_MAX);
  const Day start = FromProto(cost.start_date()).value_or(kNoDay);
  const Day end = FromProto(cost.end_date()).value_or(kNoDay);
  const int64_t days = start == kNoDay ? 1 : std::min<int64_t>(int64_t{end} - start, kCostDaysMax);
  const int64_t amount = made.entry.value;
  const auto part_of = [days](int64_t whole, int64_t so_far) {
    return static_cast<int64_t>(Int128{whole} * so_far / days);
  };
  for (int64_t day = 0; day < days; ++day) {
    if (start != kNoDay) made.entry.time = zone.StartOf(start + static_cast<Day>(day));
    made.entry.value = part_of(amount, day + 1) - part_of(amount, day);
    made.entry.who =
        PackLabels(subcategory, campaign, static_cast<uint32_t>(part_of(clients, day + 1) - part_of(clients, day)));
    entries->push_back(made);
  }
}

void AddPayment(const v1::Payment& payment, const TimeZone& zone, Numbers& numbers, std::vector<KindedEntry>* entries) {
  const Day paid = FromProto(payment.paid_date()).value_or(kNoDay);
  if (paid != kNoDay) entries->push_back(AmountOf(EntryKind::kPayment, zone.StartOf(paid), payment.amount(), numbers));
}

void AddOrder(const v1::Order& order, Instant time, Numbers& numbers, std::vector<KindedEntry>* entries) {
  entries->push_back(AmountOf(EntryKind::kOrder, time, order.amount(), numbers));
  entries->back().entry.mark = numbers.OfLabel(Dimension::kOrderChannel, order.channel());
}

void AddEngagement(const v1::Engagement& engagement, Instant time, Numbers& numbers,
                   std::vector<KindedEntry>* entries) {
  entries->push_back({EntryKind::kEngagement,
                      {.time = time,
                       .value = InMillionths(engagement.has_weight() ? engagement.weight() : 1),
                       .who = DigestOf(engagement.contact()),
                       .tag = numbers.OfLabel(Dimension::kEngagementType, engagement.type())}});
}

}  // namespace

void EntriesOf(const v1::Fact& fact, const TimeZone& zone, Numbers& numbers, std::vector<KindedEntry>* entries) {
  const Instant time = FromProto(fact.event_time());
  switch (fact.detail_case()) {
    case v1::Fact::kUsage:
      entries->push_back({EntryKind::kUsage,
                          {.time = time,
                           .value = fact.usage().count(),
                           .who = DigestOf(fact.usage().user()),
                           .tag = numbers.OfFeature(fact.usage().feature())}});
      return;
    case v1::Fact::kTicket:
      return AddTicket(fact.ticket(), time, numbers, entries);
    case v1::Fact::kSurveyAnswer:
      return AddSurveyAnswer(fact.survey_answer(), time, numbers, entries);
    case v1::Fact::kPayment:
      return AddPayment(fact.payment(), zone, numbers, entries);
    case v1::Fact::kOrder:
      return AddOrder(fact.order(), time, numbers, entries);
    case v1::Fact::kRefund:
      entries->push_back(AmountOf(EntryKind::kRefund, time, fact.refund().amount(), numbers));
      return;
    case v1::Fact::kCost:
      return AddCost(fact.cost(), time, zone, numbers, entries);
    case v1::Fact::kConversation:
      return AddResponses(fact.conversation(), numbers, entries);
    case v1::Fact::kEngagement:
      return AddEngagement(fact.engagement(), time, numbers, entries);
    default:
      return;
  }
}

std::span<const EntryKind> KindsOf(v1::Fact::DetailCase detail) {
  static constexpr std::array kUsage = {EntryKind::kUsage};
  static constexpr std::array kTicket = {EntryKind::kTicket, EntryKind::kCsat, EntryKind::kResolution};
  static constexpr std::array kSurvey = {EntryKind::kNps, EntryKind::kCsat, EntryKind::kCes};
  static constexpr std::array kPayment = {EntryKind::kPayment};
  static constexpr std::array kOrder = {EntryKind::kOrder};
  static constexpr std::array kRefund = {EntryKind::kRefund};
  static constexpr std::array kCost = {EntryKind::kCost};
  static constexpr std::array kConversation = {EntryKind::kResponse};
  static constexpr std::array kEngagement = {EntryKind::kEngagement};
  switch (detail) {
    case v1::Fact::kUsage:
      return kUsage;
    case v1::Fact::kTicket:
      return kTicket;
    case v1::Fact::kSurveyAnswer:
      return kSurvey;
    case v1::Fact::kPayment:
      return kPayment;
    case v1::Fact::kOrder:
      return kOrder;
    case v1::Fact::kRefund:
      return kRefund;
    case v1::Fact::kCost:
      return kCost;
    case v1::Fact::kConversation:
      return kConversation;
    case v1::Fact::kEngagement:
      return kEngagement;
    default:
      return {};
  }
}

}  // namespace folio::ledger
