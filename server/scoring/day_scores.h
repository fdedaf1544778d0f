// The scores of one account on many days, as whoever looks back over a year wants them: a stretch of days is read into
// columns of figures and scored at once, many times as quickly as a day after the other.
#pragma once

#include <array>
#include <map>

#include "server/scoring/score.h"

namespace folio::scoring {

// Not for use by two threads at once.
class DayScores {
 public:
  // `model` must outlive it.
  explicit DayScores(const Model& model) : model_(model) {}

  // What Model::Run computes on view.today, to the last bit. `view` is of the same account at each call.
  const Score& On(const account::View& view);

 private:
  static constexpr int kStretchDays = 32;
  using Stretch = std::array<Score, kStretchDays>;

  void Fill(account::View view, Day first, Stretch* stretch) const;

  const Model& model_;
  std::map<Day, Stretch> stretches_;  // by their first day
};

}  // namespace folio::scoring
