#include "server/account/timeline.h"

#include <algorithm>
#include <limits>

#include "server/account/points.h"

namespace folio::account {

uint16_t FeatureNames::NumberOf(std::string_view name) {
  if (name.empty()) return 0;
  constexpr size_t kLast = std::numeric_limits<uint16_t>::max();
  const auto known = numbers_.find(std::string(name));
  if (known != numbers_.end()) return known->second;
  if (names_.size() > kLast) return static_cast<uint16_t>(kLast);
  const auto number = static_cast<uint16_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(name, number);
  return number;
}

std::string_view FeatureNames::NameOf(uint16_t number) const {
  return number < names_.size() ? std::string_view(names_[number]) : std::string_view();
}

Day Timeline::Put(int64_t fact, std::span<const Point> points) {
  Day first = std::numeric_limits<Day>::max();
  if (fact <= newest_) {
    for (const Point& point : points_) {
      if (point.fact == fact) first = std::min(first, point.day);
    }
    Remove(fact);
  }
  newest_ = std::max(newest_, fact);
  for (const Point& point : points) {
    first = std::min(first, point.day);
    points_.insert(std::upper_bound(points_.begin(), points_.end(), point, Precedes), point);
  }
  return first;
}

void Timeline::Remove(int64_t fact) {
  std::erase_if(points_, [fact](const Point& point) { return point.fact == fact; });
}

}  // namespace folio::account
