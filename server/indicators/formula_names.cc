#include "server/indicators/formula_names.h"

#include <utility>
#include <vector>

#include "server/base/nearest.h"
#include "server/indicators/indicator.h"
#include "server/measures/custom.h"
#include "server/measures/measure.h"
#include "server/portfolio/queries.h"

namespace folio::indicators {
namespace {

namespace units = formula::units;

constexpr double kDaysOfMonth = 365.25 / 12;

}  // namespace

FormulaUnit UnitInFormulas(v1::IndicatorUnit unit) {
  switch (unit) {
    case v1::INDICATOR_UNIT_MONEY:
      return {units::kMoney};
    case v1::INDICATOR_UNIT_MONEY_PER_DAY:
      return {{.money = 1, .duration = -1}};
    case v1::INDICATOR_UNIT_RATIO:
      return {units::kRatio};
    case v1::INDICATOR_UNIT_COUNT:
      return {units::kCount};
    case v1::INDICATOR_UNIT_SECONDS:
      return {units::kDuration, 1.0 / (24 * 3600)};
    case v1::INDICATOR_UNIT_DAYS:
      return {units::kDuration};
    case v1::INDICATOR_UNIT_MONTHS:
      return {units::kDuration, kDaysOfMonth};
    case v1::INDICATOR_UNIT_SCALE_1_TO_7:
      return {units::kScale};
    default:
      return {units::kPoints};
  }
}

std::optional<FormulaUnit> UnitInFormulas(std::string_view measure_unit) {
  if (measure_unit == "money") return FormulaUnit{units::kMoney};
  if (measure_unit == "ratio" || measure_unit == "flag") return FormulaUnit{units::kRatio};
  if (measure_unit == "count" || measure_unit == "number") return FormulaUnit{units::kCount};
  if (measure_unit == "points") return FormulaUnit{units::kPoints};
  if (measure_unit == "hours") return FormulaUnit{units::kDuration, 1.0 / 24};
  if (measure_unit == "days") return FormulaUnit{units::kDuration};
  if (measure_unit == "months") return FormulaUnit{units::kDuration, kDaysOfMonth};
  return std::nullopt;
}

v1::IndicatorUnit UnitOfResult(const formula::Unit& unit) {
  if (unit.is_plain()) {
    return unit.plain == formula::Unit::Plain::kCount ? v1::INDICATOR_UNIT_COUNT : v1::INDICATOR_UNIT_RATIO;
  }
  if (unit.money == 1) return unit.duration == 0 ? v1::INDICATOR_UNIT_MONEY : v1::INDICATOR_UNIT_MONEY_PER_DAY;
  if (unit.scale == 1) return v1::INDICATOR_UNIT_SCALE_1_TO_7;
  return unit.duration == 1 ? v1::INDICATOR_UNIT_DAYS : v1::INDICATOR_UNIT_POINTS;
}

FormulaNames::FormulaNames(const portfolio::Workspace& workspace, CustomUnits custom)
    : workspace_(workspace), custom_(std::move(custom)) {}

std::optional<formula::Unit> FormulaNames::FindIndicator(std::string_view name) const {
  if (const Indicator* indicator = indicators::FindIndicator(name)) return UnitInFormulas(indicator->unit).unit;
  const std::optional<v1::IndicatorUnit> custom = custom_(name);
  return custom ? std::optional(UnitInFormulas(*custom).unit) : std::nullopt;
}

std::optional<formula::Measure> FormulaNames::FindMeasure(std::string_view name) const {
  if (const std::string_view id = measures::CustomIdOf(name); !id.empty()) {
    const auto field = workspace_.portfolio().custom_fields().Find(id);
    const auto unit = field == nullptr ? std::nullopt : UnitInFormulas(measures::UnitOf(field->type()));
    return unit ? std::optional(formula::Measure{.unit = unit->unit}) : std::nullopt;
  }
  const measures::Measure* measure = measures::FindMeasure(name);
  const auto unit = measure == nullptr ? std::nullopt : UnitInFormulas(measure->unit);
  if (!unit) return std::nullopt;
  return formula::Measure{.unit = unit->unit, .has_window = measure->default_window_days > 0};
}

std::string FormulaNames::NearestIndicator(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const Indicator& indicator : AllIndicators()) names.push_back(indicator.id);
  return NearestName(name, names);
}

std::string FormulaNames::NearestMeasure(std::string_view name) const { return measures::NearestMeasure(name); }

absl::Status FormulaNames::CheckFilter(std::string_view filter) const {
  return portfolio::AccountFilter(workspace_, *workspace_.portfolio().snapshot(), std::string(filter)).status();
}

}  // namespace folio::indicators
