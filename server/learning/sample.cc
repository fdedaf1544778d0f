#include "server/learning/sample.h"

#include <algorithm>

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

SubSample::SubSample(const Sample& whole, std::span<const size_t> rows) : columns_(whole.features.columns) {
  values_.reserve(rows.size() * columns_);
  for (const size_t row : rows) {
    const std::span<const double> values = whole.features.row(row);
    values_.insert(values_.end(), values.begin(), values.end());
    outcomes_.push_back(whole.outcomes[row]);
    if (!whole.weights.empty()) weights_.push_back(whole.weights[row]);
    if (!whole.clusters.empty()) clusters_.push_back(whole.clusters[row]);
  }
}

Sample SubSample::view() const {
  return {.features = {values_, columns_}, .outcomes = outcomes_, .weights = weights_, .clusters = clusters_};
}

}  // namespace folio::learning
