#include "server/indicators/lifetime_model.h"

#include <algorithm>
#include <cmath>

#include "server/indicators/margin.h"

namespace folio::indicators {
namespace {

constexpr int kDefaultHorizonDays = 1095;
constexpr double kDefaultDiscount = 0.1;

struct Sum {
  int64_t accounts = 0;
  double value = 0;
  double count = 0;
  double alive = 0;

  void Add(const Expected& expected) {
    ++accounts;
    value += expected.value;
    count += expected.count;
    alive += expected.alive;
  }
};

Micros MicrosOf(double units) {
  constexpr double kMost = 9e18;
  return static_cast<Micros>(std::llround(std::clamp(units * static_cast<double>(kMicrosPerUnit), -kMost, kMost)));
}

Figure Mean(const Sum& sum, const LifetimeModel& model, const Margin& margin) {
  const auto accounts = static_cast<double>(sum.accounts);
  Figure figure{.numerator = sum.value * margin.share,
                .denominator = accounts,
                .sample_size = sum.accounts,
                .fault = model.fault.ok() ? margin.fault : model.fault};
  if (!model.fault.ok()) return figure;
  if (sum.accounts == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  figure.micros = MicrosOf(figure.numerator / accounts);
  figure.parts = {PartNumber(margin.share), PartNumber(sum.count / accounts), PartNumber(sum.alive / accounts)};
  for (const lifetime::Fit& fit : model.fits) {
    for (const lifetime::Parameter& parameter : fit.parameters) {
      figure.parts.push_back(PartNumber(parameter.value));
      figure.parts.push_back(PartNumber(parameter.standard_error));
    }
    figure.parts.push_back(PartNumber(fit.log_likelihood));
  }
  if (model.hold_out_error.has_value()) figure.parts.push_back(PartNumber(*model.hold_out_error));
  return figure;
}

}  // namespace

Figures LifetimeMethod::Compute(const Question& question) const {
  const auto margins = MarginsOf(question);
  Figures figures;
  for (size_t p = 0; p < question.periods.size(); ++p) {
    const std::shared_ptr<const LifetimeModel> model = fitter_(question, question.periods[p]);
    std::vector<Sum> sums(question.scope.group_count());
    for (const Expected& expected : model->accounts) {
      for (const uint32_t group : question.scope.Of(expected.account)) sums[group].Add(expected);
    }
    std::vector<Figure>& row = figures.emplace_back();
    for (size_t g = 0; g < sums.size(); ++g) row.push_back(Mean(sums[g], *model, margins[p][g]));
  }
  return figures;
}

std::vector<Contribution> LifetimeMethod::ContributionsTo(const Question& question, uint32_t group) const {
  const Margin margin = MarginsOf(question).front()[group];
  std::vector<Contribution> contributions;
  const std::shared_ptr<const LifetimeModel> model = fitter_(question, question.periods.front());
  for (const Expected& expected : model->accounts) {
    const std::span<const uint32_t> groups = question.scope.Of(expected.account);
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) continue;
    contributions.push_back(
        {.account = expected.account, .figure = {.numerator = expected.value * margin.share, .denominator = 1}});
  }
  return contributions;
}

int HorizonDaysOf(const Question& question) {
  const int days = question.settings.lifetime_horizon_days();
  return days == 0 ? kDefaultHorizonDays : days;
}

double YearlyDiscountOf(const Question& question) {
  return question.settings.has_lifetime_discount_rate() ? question.settings.lifetime_discount_rate() : kDefaultDiscount;
}

double DiscountOver(const Question& question, double years) {
  return std::pow(1 + YearlyDiscountOf(question), years) - 1;
}

}  // namespace folio::indicators
