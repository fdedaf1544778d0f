#include "server/learning/folds.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include "server/base/error.h"
#include "server/learning/events.h"

namespace folio::learning {
namespace {

std::vector<size_t> RowsWhere(const std::vector<int32_t>& of_row, int32_t fold, bool within) {
  std::vector<size_t> rows;
  for (size_t row = 0; row < of_row.size(); ++row) {
    if ((of_row[row] == fold) == within) rows.push_back(row);
  }
  return rows;
}

// Fisher and Yates. std::shuffle and the standard distributions differ between libraries; the generator does not. The
// remainder's bias is below size / 2^64.
void Shuffle(std::vector<int32_t>& items, std::mt19937_64& random) {
  for (size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[random() % left]);
}

}  // namespace

std::vector<size_t> Folds::HeldOut(int32_t fold) const { return RowsWhere(of_row, fold, true); }

std::vector<size_t> Folds::Training(int32_t fold) const { return RowsWhere(of_row, fold, false); }

absl::StatusOr<Folds> DealFolds(Outcomes outcomes, Clusters clusters, int32_t count, uint64_t seed) {
  if (count < 2) {
    return error::InvalidField("folds", "FIELD_OUT_OF_RANGE", {{"value", std::to_string(count)}, {"minimum", "2"}});
  }
  const ClassCounts found = CountClasses(outcomes, clusters);
  if (std::min(found.events, found.non_events) < count) return TooFewOutcomes(found, count);

  const auto cluster_of = [&](size_t row) { return clusters.empty() ? static_cast<int32_t>(row) : clusters[row]; };
  std::vector<uint8_t> has_event;
  for (size_t row = 0; row < outcomes.size(); ++row) {
    const auto cluster = static_cast<size_t>(cluster_of(row));
    if (has_event.size() <= cluster) has_event.resize(cluster + 1);
    has_event[cluster] |= outcomes[row];
  }
  std::vector<int32_t> strata[2];
  for (size_t cluster = 0; cluster < has_event.size(); ++cluster) {
    strata[has_event[cluster]].push_back(static_cast<int32_t>(cluster));
  }
  std::mt19937_64 random(seed);
  std::vector<int32_t> fold_of_cluster(has_event.size());
  // Dealing goes on from one stratum to the next where it stopped, so that folds are of one size, too.
  int32_t turn = 0;
  for (std::vector<int32_t>& stratum : strata) {
    Shuffle(stratum, random);
    for (const int32_t cluster : stratum) fold_of_cluster[cluster] = turn++ % count;
  }
  Folds folds{.count = count};
  for (size_t row = 0; row < outcomes.size(); ++row) folds.of_row.push_back(fold_of_cluster[cluster_of(row)]);
  return folds;
}

}  // namespace folio::learning
