#include "server/proof/encoding.h"

#include <algorithm>
#include <cmath>

#include "server/measures/custom.h"

namespace folio::proof {
namespace {

using learning::Coefficient;
using statistics::Interval;

constexpr double kLowPart = 0.05;
constexpr double kHighPart = 0.95;
// What is learnt is told in so many parts: more digits would only be noise.
constexpr double kCreditParts = 1e6;

double Rounded(double value) { return std::round(value * kCreditParts) / kCreditParts; }

// The value below which that part of ascending values lies, between two of them in proportion.
double PercentileOf(const std::vector<double>& ascending, double part) {
  const double position = part * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, ascending.size() - 1);
  return ascending[below] + (position - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

Interval Mirrored(const Interval& interval) { return {.low = -interval.high, .high = -interval.low}; }

}  // namespace

int Encoding::Source::LevelOf(double value) const {
  if (measure->has_tiers()) {
    return static_cast<int>(std::upper_bound(numbers.begin(), numbers.end(), value) - numbers.begin());
  }
  const auto found = std::find(numbers.begin(), numbers.end(), value);
  return found == numbers.end() ? -1 : static_cast<int>(found - numbers.begin());
}

Encoding::Encoding(const v1::HealthModel& model, bool fit_kernels, bool is_loss, account::CustomFields& fields)
    : fit_kernels_(fit_kernels), is_loss_(is_loss) {
  for (const v1::HealthDimension& dimension : model.dimensions()) {
    for (const v1::HealthMeasure& measure : dimension.measures()) {
      Source& source = sources_.emplace_back(Source{.measure = &measure, .choices = {}, .numbers = {}});
      for (const v1::Tier& tier : measure.tiers().tiers()) source.numbers.push_back(tier.from());
      const auto definition = fields.Find(measures::CustomIdOf(measure.measure()));
      if (!measure.has_choices() || definition == nullptr) continue;
      for (const std::string& choice : definition->choices()) {
        source.choices.push_back(choice);
        source.numbers.push_back(fields.NumberOf(choice));
      }
    }
  }
}

// A policy that gives a credit says what a missing figure counts for; but only while kernels stay as they are.
bool Encoding::IsMissing(const Source& source, const Read& read) const {
  const v1::MissingPolicy policy = source.measure->missing();
  const bool stands_in = policy == v1::MISSING_POLICY_NEUTRAL || policy == v1::MISSING_POLICY_WORST;
  return read.missing && (fit_kernels_ || !stands_in);
}

void Encoding::AddColumns(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const {
  if (!fit_kernels_) return AddCredit(samples, measure, columns);
  return sources_[measure].has_levels() ? AddLevels(samples, measure, columns) : AddRamp(samples, measure, columns);
}

void Encoding::AddCredit(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const {
  std::optional<double> first;
  for (size_t row = 0; row < samples.rows(); ++row) {
    const Read& read = samples.read(row, measure);
    if (IsMissing(sources_[measure], read) || first == read.credit) continue;
    if (first.has_value()) {
      columns->push_back({.measure = measure, .kind = is_loss_ ? ColumnKind::kLack : ColumnKind::kCredit});
      return;
    }
    first = read.credit;
  }
}

void Encoding::AddLevels(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const {
  const Source& source = sources_[measure];
  std::vector<int64_t> counts(static_cast<size_t>(source.level_count()));
  for (size_t row = 0; row < samples.rows(); ++row) {
    const Read& read = samples.read(row, measure);
    const int level = read.missing ? -1 : source.LevelOf(read.value);
    if (level >= 0) ++counts[static_cast<size_t>(level)];
  }
  const auto reference = static_cast<int>(std::max_element(counts.begin(), counts.end()) - counts.begin());
  for (int level = 0; level < source.level_count(); ++level) {
    if (level == reference || counts[static_cast<size_t>(level)] == 0) continue;
    columns->push_back({.measure = measure, .kind = ColumnKind::kLevel, .level = level, .reference = reference});
  }
}

void Encoding::AddRamp(const Samples& samples, size_t measure, std::vector<FeatureColumn>* columns) const {
  std::vector<double> figures;
  for (size_t row = 0; row < samples.rows(); ++row) {
    if (!samples.read(row, measure).missing) figures.push_back(samples.read(row, measure).value);
  }
  if (figures.empty()) return;
  std::sort(figures.begin(), figures.end());
  double low = Rounded(PercentileOf(figures, kLowPart));
  double high = Rounded(PercentileOf(figures, kHighPart));
  if (low == high) {
    low = figures.front();
    high = figures.back();
  }
  if (low == high) return;
  columns->push_back({.measure = measure, .kind = ColumnKind::kRamp, .zero_at = low, .full_at = high});
}

double Encoding::FeatureOf(const FeatureColumn& column, const Read& read) const {
  switch (column.kind) {
    case ColumnKind::kLack:
      return 1 - read.credit;
    case ColumnKind::kCredit:
      return read.credit;
    case ColumnKind::kRamp:
      return std::clamp((read.value - column.zero_at) / (column.full_at - column.zero_at), 0.0, 1.0);
    case ColumnKind::kLevel:
      return sources_[column.measure].LevelOf(read.value) == column.level ? 1 : 0;
  }
  return 0;
}

void Encoding::FillColumn(const Samples& samples, size_t column, Encoded* encoded) const {
  const FeatureColumn& filled = encoded->columns[column];
  const size_t width = encoded->columns.size();
  const auto is_missing = [&](size_t row) {
    return IsMissing(sources_[filled.measure], samples.read(row, filled.measure));
  };
  double sum = 0;
  int64_t count = 0;
  for (size_t row = 0; row < samples.rows(); ++row) {
    if (is_missing(row)) continue;
    const double feature = FeatureOf(filled, samples.read(row, filled.measure));
    encoded->values[row * width + column] = feature;
    sum += feature;
    ++count;
  }
  const double mean = count == 0 ? 0 : sum / static_cast<double>(count);
  for (size_t row = 0; row < samples.rows(); ++row) {
    if (!is_missing(row)) continue;
    encoded->values[row * width + column] = mean;
    encoded->any_missing = true;
  }
}

Encoded Encoding::Encode(const Samples& samples) const {
  Encoded encoded;
  for (size_t measure = 0; measure < sources_.size(); ++measure) {
    AddColumns(samples, measure, &encoded.columns);
    int64_t known = 0;
    for (size_t row = 0; row < samples.rows(); ++row) known += samples.read(row, measure).missing ? 0 : 1;
    encoded.coverage.push_back(samples.rows() == 0 ? 0
                                                   : static_cast<double>(known) / static_cast<double>(samples.rows()));
  }
  encoded.values.resize(samples.rows() * encoded.columns.size());
  for (size_t column = 0; column < encoded.columns.size(); ++column) FillColumn(samples, column, &encoded);
  return encoded;
}

double Encoding::FavourOf(const Coefficient& coefficient) const {
  return is_loss_ ? -coefficient.estimate.value : coefficient.estimate.value;
}

void Encoding::DecodeRamp(const FeatureColumn& column, const Coefficient& coefficient, LearntMeasure* learnt) const {
  const double favour = FavourOf(coefficient);
  const bool turned = favour < 0;
  learnt->weight = std::abs(favour);
  learnt->base = turned ? favour : 0;
  learnt->interval = coefficient.estimate.interval;
  if (learnt->interval.has_value() && is_loss_ != turned) learnt->interval = Mirrored(*learnt->interval);
  v1::RampKernel* ramp = learnt->content.mutable_ramp();
  ramp->set_zero_at(turned ? column.full_at : column.zero_at);
  ramp->set_full_at(turned ? column.zero_at : column.full_at);
}

void Encoding::DecodeLevels(const std::vector<size_t>& columns, const Encoded& encoded,
                            const learning::LogisticFit& fit, LearntMeasure* learnt) const {
  // The reference is at 0, and exact.
  statistics::Interval range;
  double low_error = 0;
  double high_error = 0;
  for (const size_t column : columns) {
    const double favour = FavourOf(fit.coefficients[column]);
    const double error = fit.coefficients[column].estimate.standard_error.value_or(0);
    if (favour < range.low) low_error = error;
    if (favour > range.high) high_error = error;
    range = {.low = std::min(range.low, favour), .high = std::max(range.high, favour)};
  }
  if (!(range.high > range.low)) return;
  learnt->weight = range.high - range.low;
  learnt->base = range.low;
  const double reach = statistics::NormalQuantile(statistics::kLevel) * (low_error + high_error);
  learnt->interval = Interval{.low = learnt->weight - reach, .high = learnt->weight + reach};
  const auto credit_of = [&](double favour) { return Rounded((favour - range.low) / learnt->weight); };
  std::vector<std::optional<double>> credits(static_cast<size_t>(sources_[learnt->measure].level_count()));
  credits[static_cast<size_t>(encoded.columns[columns.front()].reference)] = credit_of(0);
  for (const size_t column : columns) {
    credits[static_cast<size_t>(encoded.columns[column].level)] = credit_of(FavourOf(fit.coefficients[column]));
  }
  SetCredits(credits, credit_of(0), learnt);
}

void Encoding::SetCredits(const std::vector<std::optional<double>>& credits, double reference,
                          LearntMeasure* learnt) const {
  const Source& source = sources_[learnt->measure];
  if (source.measure->has_tiers()) {
    v1::TiersKernel* tiers = learnt->content.mutable_tiers();
    tiers->set_below(credits[0].value_or(reference));
    for (int i = 0; i < tiers->tiers_size(); ++i) {
      tiers->mutable_tiers(i)->set_credit(credits[static_cast<size_t>(i) + 1].value_or(reference));
    }
    return;
  }
  v1::ChoicesKernel* choices = learnt->content.mutable_choices();
  choices->Clear();
  choices->set_other(reference);
  for (size_t level = 0; level < credits.size(); ++level) {
    if (!credits[level].has_value()) continue;
    v1::ChoiceCredit* choice = choices->add_choices();
    choice->set_choice(source.choices[level]);
    choice->set_credit(*credits[level]);
  }
}

std::vector<LearntMeasure> Encoding::Decode(const Encoded& encoded, const learning::LogisticFit& fit) const {
  std::vector<LearntMeasure> learnt;
  for (size_t measure = 0; measure < sources_.size(); ++measure) {
    LearntMeasure& one = learnt.emplace_back();
    one.measure = measure;
    one.content = *sources_[measure].measure;
    std::vector<size_t> columns;
    for (size_t column = 0; column < encoded.columns.size(); ++column) {
      if (encoded.columns[column].measure == measure) columns.push_back(column);
    }
    if (columns.empty()) continue;
    const FeatureColumn& first = encoded.columns[columns.front()];
    const Coefficient& coefficient = fit.coefficients[columns.front()];
    if (first.kind == ColumnKind::kLevel) {
      DecodeLevels(columns, encoded, fit, &one);
    } else if (first.kind == ColumnKind::kRamp) {
      DecodeRamp(first, coefficient, &one);
    } else {
      one.weight = coefficient.estimate.value;
      one.base = first.kind == ColumnKind::kLack ? -one.weight : 0;
      one.interval = coefficient.estimate.interval;
    }
  }
  return learnt;
}

}  // namespace folio::proof
