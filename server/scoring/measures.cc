#include "server/scoring/measures.h"

#include <algorithm>
#include <vector>

#include "server/scoring/measure_families.h"

namespace folio::scoring {
namespace {

std::vector<Measure> Collect() {
  std::vector<Measure> all;
  for (const auto family : {UsageMeasures(), EngagementMeasures(), SatisfactionMeasures(), HistoryMeasures()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  std::sort(all.begin(), all.end(), [](const Measure& a, const Measure& b) { return a.name < b.name; });
  return all;
}

}  // namespace

std::span<const Measure> AllMeasures() {
  static const std::vector<Measure>* const all = new std::vector<Measure>(Collect());
  return *all;
}

const Measure* FindMeasure(std::string_view name) {
  const std::span<const Measure> all = AllMeasures();
  const auto found =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const Measure& measure, std::string_view wanted) { return measure.name < wanted; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

}  // namespace folio::scoring
