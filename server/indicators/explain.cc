// How a value comes about, in words and numbers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "server/indicators/answer.h"
#include "server/indicators/compute.h"
#include "server/indicators/lookup.h"

namespace folio::indicators {
namespace {

// Writes numbers as readers of a language do.
class Writer {
 public:
  Writer(error::Locale locale, std::string currency)
      : french_(locale == error::Locale::kFrench), currency_(std::move(currency)) {}

  bool french() const { return french_; }

  // Up to six decimals, none that is zero at the end.
  std::string Number(double number) const {
    std::string text = fmt::format("{:.6f}", number);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    if (text == "-0") text = "0";
    if (french_) std::replace(text.begin(), text.end(), '.', ',');
    return text;
  }
  std::string Amount(Micros micros) const {
    std::string text = FormatMicros(micros);
    if (french_) std::replace(text.begin(), text.end(), '.', ',');
    return text + " " + currency_;
  }
  // A figure in its unit.
  std::string Figure(v1::IndicatorUnit unit, Micros micros, double number) const {
    switch (unit) {
      case v1::INDICATOR_UNIT_MONEY:
        return Amount(micros);
      case v1::INDICATOR_UNIT_MONEY_PER_DAY:
        return Amount(micros) + (french_ ? " par jour" : " a day");
      case v1::INDICATOR_UNIT_RATIO:
        return Number(100 * number) + " %";
      case v1::INDICATOR_UNIT_SECONDS:
        return Number(number) + " s";
      case v1::INDICATOR_UNIT_DAYS:
        return Number(number) + (french_ ? " jours" : " days");
      case v1::INDICATOR_UNIT_MONTHS:
        return Number(number) + (french_ ? " mois" : " months");
      default:
        return Number(number);
    }
  }
  // An end of an interval, in units.
  std::string End(v1::IndicatorUnit unit, double number) const {
    return Figure(unit, static_cast<Micros>(std::llround(number * static_cast<double>(kMicrosPerUnit))), number);
  }

 private:
  const bool french_;
  const std::string currency_;
};

// What a name of a formula stands for.
std::string NumberOf(const Indicator& indicator, const Figure& figure, std::string_view name, const Writer& writer) {
  if (name == "n") return writer.Number(static_cast<double>(figure.sample_size));
  if (name == "numerator") {
    return IsMoney(indicator.unit) && indicator.additive ? writer.Amount(figure.micros)
                                                         : writer.Number(figure.numerator);
  }
  if (name == "denominator") return writer.Number(figure.denominator);
  for (size_t i = 0; i < indicator.parts.size() && i < figure.parts.size(); ++i) {
    if (indicator.parts[i].id == name) {
      return writer.Figure(indicator.parts[i].unit, figure.parts[i].micros, figure.parts[i].number);
    }
  }
  return std::string(name);
}

std::string WithNumbers(const Indicator& indicator, const Figure& figure, const Writer& writer) {
  std::string text;
  std::string_view rest = indicator.formula;
  while (true) {
    const size_t open = rest.find('{');
    text += rest.substr(0, open);
    if (open == std::string_view::npos) return text;
    const size_t close = rest.find('}', open);
    text += NumberOf(indicator, figure, rest.substr(open + 1, close - open - 1), writer);
    rest.remove_prefix(close + 1);
  }
}

std::string AbsenceIn(v1::Absence absence, bool french) {
  switch (absence) {
    case v1::ABSENCE_NO_DENOMINATOR:
      return french ? "Il n'y a pas de valeur : rien par quoi diviser." : "There is no value: nothing to divide by.";
    case v1::ABSENCE_TOO_YOUNG:
      return french ? "Il n'y a pas de valeur : l'historique est trop court."
                    : "There is no value: the history is too short.";
    case v1::ABSENCE_NOT_MATURE:
      return french ? "La valeur n'est pas définitive : le délai d'observation court encore."
                    : "The value is not final: the time of observation has not passed.";
    default:
      return french ? "Il n'y a pas de valeur : rien n'a été enregistré." : "There is no value: nothing was recorded.";
  }
}

void AddNotes(const Indicator& indicator, const Figure& figure, const Period& period, const Writer& writer,
              v1::ExplainIndicatorResponse* response) {
  const bool french = writer.french();
  if (figure.absence != v1::ABSENCE_UNSPECIFIED) response->add_notes(AbsenceIn(figure.absence, french));
  if (period.partial) {
    response->add_notes(fmt::format(fmt::runtime(french ? "La période n'est pas finie : {} jours sur {}."
                                                        : "The period is not over: {} days of {}."),
                                    period.elapsed_days(), period.days()));
  }
  if (figure.has_value() && figure.interval.has_value()) {
    response->add_notes(fmt::format(fmt::runtime(french ? "Intervalle à 95 % : de {} à {}, sur {} observations."
                                                        : "95 % interval: {} to {}, from {} observations."),
                                    writer.End(indicator.unit, figure.interval->low),
                                    writer.End(indicator.unit, figure.interval->high), figure.sample_size));
  }
  for (const StageFigure& stage : figure.stages) {
    if (!stage.figure.has_value()) continue;
    response->add_notes(fmt::format(fmt::runtime(french ? "Étape {} : {}, sur {}." : "Stage {}: {}, from {}."),
                                    stage.stage, writer.Figure(indicator.unit, 0, stage.figure.number),
                                    writer.Number(stage.figure.denominator)));
  }
  for (size_t i = 0; i < figure.parts.size(); ++i) {
    const Part& part = indicator.parts[i];
    if (indicator.formula.find(fmt::format("{{{}}}", part.id)) != std::string_view::npos) continue;
    response->add_notes(fmt::format(fmt::runtime(french ? "{} : {}." : "{}: {}."), french ? part.name_fr : part.name,
                                    writer.Figure(part.unit, figure.parts[i].micros, figure.parts[i].number)));
  }
}

}  // namespace

absl::Status Explain(const portfolio::Workspace& workspace, const v1::ExplainIndicatorRequest& request,
                     error::Locale locale, v1::ExplainIndicatorResponse* response) {
  const auto found = Lookup(workspace, request.indicator(), "indicator");
  if (!found.ok()) return found.status();
  const Indicator& indicator = **found;
  auto asked = Asked::From(workspace, request.query());
  if (!asked.ok()) return asked.status();
  asked->KeepLastPeriod();
  if (auto status = asked->CheckDimension(indicator); !status.ok()) return status;
  const auto group = asked->GroupNumber(request.groups());
  if (!group.ok()) return group.status();
  const Figures figures = FiguresOf(*indicator.method, asked->question());
  const Figure& figure = figures.front()[*group];
  const Period& period = asked->periods().front();
  const Writer writer(locale, workspace.portfolio().currency());
  FillDefinition(indicator, locale, response->mutable_definition());
  FillValue(indicator, *asked, period, *group, figure, locale, response->mutable_value());
  const std::vector<Period> compared = asked->ComparedPeriods();
  if (!compared.empty()) {
    const Figures others = FiguresOf(*indicator.method, asked->QuestionOf(compared));
    FillComparison(indicator, *asked, figure, compared.front(), others.front()[*group],
                   response->mutable_value()->mutable_comparison());
  }
  std::string formula = WithNumbers(indicator, figure, writer);
  if (figure.has_value()) formula += " = " + writer.Figure(indicator.unit, figure.micros, figure.number);
  response->set_formula(formula);
  AddNotes(indicator, figure, period, writer, response);
  return absl::OkStatus();
}

}  // namespace folio::indicators
