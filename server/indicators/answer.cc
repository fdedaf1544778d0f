#include "server/indicators/answer.h"

#include <cmath>
#include <string>

#include "server/ledger/dimension.h"
#include "server/statistics/difference.h"

namespace folio::indicators {
namespace {

std::string Text(std::string_view text) { return std::string(text); }

template <typename Message>
void SetValue(const Indicator& indicator, const Asked& asked, const Figure& figure, Message* message) {
  if (!figure.has_value()) return;
  if (IsMoney(indicator.unit)) {
    *message->mutable_money() = ToProtoMoney(figure.micros, asked.workspace().portfolio().currency());
  } else {
    message->set_number(figure.number);
  }
}

double SizeOf(const Indicator& indicator, const Figure& figure) {
  return IsMoney(indicator.unit) ? UnitsOf(figure.micros) : figure.number;
}

void FillInterval(const statistics::Interval& interval, v1::IntervalMethod method, v1::ConfidenceInterval* message) {
  message->set_low(interval.low);
  message->set_high(interval.high);
  message->set_level(statistics::kLevel);
  message->set_method(method);
}

}  // namespace

void FillFault(const absl::Status& status, error::Locale locale, v1::IndicatorFault* fault) {
  fault->set_reason(error::ReasonOf(status));
  fault->set_message(error::Localize(status, locale));
  for (const error::Fault& found : error::FaultsOf(status)) {
    for (const auto& [name, value] : found.details) (*fault->mutable_details())[name] = value;
  }
}

void FillDefinition(const Indicator& indicator, error::Locale locale, v1::IndicatorDefinition* definition) {
  const bool french = locale == error::Locale::kFrench;
  definition->set_id(Text(indicator.id));
  definition->set_version(indicator.version);
  definition->set_display_name(Text(french ? indicator.name_fr : indicator.name));
  definition->set_description(Text(french ? indicator.description_fr : indicator.description));
  definition->set_category(indicator.category);
  definition->set_unit(indicator.unit);
  definition->set_higher_is_better(indicator.higher_is_better);
  definition->set_north_star(indicator.north_star);
  definition->set_variant_of(Text(indicator.variant_of));
  definition->set_formula(Text(indicator.formula));
  definition->set_timing(indicator.timing);
  definition->set_interval_method(indicator.interval);
  definition->set_additive(indicator.additive);
  for (const std::string_view input : indicator.inputs) definition->add_inputs(Text(input));
  for (const ledger::Dimension dimension : indicator.dimensions) definition->add_dimensions(Text(IdOf(dimension)));
  for (const Part& part : indicator.parts) {
    v1::IndicatorPartDefinition& told = *definition->add_parts();
    told.set_id(Text(part.id));
    told.set_display_name(Text(french ? part.name_fr : part.name));
    told.set_unit(part.unit);
  }
}

void FillValue(const Indicator& indicator, const Asked& asked, const Period& period, uint32_t group,
               const Figure& figure, error::Locale locale, v1::IndicatorValue* value) {
  const std::string& currency = asked.workspace().portfolio().currency();
  value->set_indicator(Text(indicator.id));
  value->set_version(indicator.version);
  FillPeriod(period, value->mutable_period());
  SetValue(indicator, asked, figure, value);
  if (figure.fault.ok()) {
    value->set_absence(figure.absence);
  } else {
    FillFault(figure.fault, locale, value->mutable_fault());
  }
  value->set_numerator(figure.numerator);
  value->set_denominator(figure.denominator);
  value->set_sample_size(figure.sample_size);
  value->set_unit(indicator.unit);
  if (IsMoney(indicator.unit)) value->set_currency_code(currency);
  value->set_higher_is_better(indicator.higher_is_better);
  if (figure.has_value() && figure.interval.has_value()) {
    FillInterval(*figure.interval, indicator.interval, value->mutable_interval());
  }
  for (size_t i = 0; i < figure.parts.size(); ++i) {
    v1::IndicatorPart& part = *value->add_parts();
    part.set_id(Text(indicator.parts[i].id));
    if (IsMoney(indicator.parts[i].unit)) {
      *part.mutable_money() = ToProtoMoney(figure.parts[i].micros, currency);
    } else {
      part.set_number(figure.parts[i].number);
    }
  }
  for (const StageFigure& told : figure.stages) {
    v1::IndicatorStage& stage = *value->add_stages();
    stage.set_stage(told.stage);
    stage.set_absence(told.figure.absence);
    if (told.figure.has_value()) stage.set_number(told.figure.number);
    stage.set_numerator(told.figure.numerator);
    stage.set_denominator(told.figure.denominator);
  }
  for (const std::string& name : asked.groups()[group]) value->add_groups(name);
  value->set_filter(asked.query().filter());
  value->set_as_of_revision(asked.revision());
}

void FillComparison(const Indicator& indicator, const Asked& asked, const Figure& figure, const Period& other_period,
                    const Figure& other, v1::IndicatorComparison* comparison) {
  FillPeriod(other_period, comparison->mutable_period());
  SetValue(indicator, asked, other, comparison);
  comparison->set_absence(other.absence);
  if (!figure.has_value() || !other.has_value()) {
    comparison->mutable_relative_change()->set_absence(v1::ABSENCE_NO_DATA);
    return;
  }
  const double before = SizeOf(indicator, other);
  const double change = SizeOf(indicator, figure) - before;
  comparison->set_change(change);
  if (before == 0) {
    comparison->mutable_relative_change()->set_absence(v1::ABSENCE_NO_DENOMINATOR);
  } else {
    comparison->mutable_relative_change()->set_value(change / std::abs(before));
  }
  if (!figure.interval.has_value() || !other.interval.has_value()) return;
  const statistics::Difference difference = statistics::Compare(
      {.value = before + change, .interval = *figure.interval}, {.value = before, .interval = *other.interval});
  comparison->set_significant(difference.significant());
  FillInterval(difference.interval, v1::INTERVAL_METHOD_DIFFERENCE, comparison->mutable_change_interval());
}

}  // namespace folio::indicators
