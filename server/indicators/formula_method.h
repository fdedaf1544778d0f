// Figures of formulas: each period and group from the figures that the formula names.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "server/formula/evaluate.h"
#include "server/formula/formula.h"
#include "server/indicators/indicator.h"
#include "server/indicators/method.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

class FormulaMethod final : public Method {
 public:
  // `indicators` are those of the formula's references, in their order; null for measures. `workspace` must outlive it.
  FormulaMethod(const portfolio::Workspace& workspace, formula::Formula formula,
                std::vector<std::shared_ptr<const Indicator>> indicators);

  // Each reference tells for itself whether it reads them.
  bool Reads(storage::Kind) const override { return true; }

  // Parts are the formula's references, where all have a value.
  Figures Compute(const Question& question) const override;

  // None: what it is made of are the indicators that it names.
  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override;

 private:
  Figures FiguresOf(const Question& question, const formula::Reference& reference, const Indicator* indicator) const;
  Figure Combined(const std::vector<const Figure*>& figures) const;
  PartValue PartOf(size_t reference, const formula::Value& value) const;

  const portfolio::Workspace& workspace_;
  const formula::Formula formula_;
  const std::vector<std::shared_ptr<const Indicator>> indicators_;
};

}  // namespace folio::indicators
