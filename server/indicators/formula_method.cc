#include "server/indicators/formula_method.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "server/base/error.h"
#include "server/indicators/formula_names.h"
#include "server/indicators/measure_figures.h"

namespace folio::indicators {
namespace {

// Beyond what an amount can hold it stays at the limit.
Micros MicrosOf(double units) {
  constexpr double kMost = 9e18;
  return static_cast<Micros>(std::llround(std::clamp(units * static_cast<double>(kMicrosPerUnit), -kMost, kMost)));
}

// A figure as formulas see it.
formula::Value ValueOf(const Figure& figure, const Indicator* indicator) {
  if (!figure.has_value()) {
    const bool known = figure.absence != v1::ABSENCE_UNSPECIFIED;
    return {.absence = known ? figure.absence : v1::ABSENCE_NO_DATA};
  }
  if (indicator == nullptr) return {.number = figure.number};
  if (IsMoney(indicator->unit)) return {.number = UnitsOf(figure.micros)};
  return {.number = figure.number * UnitInFormulas(indicator->unit).scale};
}

// What a reference comes to in a scope. Measures are of accounts, whatever leads or deals the question is about.
Figures Told(const Question& question, const formula::Reference& reference, const Indicator* indicator) {
  if (indicator != nullptr) return FiguresOf(*indicator->method, question);
  if (question.records == nullptr) return MeasureFigures(question, reference);
  const std::string& collection = engine::FindResource(question.records->kind)->schema.collection();
  return Faulty(question, error::Precondition("RECORDS_NOT_READ", {{"collection", collection}}));
}

v1::ComparisonBase BaseOf(formula::Shift shift) {
  return shift == formula::Shift::kPrevious ? v1::COMPARISON_BASE_PREVIOUS_PERIOD : v1::COMPARISON_BASE_YEAR_BEFORE;
}

}  // namespace

FormulaMethod::FormulaMethod(const portfolio::Workspace& workspace, formula::Formula formula,
                             std::vector<std::shared_ptr<const Indicator>> indicators)
    : workspace_(workspace), formula_(std::move(formula)), indicators_(std::move(indicators)) {
  for (const formula::Reference& reference : formula_.references) {
    measures_.push_back({.id = reference.text,
                         .name = reference.text,
                         .name_fr = reference.text,
                         .unit = UnitOfResult(reference.unit),
                         .timing = v1::INDICATOR_TIMING_END});
  }
}

Figures FormulaMethod::Compute(const Question& question) const {
  std::vector<Figures> of_references;
  for (size_t i = 0; i < formula_.references.size(); ++i) {
    of_references.push_back(FiguresOf(question, formula_.references[i], indicators_[i].get()));
  }
  Figures figures;
  for (size_t period = 0; period < question.periods.size(); ++period) {
    std::vector<Figure>& row = figures.emplace_back();
    for (uint32_t group = 0; group < question.group_count(); ++group) {
      std::vector<const Figure*> parts;
      for (const Figures& of_reference : of_references) parts.push_back(&of_reference[period][group]);
      row.push_back(Combined(parts));
    }
  }
  return figures;
}

std::vector<Input> FormulaMethod::InputsOf(const Question& question, uint32_t group) const {
  std::vector<Input> inputs;
  for (size_t i = 0; i < formula_.references.size(); ++i) {
    const absl::Status status = AskOf(question, formula_.references[i], [&](const Question& asked) {
      for (Input& input : InputsBehind(i, asked, group)) inputs.push_back(std::move(input));
    });
    if (status.ok()) continue;
    const Indicator* told = indicators_[i] == nullptr ? &measures_[i] : indicators_[i].get();
    inputs.push_back({formula_.references[i].text, told, question.periods.front(), {.fault = status}, {}});
  }
  return inputs;
}

std::vector<Input> FormulaMethod::InputsBehind(size_t reference, const Question& asked, uint32_t group) const {
  const formula::Reference& named = formula_.references[reference];
  const Indicator* indicator = indicators_[reference].get();
  if (indicator != nullptr) {
    std::vector<Input> inner = indicator->method->InputsOf(asked, group);
    for (Input& input : inner) input.name = named.text + " > " + input.name;
    if (!inner.empty()) return inner;
  }
  Input input{.name = named.text,
              .indicator = indicator == nullptr ? &measures_[reference] : indicator,
              .period = asked.periods.front(),
              .figure = Told(asked, named, indicator).front()[group]};
  if (input.figure.fault.ok()) {
    input.contributions = indicator == nullptr ? MeasureContributions(asked, named, group)
                                               : indicator->method->ContributionsTo(asked, group);
  }
  if (indicator == nullptr && IsMoney(input.indicator->unit)) input.figure.micros = MicrosOf(input.figure.number);
  return {std::move(input)};
}

Figures FormulaMethod::FiguresOf(const Question& question, const formula::Reference& reference,
                                 const Indicator* indicator) const {
  Figures figures;
  const absl::Status status =
      AskOf(question, reference, [&](const Question& asked) { figures = Told(asked, reference, indicator); });
  return status.ok() ? figures : Faulty(question, status);
}

template <typename Ask>
absl::Status FormulaMethod::AskOf(const Question& question, const formula::Reference& reference, Ask ask) const {
  std::vector<Period> periods(question.periods.begin(), question.periods.end());
  if (reference.shift != formula::Shift::kNone) {
    for (Period& period : periods) {
      period = ComparedWith(period, BaseOf(reference.shift), question.grain, false, question.calendar);
    }
  }
  Question asked = question;
  asked.periods = periods;
  if (reference.filter.empty()) {
    ask(asked);
    return absl::OkStatus();
  }
  const auto filter = FilterOf(workspace_, question.rows, reference.filter);
  if (!filter.ok()) return filter.status();
  const Scope scope = question.scope.Within(question.rows, *filter);
  const Question within{.workspace = asked.workspace,
                        .settings = asked.settings,
                        .state = asked.state,
                        .memos = asked.memos,
                        .portfolio = asked.portfolio,
                        .rows = asked.rows,
                        .scope = scope,
                        .periods = asked.periods,
                        .grain = asked.grain,
                        .calendar = asked.calendar,
                        .in_the_past = asked.in_the_past,
                        .records = asked.records};
  ask(within);
  return absl::OkStatus();
}

Figure FormulaMethod::Combined(const std::vector<const Figure*>& figures) const {
  Figure combined;
  bool mature = true;
  for (const Figure* figure : figures) {
    if (!figure->fault.ok()) return {.fault = figure->fault};
    combined.sample_size = std::max(combined.sample_size, figure->sample_size);
    if (figure->absence == v1::ABSENCE_NOT_MATURE) mature = false;
  }
  size_t next = 0;
  const formula::Evaluation evaluation = formula::Evaluate(formula_, [&](const formula::Reference&) {
    const size_t i = next++;
    return ValueOf(*figures[i], indicators_[i].get());
  });
  combined.absence = evaluation.value.absence;
  if (combined.absence == v1::ABSENCE_UNSPECIFIED && !mature) combined.absence = v1::ABSENCE_NOT_MATURE;
  combined.number = evaluation.value.number;
  combined.micros = IsMoney(UnitOfResult(formula_.unit())) ? MicrosOf(evaluation.value.number) : 0;
  combined.numerator = evaluation.numerator.value_or(0);
  combined.denominator = evaluation.denominator.value_or(0);
  if (std::ranges::any_of(evaluation.references, &formula::Value::missing)) return combined;
  for (size_t i = 0; i < evaluation.references.size(); ++i) {
    combined.parts.push_back(PartOf(i, evaluation.references[i]));
  }
  return combined;
}

PartValue FormulaMethod::PartOf(size_t reference, const formula::Value& value) const {
  if (IsMoney(UnitOfResult(formula_.references[reference].unit))) return {.micros = MicrosOf(value.number)};
  return {.number = value.number};
}

}  // namespace folio::indicators
