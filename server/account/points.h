// Reading the points of a view: which lie in a window, and what they add up to.
#pragma once

#include <cstdint>
#include <span>

#include "server/account/view.h"

namespace folio::account {

// The order of points: by kind, then by day, so that a window of one kind is one run of the timeline, found by binary
// search. Within a day by what they tell, and only then by fact: sums of the same points come out the same to the last
// bit, in whatever order the facts arrived and got their keys.
bool Precedes(const Point& a, const Point& b);

// Points of a kind on the days [first, last], none after view.today.
std::span<const Point> PointsBetween(const View& view, PointKind kind, Day first, Day last);

// Points of a kind on the last `days` days, today included.
std::span<const Point> PointsInLast(const View& view, PointKind kind, int days);

// All points of a kind up to and including today.
std::span<const Point> PointsSoFar(const View& view, PointKind kind);

// What some points add up to.
struct Tally {
  double sum = 0;
  int64_t facts = 0;
};
Tally TallyOf(std::span<const Point> points);

// Whether a point of usage is a use of a named feature: neither a plain login nor a record that there was none.
inline bool IsFeatureUse(const Point& point) { return point.tag != 0 && point.value > 0; }

// Days on which the product was used, from points of usage in their order.
int64_t ActiveDays(std::span<const Point> usage);

// How many different features were used, and how many different users there were. Callable from any thread.
int64_t DistinctFeatures(std::span<const Point> usage);
int64_t DistinctUsers(std::span<const Point> users);

// Usage in the last `days` days and in as many days before.
struct UsageComparison {
  Tally now;
  Tally before;
  // Usage is known to reach back over both windows: a comparison is not just an account that has begun.
  bool covers_both = false;

  // 0.25 is +25 %. Only where before.sum is not 0.
  double change() const { return (now.sum - before.sum) / before.sum; }
};
UsageComparison CompareUsage(const View& view, int days);

}  // namespace folio::account
