#include "server/account/points.h"

#include <algorithm>
#include <tuple>
#include <vector>

namespace folio::account {
namespace {

struct KindAndDay {
  PointKind kind;
  Day day;
};

// The run of a kind on the days [first, last], wherever `today` is.
std::span<const Point> Run(std::span<const Point> points, PointKind kind, Day first, Day last) {
  const auto begin = std::lower_bound(points.begin(), points.end(), KindAndDay{kind, first},
                                      [](const Point& point, const KindAndDay& wanted) {
                                        return std::tie(point.kind, point.day) < std::tie(wanted.kind, wanted.day);
                                      });
  const auto end =
      std::upper_bound(begin, points.end(), KindAndDay{kind, last}, [](const KindAndDay& wanted, const Point& point) {
        return std::tie(wanted.kind, wanted.day) < std::tie(point.kind, point.day);
      });
  return {begin, end};
}

// Kept by each thread, so that scoring does not allocate.
std::vector<double>& Scratch() {
  static thread_local std::vector<double> values;
  values.clear();
  return values;
}

int64_t CountDistinct(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return std::unique(values.begin(), values.end()) - values.begin();
}

}  // namespace

bool Precedes(const Point& a, const Point& b) {
  return std::tie(a.kind, a.day, a.tag, a.value, a.fact) < std::tie(b.kind, b.day, b.tag, b.value, b.fact);
}

std::span<const Point> PointsBetween(const View& view, PointKind kind, Day first, Day last) {
  const Day end = std::min(last, view.today);
  if (first > end) return {};
  return Run(view.points, kind, first, end);
}

std::span<const Point> PointsInLast(const View& view, PointKind kind, int days) {
  return PointsBetween(view, kind, view.today - days + 1, view.today);
}

std::span<const Point> PointsSoFar(const View& view, PointKind kind) {
  return PointsBetween(view, kind, kNoDay, view.today);
}

Tally TallyOf(std::span<const Point> points) {
  Tally tally;
  for (const Point& point : points) tally.sum += point.value;
  tally.facts = static_cast<int64_t>(points.size());
  return tally;
}

int64_t ActiveDays(std::span<const Point> usage) {
  int64_t days = 0;
  Day last = kNoDay;
  for (const Point& point : usage) {
    if (point.value <= 0 || point.day == last) continue;
    last = point.day;
    ++days;
  }
  return days;
}

int64_t DistinctFeatures(std::span<const Point> usage) {
  std::vector<double>& features = Scratch();
  for (const Point& point : usage) {
    if (IsFeatureUse(point)) features.push_back(point.tag);
  }
  return CountDistinct(features);
}

int64_t DistinctUsers(std::span<const Point> users) {
  std::vector<double>& numbers = Scratch();
  for (const Point& point : users) numbers.push_back(point.value);
  return CountDistinct(numbers);
}

UsageComparison CompareUsage(const View& view, int days) {
  const Day middle = view.today - days;
  const Day first = middle - days + 1;
  UsageComparison comparison;
  comparison.now = TallyOf(PointsBetween(view, PointKind::kUsage, middle + 1, view.today));
  comparison.before = TallyOf(PointsBetween(view, PointKind::kUsage, first, middle));
  const std::span<const Point> all = PointsSoFar(view, PointKind::kUsage);
  comparison.covers_both = !all.empty() && all.front().day <= first;
  return comparison;
}

}  // namespace folio::account
