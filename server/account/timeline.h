// The facts of one account as points in time, kept sorted while facts arrive in any order, are replaced or deleted.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "folio/v1/fact.pb.h"
#include "server/account/view.h"

namespace folio::account {

// Numbers for the names of features; 0 is the empty name. At most 65535, beyond which all share the last number.
class FeatureNames {
 public:
  uint16_t NumberOf(std::string_view name);
  std::string_view NameOf(uint16_t number) const;
  int size() const { return static_cast<int>(names_.size()); }

 private:
  std::unordered_map<std::string, uint16_t> numbers_;
  std::vector<std::string> names_ = {""};
};

// The points that a fact makes, none for kinds that no measure reads, appended to `points`, each with `key`. The fact
// has been validated; what a point cannot be made of all the same (a scale without extent) is left out. `features`
// learns the names that it does not know.
void PointsOf(const v1::Fact& fact, int64_t key, const TimeZone& zone, FeatureNames& features,
              std::vector<Point>* points);

class Timeline {
 public:
  // Adds the points of a new fact, or replaces those of a known one. Cheapest where keys of new facts ascend. Returns
  // the first day on which points came or went: every day before is as it was.
  Day Put(int64_t fact, std::span<const Point> points);
  // Forgets a fact; nothing happens where it is not known.
  void Remove(int64_t fact);
  // As Precedes (points.h) orders them. Valid until the next change.
  std::span<const Point> points() const { return points_; }

 private:
  std::vector<Point> points_;
  int64_t newest_ = INT64_MIN;  // highest key that was ever put: a higher one cannot be known
};

}  // namespace folio::account
