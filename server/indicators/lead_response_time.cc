// lead_response_time and its variants: how long leads wait for a person.
#include <algorithm>
#include <vector>

#include "server/indicators/indicator.h"
#include "server/indicators/sales.h"
#include "server/indicators/working_time.h"

namespace folio::indicators {
namespace {

constexpr int64_t kTarget = 24 * 3600 * kMicrosPerSecond;

// Leads that arrived in the period and that nobody has turned to.
struct Unanswered {
  int64_t count = 0;
  Instant oldest = INT64_MAX;  // arrival of the one that waits longest

  void Add(Instant entered) {
    ++count;
    oldest = std::min(oldest, entered);
  }
  void Merge(const Unanswered& other) {
    count += other.count;
    oldest = std::min(oldest, other.oldest);
  }
};

struct Responses {
  static constexpr std::string_view kId = "lead_responses";
  using Row = ledger::Lead;
  using Inputs = NoInputs;

  void Add(const ledger::Lead& lead, const Period& period, const NoInputs&) {
    if (!IsIn(lead.entered, period)) return;
    if (lead.contacted != kNoInstant) {
      times.push_back(lead.contacted - lead.entered);
    } else {
      unanswered.Add(lead.entered);
    }
  }
  void Merge(const Responses& other) {
    times.insert(times.end(), other.times.begin(), other.times.end());
    unanswered.Merge(other.unanswered);
  }
  int64_t bytes() const { return std::ssize(times) * 8; }

  std::vector<int64_t> times;
  Unanswered unanswered;
};

struct WorkedResponses {
  static constexpr std::string_view kId = "lead_responses_worked";
  using Row = ledger::Lead;
  using Inputs = WorkingTime;

  void Add(const ledger::Lead& lead, const Period& period, const WorkingTime& hours) {
    if (!IsIn(lead.entered, period)) return;
    if (lead.contacted != kNoInstant) {
      times.Add(hours.Between(lead.entered, lead.contacted));
    } else {
      unanswered.Add(lead.entered);
    }
  }
  void Merge(const WorkedResponses& other) {
    times.Merge(other.times);
    unanswered.Merge(other.unanswered);
  }
  static int64_t bytes() { return 0; }

  Tally times;
  Unanswered unanswered;
};

// Answers in time. A lead whose time has not run out, and that nobody has answered, is not decided.
struct InTime {
  static constexpr std::string_view kId = "lead_responses_in_time";
  using Row = ledger::Lead;
  using Inputs = Now;

  void Add(const ledger::Lead& lead, const Period& period, const Now& now) {
    if (!IsIn(lead.entered, period)) return;
    const bool answered = lead.contacted != kNoInstant;
    if (!answered) unanswered.Add(lead.entered);
    if (!answered && lead.entered + kTarget > now.instant) return;
    ++decided;
    if (answered && lead.contacted - lead.entered < kTarget) ++in_time;
  }
  void Merge(const InTime& other) {
    decided += other.decided;
    in_time += other.in_time;
    unanswered.Merge(other.unanswered);
  }
  static int64_t bytes() { return 0; }

