#include <algorithm>
#include <vector>

#include "server/base/nearest.h"
#include "server/measures/families.h"
#include "server/measures/measure.h"

namespace folio::measures {
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

std::string NearestMeasure(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Measure& measure : AllMeasures()) names.push_back(measure.name);
  return NearestName(name, names);
}

}  // namespace folio::measures
