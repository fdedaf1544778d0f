#include "server/ledger/entry.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace folio::ledger {
namespace {

constexpr size_t kLastNumber = std::numeric_limits<uint16_t>::max();
// Ten years: no response that was meant takes longer.
constexpr int64_t kLongestSeconds = 10LL * 366 * 24 * 3600;

uint64_t DigestOf(std::string_view text) { return text.empty() ? 0 : XXH3_64bits(text.data(), text.size()); }

int64_t InMillionths(double value) { return std::llround(value * static_cast<double>(kMillion)); }

void AddTicket(const v1::Ticket& ticket, Instant submitted, std::vector<KindedEntry>* entries) {
  const auto priority = static_cast<uint16_t>(ticket.priority());
  const int64_t response = ticket.has_first_response_seconds()
                               ? std::min(ticket.first_response_seconds(), kLongestSeconds) * kMillion
                               : kNoValue;
  const uint16_t open = ticket.has_close_time() ? kTicketClosed : kTicketOpen;
  entries->push_back({EntryKind::kTicket, {.time = submitted, .value = response, .tag = priority, .mark = open}});
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

}  // namespace

uint16_t Numbers::OfFeature(std::string_view name) {
  if (name.empty()) return 0;
  const auto known = features_.find(name);
  if (known != features_.end()) return known->second;
  const auto number = static_cast<uint16_t>(std::min(features_.size() + 1, kLastNumber));
  features_.emplace(std::string(name), number);
  return number;
}

uint16_t Numbers::OfStage(std::string_view name) {
  const auto known = stage_numbers_.find(name);
  if (known != stage_numbers_.end()) return known->second;
  if (stages_.size() == kLastNumber) return kLastNumber - 1;
  stage_numbers_.emplace(std::string(name), static_cast<uint16_t>(stages_.size()));
  stages_.emplace_back(name);
  return static_cast<uint16_t>(stages_.size() - 1);
}

uint16_t Numbers::OfScale(const Scale& scale) {
  const auto known = std::find(scales_.begin(), scales_.end(), scale);
  const auto number = static_cast<size_t>(known - scales_.begin());
  if (known == scales_.end() && number < kLastNumber) scales_.push_back(scale);
  return static_cast<uint16_t>(std::min(number, kLastNumber - 1));
}

void EntriesOf(const v1::Fact& fact, Numbers& numbers, std::vector<KindedEntry>* entries) {
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
      return AddTicket(fact.ticket(), time, entries);
    case v1::Fact::kSurveyAnswer:
      return AddSurveyAnswer(fact.survey_answer(), time, numbers, entries);
    default:
      return;
  }
}

std::span<const EntryKind> KindsOf(v1::Fact::DetailCase detail) {
  static constexpr std::array kUsage = {EntryKind::kUsage};
  static constexpr std::array kTicket = {EntryKind::kTicket, EntryKind::kCsat};
  static constexpr std::array kSurvey = {EntryKind::kNps, EntryKind::kCsat, EntryKind::kCes};
  switch (detail) {
    case v1::Fact::kUsage:
      return kUsage;
    case v1::Fact::kTicket:
      return kTicket;
    case v1::Fact::kSurveyAnswer:
      return kSurvey;
    default:
      return {};
  }
}

}  // namespace folio::ledger
