#include "server/learning/sample.h"

#include <algorithm>
#include <cmath>

namespace folio::learning {

ClassCounts CountClasses(Outcomes outcomes, Clusters clusters) {
  ClassCounts counts;
  if (clusters.empty()) {
    counts.events = std::count(outcomes.begin(), outcomes.end(), 1);
    counts.non_events = static_cast<int64_t>(outcomes.size()) - counts.events;
    return counts;
  }
  enum : uint8_t { kAbsent, kWithout, kWith };
  std::vector<uint8_t> seen(static_cast<size_t>(*std::max_element(clusters.begin(), clusters.end())) + 1, kAbsent);
  for (size_t row = 0; row < outcomes.size(); ++row) {
    uint8_t& cluster = seen[clusters[row]];
    cluster = std::max<uint8_t>(cluster, outcomes[row] == 1 ? kWith : kWithout);
  }
  counts.events = std::count(seen.begin(), seen.end(), kWith);
  counts.non_events = std::count(seen.begin(), seen.end(), kWithout);
  return counts;
}

absl::Status CheckSample(const Sample& sample) {
  const size_t rows = sample.rows();
  if (sample.features.values.size() != rows * sample.features.columns) {
    return absl::InvalidArgumentError("the features are not one row for each outcome");
  }
  if (!sample.weights.empty() && sample.weights.size() != rows) {
    return absl::InvalidArgumentError("the weights are not one for each outcome");
  }
  if (std::ranges::any_of(sample.features.values, [](double value) { return !std::isfinite(value); })) {
    return absl::InvalidArgumentError("a feature is not finite");
  }
  if (std::ranges::any_of(sample.weights, [](double weight) { return !(std::isfinite(weight) && weight >= 0); })) {
    return absl::InvalidArgumentError("a weight is not finite and at least 0");
  }
  if (std::ranges::any_of(sample.outcomes, [](uint8_t outcome) { return outcome > 1; })) {
    return absl::InvalidArgumentError("an outcome is neither 0 nor 1");
  }
  if (!sample.clusters.empty() && sample.clusters.size() != rows) {
    return absl::InvalidArgumentError("the clusters are not one for each outcome");
  }
  if (std::ranges::any_of(sample.clusters, [&](int32_t cluster) { return cluster < 0 || size_t(cluster) >= rows; })) {
    return absl::InvalidArgumentError("a cluster is negative or not below the number of rows");
  }
  return absl::OkStatus();
}

SubSample::SubSample(const Sample& whole, std::span<const size_t> rows) : columns_(whole.features.columns) {
  values_.reserve(rows.size() * columns_);
  outcomes_.reserve(rows.size());
  for (const size_t row : rows) {
    const std::span<const double> values = whole.features.row(row);
    values_.insert(values_.end(), values.begin(), values.end());
    outcomes_.push_back(whole.outcomes[row]);
    if (!whole.weights.empty()) weights_.push_back(whole.weights[row]);
  }
  if (whole.clusters.empty()) return;
  std::vector<int32_t> number(whole.rows(), -1);
  int32_t next = 0;
  for (const size_t row : rows) {
    int32_t& cluster = number[whole.clusters[row]];
    if (cluster < 0) cluster = next++;
    clusters_.push_back(cluster);
  }
}

Sample SubSample::view() const {
  return {.features = {values_, columns_}, .outcomes = outcomes_, .weights = weights_, .clusters = clusters_};
}

}  // namespace folio::learning
