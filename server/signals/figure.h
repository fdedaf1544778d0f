// Figures: what rules read. Every measure of the account, and its health.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/account/view.h"
#include "server/measures/measure.h"

namespace folio::signals {

// Tells of an account what signals cannot find out by themselves.
class AccountSource {
 public:
  virtual ~AccountSource() = default;

  // The score, 0 to 100, on view.today, which may be a day that has passed. Absent where nothing had data.
  virtual measures::Reading HealthOn(const account::View& view) const = 0;

  // Whether the account matches the filter at a position of RuleSet::filters() on view.today. Where nobody can tell,
  // it does not.
  virtual bool Matches(int /*filter*/, const account::View& /*view*/) const { return false; }
};

// A measure over a window of days; or a filter, which reads 1 where the account matches it and 0 where it does not.
struct Figure {
  const measures::Measure* measure = nullptr;  // nullptr: a filter
  int window_days = 0;
  int filter = -1;  // position in RuleSet::filters()

  bool operator==(const Figure&) const = default;
};

// A measure that rules can read: those of the catalogue, "health" and "health_change". nullptr where there is none.
const measures::Measure* FindRuleMeasure(std::string_view name);
// The name most like one that is not known; empty where none is near.
std::string NearestRuleMeasure(std::string_view name);
// "health" and "health_change", which are read from an AccountSource.
std::span<const measures::Measure> HealthMeasures();

// The figures of one account on one day, each read at its first use and kept until the next account. Not for use by two
// threads at once.
class Sheet {
 public:
  // `figures` must outlive it.
  explicit Sheet(std::span<const Figure> figures)
      : figures_(figures), readings_(figures.size()), read_in_(figures.size()) {}

  // Turns to an account and a day. Both are borrowed until the next call.
  void Turn(const account::View& view, const AccountSource& source);

  // What the figure at a position reads.
  const measures::Reading& At(int figure);

  const Figure& figure(int position) const { return figures_[static_cast<size_t>(position)]; }
  const account::View& view() const { return *view_; }

 private:
  const std::span<const Figure> figures_;
  std::vector<measures::Reading> readings_;
  std::vector<uint32_t> read_in_;  // the turn in which each was last read
  uint32_t turn_ = 0;
  const account::View* view_ = nullptr;
  const AccountSource* source_ = nullptr;
};

}  // namespace folio::signals
