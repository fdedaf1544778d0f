// lead_qualification_rate, lead_qualification_by_period: how many leads are worth a salesperson's time.
#include "server/indicators/indicator.h"
#include "server/indicators/sales.h"

namespace folio::indicators {
namespace {

// A client was worth it, whatever nobody wrote down.
bool IsQualified(const ledger::Lead& lead) {
  if (lead.qualification == v1::LEAD_QUALIFICATION_UNSPECIFIED) return lead.converted != kNoInstant;
  return lead.qualification == v1::LEAD_QUALIFICATION_QUALIFIED;
}

Instant DecidedAt(const ledger::Lead& lead) { return lead.qualified != kNoInstant ? lead.qualified : lead.converted; }

struct Qualified {
  static constexpr std::string_view kId = "lead_qualification";
  using Row = ledger::Lead;
  using Inputs = NoInputs;

  void Add(const ledger::Lead& lead, const Period& period, const NoInputs&) {
    if (IsQualified(lead) && IsIn(DecidedAt(lead), period)) ++qualified_in_period;
    if (!IsIn(lead.entered, period)) return;
    ++created;
    if (IsQualified(lead)) {
      ++qualified;
    } else if (lead.qualification == v1::LEAD_QUALIFICATION_DISQUALIFIED) {
      ++disqualified;
    }
  }
  void Merge(const Qualified& other) {
    created += other.created;
    qualified += other.qualified;
    disqualified += other.disqualified;
    qualified_in_period += other.qualified_in_period;
  }
  static int64_t bytes() { return 0; }

  // Of the leads that arrived in the period.
  int64_t created = 0;
  int64_t qualified = 0;
  int64_t disqualified = 0;
  int64_t qualified_in_period = 0;  // whenever they arrived
};

Figure CohortRate(const Qualified& sum, const Context&) {
  Figure figure = ShareOf(sum.qualified, sum.created, v1::ABSENCE_NO_DENOMINATOR);
  figure.parts = {PartNumber(static_cast<double>(sum.created - sum.qualified - sum.disqualified)),
                  PartNumber(static_cast<double>(sum.disqualified))};
  return figure;
}

Figure PeriodRate(const Qualified& sum, const Context&) { return RatioToOthers(sum.qualified_in_period, sum.created); }

Indicator Qualification(Indicator indicator) {
  indicator.formula = "{numerator} ÷ {denominator}";
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.inputs = {"leads"};
  return indicator;
}

const Registrar kRate(Qualification({
    .id = "lead_qualification_rate",
    .name = "Lead qualification",
    .name_fr = "Qualification des prospects",
    .description = "Leads that arrived in the period and were found qualified ÷ leads that arrived in it. A lead that "
                   "became a client counts as qualified where nobody has decided.",
    .description_fr = "Prospects arrivés dans la période et jugés qualifiés ÷ prospects arrivés. Un prospect devenu "
                      "client compte comme qualifié si personne n'en a décidé.",
    .interval = v1::INTERVAL_METHOD_WILSON,
    .parts = {{"pending", "Nobody has decided", "Sans décision"},
              {"disqualified", "Found not worth it", "Disqualifiés"}},
    .method = std::make_shared<RecordsMethod<Qualified>>(CohortRate),
}));

const Registrar kByPeriod(Qualification({
    .id = "lead_qualification_by_period",
    .variant_of = "lead_qualification_rate",
    .name = "Lead qualification, by period",
    .name_fr = "Qualification des prospects, par période",
    .description = "Leads found qualified in the period ÷ leads that arrived in it, which may be others.",
    .description_fr = "Prospects jugés qualifiés dans la période ÷ prospects arrivés, qui peuvent être d'autres.",
    .method = std::make_shared<RecordsMethod<Qualified>>(PeriodRate),
}));

}  // namespace
}  // namespace folio::indicators