  int64_t decided = 0;
  int64_t in_time = 0;
  Unanswered unanswered;
};

void AddUnanswered(const Unanswered& unanswered, const Context& context, Figure* figure) {
  const Instant now = std::max(NowIn(context.question), unanswered.oldest);
  const int64_t age = unanswered.count == 0 ? 0 : now - unanswered.oldest;
  figure->parts = {PartNumber(static_cast<double>(unanswered.count)),
                   PartNumber(static_cast<double>(age) / static_cast<double>(kMicrosPerSecond))};
}

Figure Mean(const Responses& sum, const Context& context) {
  Tally tally;
  for (const int64_t time : sum.times) tally.Add(time);
  Figure figure = MeanOf(tally);
  AddUnanswered(sum.unanswered, context, &figure);
  return figure;
}

Figure Quantile(const Responses& sum, const Context& context, double share) {
  std::vector<int64_t> sorted = sum.times;
  std::sort(sorted.begin(), sorted.end());
  Figure figure = QuantileOf(sorted, share);
  AddUnanswered(sum.unanswered, context, &figure);
  return figure;
}

Figure Median(const Responses& sum, const Context& context) { return Quantile(sum, context, 0.5); }
Figure P90(const Responses& sum, const Context& context) { return Quantile(sum, context, 0.9); }

Figure WorkedMean(const WorkedResponses& sum, const Context& context) {
  Figure figure = MeanOf(sum.times);
  AddUnanswered(sum.unanswered, context, &figure);
  return figure;
}

Figure ShareInTime(const InTime& sum, const Context& context) {
  Figure figure = ShareOf(sum.in_time, sum.decided, v1::ABSENCE_NO_DENOMINATOR);
  AddUnanswered(sum.unanswered, context, &figure);
  return figure;
}

Indicator Response(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  if (indicator.unit == v1::INDICATOR_UNIT_COUNT) {
    indicator.unit = v1::INDICATOR_UNIT_SECONDS;
    indicator.higher_is_better = false;
  }
  indicator.inputs.insert(indicator.inputs.begin(), "leads");
  indicator.parts = {{"unanswered", "Never answered", "Jamais contactés"},
                     {"oldest_unanswered", "How long the oldest of them has waited",
                      "Attente du plus ancien d'entre eux", v1::INDICATOR_UNIT_SECONDS}};
  return indicator;
}

const Registrar kMean(Response({
    .id = "lead_response_time",
    .name = "Lead response time",
    .name_fr = "Délai de réponse aux leads",
    .description = "Mean time from the arrival of a lead in the period to the first turn to it by a person.",
    .description_fr = "Temps moyen entre l'arrivée d'un prospect dans la période et le premier contact par une "
                      "personne.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = std::make_shared<RecordsMethod<Responses>>(Mean),
}));

const Registrar kMedian(Response({
    .id = "lead_response_time_median",
    .variant_of = "lead_response_time",
    .name = "Lead response time, median",
    .name_fr = "Délai de réponse aux leads, médiane",
    .description = "Half of the leads that arrived in the period and were answered waited less.",
    .description_fr = "La moitié des prospects arrivés dans la période et contactés ont moins attendu.",
    .formula = "median({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = std::make_shared<RecordsMethod<Responses>>(Median),
}));

const Registrar kP90(Response({
    .id = "lead_response_time_p90",
    .variant_of = "lead_response_time",
    .name = "Lead response time, 90th percentile",
    .name_fr = "Délai de réponse aux leads, 90e centile",
    .description = "Nine in ten of the leads that arrived in the period and were answered waited less.",
    .description_fr = "Neuf prospects sur dix, arrivés dans la période et contactés, ont moins attendu.",
    .formula = "p90({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = std::make_shared<RecordsMethod<Responses>>(P90),
}));

const Registrar kWorked(Response({
    .id = "lead_response_time_business_hours",
    .version = 2,
    .variant_of = "lead_response_time",
    .name = "Lead response time, business hours",
    .name_fr = "Délai de réponse aux leads, heures ouvrées",
    .description = "The same mean of business hours only, of the calendar of the settings.",
    .description_fr = "La même moyenne en heures ouvrées, du calendrier des réglages.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .inputs = {"businessCalendars"},
    .method = std::make_shared<RecordsMethod<WorkedResponses>>(WorkedMean),
}));

const Registrar kInTime(Response({
    .id = "lead_response_in_time",
    .variant_of = "lead_response_time",
    .name = "Leads answered within 24 hours",
    .name_fr = "Prospects contactés sous 24 heures",
    .description =
        "Leads that arrived in the period and were answered in less than 24 hours ÷ those that were answered "
        "or have waited as long.",
    .description_fr =
        "Prospects arrivés dans la période et contactés en moins de 24 heures ÷ ceux qui ont été contactés "
        "ou ont attendu autant.",
    .formula = "{numerator} ÷ {denominator}",
    .unit = v1::INDICATOR_UNIT_RATIO,
    .interval = v1::INTERVAL_METHOD_WILSON,
    .method = std::make_shared<RecordsMethod<InTime>>(ShareInTime),
}));

}  // namespace
}  // namespace folio::indicators
