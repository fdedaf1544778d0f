// What the names in formulas mean in a workspace: indicators of the catalogue, custom indicators, measures of accounts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "folio/v1/indicator.pb.h"
#include "server/formula/formula.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// A unit as formulas have it, and what its figures are multiplied with on the way in: durations come in days, whatever
// they are told in.
struct FormulaUnit {
  formula::Unit unit;
  double scale = 1;
};
FormulaUnit UnitInFormulas(v1::IndicatorUnit unit);
// The same for a measure's unit, by its name. Nothing for what is no quantity: a choice.
std::optional<FormulaUnit> UnitInFormulas(std::string_view measure_unit);

// The unit of a formula's result.
v1::IndicatorUnit UnitOfResult(const formula::Unit& unit);

// Units of custom indicators, by id.
using CustomUnits = std::function<std::optional<v1::IndicatorUnit>(std::string_view id)>;

class FormulaNames final : public formula::Catalogue {
 public:
  // `workspace` must outlive it. `custom` answers for ids that are not in the catalogue.
  FormulaNames(const portfolio::Workspace& workspace, CustomUnits custom);

  std::optional<formula::Unit> FindIndicator(std::string_view name) const override;
  std::optional<formula::Measure> FindMeasure(std::string_view name) const override;
  std::string NearestIndicator(std::string_view name) const override;  // of the catalogue
  std::string NearestMeasure(std::string_view name) const override;
  absl::Status CheckFilter(std::string_view filter) const override;

 private:
  const portfolio::Workspace& workspace_;
  const CustomUnits custom_;
};

}  // namespace folio::indicators
