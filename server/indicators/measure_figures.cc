#include "server/indicators/measure_figures.h"

#include <algorithm>

#include "server/indicators/accounts_method.h"
#include "server/indicators/formula_names.h"
#include "server/measures/custom.h"
#include "server/measures/measure.h"
#include "server/statistics/quantile.h"

namespace folio::indicators {
namespace {

using formula::Aggregate;
using formula::Comparator;
using formula::Reference;

bool Meets(const std::optional<formula::Condition>& condition, double value) {
  if (!condition) return true;
  switch (condition->comparator) {
    case Comparator::kLess:
      return value < condition->threshold;
    case Comparator::kLessEqual:
      return value <= condition->threshold;
    case Comparator::kEqual:
      return value == condition->threshold;
    case Comparator::kGreaterEqual:
      return value >= condition->threshold;
    default:
      return value > condition->threshold;
  }
}

// Reads the measure of a reference.
class Reader {
 public:
  Reader(const Question& question, const Reference& reference)
      : measure_(measures::FindMeasure(reference.name)), window_days_(reference.window_days) {
    if (const auto id = measures::CustomIdOf(reference.name); !id.empty()) {
      field_ = question.portfolio.custom_fields().NumberOf(id);
    } else if (measure_ != nullptr) {
      scale_ = UnitInFormulas(measure_->unit)->scale;
      if (window_days_ == 0) window_days_ = measure_->default_window_days;
    }
  }

  double scale() const { return scale_; }
  measures::Reading Read(const account::View& view) const {
    return measure_ == nullptr ? measures::ReadCustom(view, field_) : measure_->read(view, window_days_);
  }

 private:
  const measures::Measure* measure_;
  int window_days_;
  uint32_t field_ = 0;
  double scale_ = 1;
};

Figure Ended(const Reference& reference, double scale, std::vector<double> values) {
  const auto count = std::ssize(values);
  const auto hits = std::ranges::count_if(values, [&](double value) { return Meets(reference.condition, value); });
  double sum = 0;
  for (const double value : values) sum += value;
  const bool counts = reference.aggregate == Aggregate::kCount || reference.aggregate == Aggregate::kShare;
  Figure figure{.numerator = counts ? static_cast<double>(hits) : scale * sum,
                .denominator = static_cast<double>(count),
                .sample_size = count};
  if (reference.aggregate == Aggregate::kCount) {
    figure.number = static_cast<double>(hits);
    return figure;
  }
  if (count == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  switch (reference.aggregate) {
    case Aggregate::kShare:
      figure.number = static_cast<double>(hits) / static_cast<double>(count);
      break;
    case Aggregate::kMedian:
      std::ranges::sort(values);
      figure.number = scale * *statistics::Quantile(values, 0.5);
      break;
    default:
      figure.number = scale * (reference.aggregate == Aggregate::kSum ? sum : sum / static_cast<double>(count));
  }
  return figure;
}

// Shows what accounts measure at the end of a period, those that have the figure: `visit(account, groups, value)`.
template <typename Visitor>
void VisitValues(const Question& question, const Reader& reader, const Period& period, Visitor visit) {
  for (int64_t account = 0; account <= question.scope.last_account(); ++account) {
    const std::span<const uint32_t> groups = question.scope.Of(account);
    const ledger::AccountBlock* block = groups.empty() ? nullptr : BlockOf(question.state, account);
    if (block == nullptr) continue;
    const measures::Reading reading = reader.Read(block->ViewOf(account, period.last_day));
    if (!reading.missing()) visit(account, groups, reading.value);
  }
}

}  // namespace

std::vector<Contribution> MeasureContributions(const Question& question, const Reference& reference, uint32_t group) {
  const Reader reader(question, reference);
  std::vector<Contribution> contributions;
  VisitValues(question, reader, question.periods.front(),
              [&](int64_t account, std::span<const uint32_t> groups, double value) {
                if (std::ranges::find(groups, group) == groups.end()) return;
                contributions.push_back({.account = account, .figure = Ended(reference, reader.scale(), {value})});
              });
  return contributions;
}

Figures MeasureFigures(const Question& question, const Reference& reference) {
  const Reader reader(question, reference);
  Figures figures;
  for (const Period& period : question.periods) {
    std::vector<std::vector<double>> values(question.scope.group_count());
    VisitValues(question, reader, period, [&](int64_t, std::span<const uint32_t> groups, double value) {
      for (const uint32_t group : groups) values[group].push_back(value);
    });
    std::vector<Figure>& row = figures.emplace_back();
    for (std::vector<double>& of_group : values) row.push_back(Ended(reference, reader.scale(), std::move(of_group)));
  }
  return figures;
}

}  // namespace folio::indicators
