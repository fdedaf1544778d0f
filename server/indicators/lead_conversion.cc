// lead_conversion_rate, lead_conversion_by_period: how many leads become clients.
#include "server/indicators/indicator.h"
#include "server/indicators/sales.h"

namespace folio::indicators {
namespace {

// A lead that becomes a client later does not count in its cohort.
constexpr int64_t kWindow = 90 * kMicrosPerDay;

struct Counts {
  int64_t converted = 0;
  int64_t leads = 0;
  int64_t waiting = 0;  // not converted, and the window is open

  void Merge(const Counts& other) {
    converted += other.converted;
    leads += other.leads;
    waiting += other.waiting;
  }
};

struct Cohort {
  static constexpr std::string_view kId = "lead_cohort";
  using Row = ledger::Lead;
  using Inputs = Now;

  void Add(const ledger::Lead& lead, const Period& period, const Now& now) {
    if (!IsIn(lead.entered, period)) return;
    Counts one{.leads = 1};
    if (lead.converted != kNoInstant && lead.converted - lead.entered <= kWindow) {
      one.converted = 1;
    } else if (lead.converted == kNoInstant && lead.entered + kWindow > now.instant) {
      one.waiting = 1;
    }
    all.Merge(one);
    // A stage that was entered again counts once.
    for (size_t i = 0; i < lead.stages.size(); ++i) {
      const uint16_t stage = lead.stages[i].stage;
      const auto is_it = [stage](const ledger::StageStep& step) { return step.stage == stage; };
      if (std::none_of(lead.stages.begin(), lead.stages.begin() + static_cast<ptrdiff_t>(i), is_it)) {
        by_stage[stage].Merge(one);
      }
    }
  }
  void Merge(const Cohort& other) {
    all.Merge(other.all);
    by_stage.Merge(other.by_stage);
  }
  int64_t bytes() const { return by_stage.bytes(); }

  Counts all;
  ByStage<Counts> by_stage;
};

Figure RateOf(const Counts& counts) {
  Figure figure = ShareOf(counts.converted, counts.leads, v1::ABSENCE_NO_DENOMINATOR);
  if (counts.waiting > 0) figure.absence = v1::ABSENCE_NOT_MATURE;
  return figure;
}

Figure CohortRate(const Cohort& sum, const Context& context) {
  Figure figure = RateOf(sum.all);
  figure.parts = {PartNumber(static_cast<double>(sum.all.waiting))};
  figure.stages = sum.by_stage.Figures(context.question, RateOf);
  return figure;
}

struct InPeriod {
  static constexpr std::string_view kId = "lead_conversions";
  using Row = ledger::Lead;
  using Inputs = NoInputs;

  void Add(const ledger::Lead& lead, const Period& period, const NoInputs&) {
    if (IsIn(lead.entered, period)) ++created;
    if (IsIn(lead.converted, period)) ++converted;
  }
  void Merge(const InPeriod& other) {
    created += other.created;
    converted += other.converted;
  }
  static int64_t bytes() { return 0; }

  int64_t created = 0;
  int64_t converted = 0;
};

Figure PeriodRate(const InPeriod& sum, const Context&) { return RatioToOthers(sum.converted, sum.created); }

Indicator Conversion(Indicator indicator) {
  indicator.formula = "{numerator} ÷ {denominator}";
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.inputs = {"leads"};
  return indicator;
}

const Registrar kRate(Conversion({
    .id = "lead_conversion_rate",
    .name = "Lead conversion",
    .name_fr = "Conversion des prospects",
    .description = "Leads that arrived in the period and became clients within 90 days ÷ leads that arrived in it; and "
                   "the same of those that reached each stage. Not mature while any may still convert in time.",
    .description_fr = "Prospects arrivés dans la période et devenus clients sous 90 jours ÷ prospects arrivés ; et de "
                      "même pour ceux qui ont atteint chaque étape. Non mûr tant que l'un peut encore convertir à "
                      "temps.",
    .interval = v1::INTERVAL_METHOD_WILSON,
    .parts = {{"waiting", "May still convert in time", "Peuvent encore convertir à temps"}},
    .method = std::make_shared<RecordsMethod<Cohort>>(CohortRate),
}));

const Registrar kByPeriod(Conversion({
    .id = "lead_conversion_by_period",
    .variant_of = "lead_conversion_rate",
    .name = "Lead conversion, by period",
    .name_fr = "Conversion des prospects, par période",
    .description = "Leads that became clients in the period ÷ leads that arrived in it, which may be others.",
    .description_fr = "Prospects devenus clients dans la période ÷ prospects arrivés, qui peuvent être d'autres.",
    .method = std::make_shared<RecordsMethod<InPeriod>>(PeriodRate),
}));

}  // namespace
}  // namespace folio::indicators
