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

  // None: its figure is no sum of facts.
  std::vector<Contribution> ContributionsTo(const Question&, uint32_t) const override { return {}; }

  std::vector<Input> InputsOf(const Question& question, uint32_t group) const override;

 private:
  // What a reference asks: the question at its time and of its accounts.
  template <typename Ask>
  absl::Status AskOf(const Question& question, const formula::Reference& reference, Ask ask) const;
  Figures FiguresOf(const Question& question, const formula::Reference& reference, const Indicator* indicator) const;
  // The inputs that a reference stands for: one, or those of another formula.
  std::vector<Input> InputsBehind(size_t reference, const Question& asked, uint32_t group) const;
  Figure Combined(const std::vector<const Figure*>& figures) const;
  PartValue PartOf(size_t reference, const formula::Value& value) const;

  const portfolio::Workspace& workspace_;
  const formula::Formula formula_;
  const std::vector<std::shared_ptr<const Indicator>> indicators_;
  std::vector<Indicator> measures_;  // what measures are told as, by reference
};

}  // namespace folio::indicators
