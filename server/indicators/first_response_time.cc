#include <algorithm>

#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

constexpr double kMicrosInSecond = 1e6;

// Times to the first response of the tickets submitted in a period, and what waits.
struct Responses {
  static constexpr std::string_view kId = "first_responses";
  static constexpr std::array kKinds = {ledger::EntryKind::kTicket};

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    if (entry.value != ledger::kNoValue) {
      times.push_back(entry.value);
      tally.Add(entry.value);
    } else if (entry.mark == ledger::kTicketOpen) {
      ++unanswered;
      oldest = std::min(oldest, entry.time);
    }
  }
  void Merge(const Responses& other) {
    times.insert(times.end(), other.times.begin(), other.times.end());
    tally.Merge(other.tally);
    unanswered += other.unanswered;
    oldest = std::min(oldest, other.oldest);
  }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return std::ssize(times) * 8; }

  void Seal() { std::sort(times.begin(), times.end()); }

  std::vector<int64_t> times;  // sorted once it is sealed
  Tally tally;
  int64_t unanswered = 0;
  Instant oldest = INT64_MAX;  // submission of the one that waits longest
};

void AddWaiting(const Responses& sum, const EntriesContext& context, Figure* figure) {
  const Instant age = sum.unanswered == 0 ? 0 : context.period.read_end - sum.oldest;
  figure->parts = {PartNumber(static_cast<double>(sum.unanswered)),
                   PartNumber(static_cast<double>(age) / kMicrosInSecond)};
}

Figure Mean(const Responses& sum, const EntriesContext& context) {
  Figure figure = MeanOf(sum.tally);
  AddWaiting(sum, context, &figure);
  return figure;
}

Figure Quantile(const Responses& sum, const EntriesContext& context, double share) {
  Figure figure = QuantileOf(sum.times, share);
  AddWaiting(sum, context, &figure);
  return figure;
}

Figure Median(const Responses& sum, const EntriesContext& context) { return Quantile(sum, context, 0.5); }
Figure P90(const Responses& sum, const EntriesContext& context) { return Quantile(sum, context, 0.9); }

Indicator Told(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_PERCEPTION;
  indicator.unit = v1::INDICATOR_UNIT_SECONDS;
  indicator.higher_is_better = false;
  indicator.inputs = {"facts.ticket"};
  indicator.parts = {
      {"unanswered", "Open and without an answer", "Ouverts et sans réponse"},
      {"oldest_unanswered", "Age of the oldest of them", "Âge du plus ancien d'entre eux", v1::INDICATOR_UNIT_SECONDS}};
  return indicator;
}

const Registrar kMean(Told({
    .id = "first_response_time",
    .name = "First response time",
    .name_fr = "Délai de première réponse",
    .description = "Mean time from the submission of a ticket in the period to its first answer by an agent.",
    .description_fr = "Temps moyen entre le dépôt d'un ticket dans la période et la première réponse d'un agent.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = std::make_shared<EntriesMethod<Responses>>(Mean),
}));

const Registrar kMedian(Told({
    .id = "first_response_time_median",
    .variant_of = "first_response_time",
    .name = "First response time, median",
    .name_fr = "Délai de première réponse, médiane",
    .description = "Half of the tickets submitted in the period were answered in less.",
    .description_fr = "La moitié des tickets déposés dans la période ont reçu une réponse en moins de temps.",
    .formula = "median({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = std::make_shared<EntriesMethod<Responses>>(Median),
}));

const Registrar kP90(Told({
    .id = "first_response_time_p90",
    .variant_of = "first_response_time",
    .name = "First response time, 90th percentile",
    .name_fr = "Délai de première réponse, 90e centile",
    .description = "Nine in ten of the tickets submitted in the period were answered in less.",
    .description_fr = "Neuf tickets sur dix déposés dans la période ont reçu une réponse en moins de temps.",
    .formula = "p90({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = std::make_shared<EntriesMethod<Responses>>(P90),
}));

}  // namespace
}  // namespace folio::indicators
