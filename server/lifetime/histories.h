// What models of purchases read of customers, and customers with the same history counted together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace folio::lifetime {

// One customer, seen from the first purchase to the end of observation. Times in any one unit; the rates of a fitted
// model are per that unit. Purchases of one day are one.
struct History {
  int64_t repeats = 0;  // purchases after the first
  double last = 0;      // time from the first purchase to the last; 0 without repeats, above 0 with any
  double age = 0;       // time from the first purchase to the end of observation; at least `last`

  bool operator==(const History&) const = default;
};

// Customers who bought again, below which no model of purchases is fitted: ten for each of four parameters, and some.
inline constexpr int64_t kRepeatersMin = 50;

// PURCHASES_TOO_FEW with these numbers where there are fewer repeaters than that.
absl::Status CheckRepeaters(int64_t customers, int64_t repeaters);

// Likelihoods are sums over customers, and customers with the same history add the same: a million customers with days
// for times have some hundred thousand histories. What only depends on a count or a time is worked out once for each.
struct GroupedHistories {
  struct Group {
    uint32_t count = 0;  // index of `counts`
    uint32_t last = 0;   // index of `times`
    uint32_t age = 0;    // index of `times`
    double customers = 0;
  };
  struct Count {
    int64_t repeats = 0;
    double customers = 0;
  };

  std::vector<Group> groups;  // by repeats, age and last: the order of customers does not matter
  std::vector<Count> counts;  // ascending
  std::vector<double> times;  // ascending
  int64_t customers = 0;
  int64_t repeaters = 0;
  double mean_age = 0;
};

// INVALID_ARGUMENT without details: no customer, or a history that is not as above.
absl::StatusOr<GroupedHistories> GroupHistories(std::span<const History> histories);

}  // namespace folio::lifetime
