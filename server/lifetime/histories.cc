#include "server/lifetime/histories.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "fmt/format.h"
#include "server/base/error.h"
#include "server/base/text.h"

namespace folio::lifetime {
namespace {

struct Hash {
  size_t operator()(const History& history) const { return absl::HashOf(history.repeats, history.last, history.age); }
};

bool IsSound(const History& history) {
  return history.repeats >= 0 && std::isfinite(history.age) && history.last <= history.age &&
         (history.repeats == 0 ? history.last == 0 : history.last > 0);
}

using Counted = std::pair<History, int64_t>;

std::vector<Counted> CountEqual(std::span<const History> histories) {
  absl::flat_hash_map<History, int64_t, Hash> counts;
  for (const History& history : histories) ++counts[history];
  std::vector<Counted> sorted(counts.begin(), counts.end());
  std::ranges::sort(sorted, {}, [](const Counted& counted) {
    return std::tuple(counted.first.repeats, counted.first.age, counted.first.last);
  });
  return sorted;
}

std::vector<double> TimesOf(const std::vector<Counted>& counted) {
  std::vector<double> times;
  for (const auto& [history, customers] : counted) {
    times.push_back(history.last);
    times.push_back(history.age);
  }
  std::ranges::sort(times);
  const auto repeated = std::ranges::unique(times);
  times.erase(repeated.begin(), repeated.end());
  return times;
}

}  // namespace

absl::Status CheckRepeaters(int64_t customers, int64_t repeaters) {
  if (repeaters >= kRepeatersMin) return absl::OkStatus();
  return error::Precondition("PURCHASES_TOO_FEW", {{"customers", fmt::format("{}", customers)},
                                                   {"repeaters", fmt::format("{}", repeaters)},
                                                   {"needed", fmt::format("{}", kRepeatersMin)}});
}

absl::StatusOr<GroupedHistories> GroupHistories(std::span<const History> histories) {
  if (histories.empty()) return absl::InvalidArgumentError("there is no customer");
  if (const auto fault = std::ranges::find_if_not(histories, IsSound); fault != histories.end()) {
    return absl::InvalidArgumentError(
        ToAbsl(fmt::format("the history of customer {} contradicts itself", fault - histories.begin())));
  }
  const std::vector<Counted> counted = CountEqual(histories);
  GroupedHistories grouped{.times = TimesOf(counted), .customers = static_cast<int64_t>(histories.size())};
  const auto index_of = [&](double time) {
    return static_cast<uint32_t>(std::ranges::lower_bound(grouped.times, time) - grouped.times.begin());
  };
  for (const auto& [history, customers] : counted) {
    const auto weight = static_cast<double>(customers);
    if (grouped.counts.empty() || grouped.counts.back().repeats != history.repeats) {
      grouped.counts.push_back({.repeats = history.repeats});
    }
    grouped.counts.back().customers += weight;
    grouped.groups.push_back(
        {static_cast<uint32_t>(grouped.counts.size() - 1), index_of(history.last), index_of(history.age), weight});
    if (history.repeats > 0) grouped.repeaters += customers;
    grouped.mean_age += history.age * weight / static_cast<double>(grouped.customers);
  }
  return grouped;
}

}  // namespace folio::lifetime
