// The bands that accounts showed at the ends of a period, and how they moved between them.
//
// As they were shown, scores set by hand among them: past days as the history of scores tells them, today as it stands.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "folio/v1/health.pb.h"
#include "server/account/view.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/figure.h"
#include "server/indicators/period.h"
#include "server/portfolio/shown_scores.h"

namespace folio::indicators {

// A band by its number: from the worst to the best; 0 for no score.
using Band = v1::HealthBand;
inline constexpr size_t kBands = 4;
inline constexpr std::array<Band, kBands - 1> kScoredBands = {v1::HEALTH_BAND_GREEN, v1::HEALTH_BAND_YELLOW,
                                                              v1::HEALTH_BAND_RED};

class ShownBands {
 public:
  explicit ShownBands(const Question& question);

  // History is written after what it tells of, so that it may change with every revision.
  uint64_t VersionOf(const Unit&) const { return static_cast<uint64_t>(question_.state.revision); }
  void Enter(int64_t account, const account::View& view);
  const absl::Status& status() const { return status_; }

  // What the account that was entered showed at the end of a day: the last of a period of the question, or the one
  // before it.
  Band On(Day day) const;

 private:
  bool IsNow(Day day) const { return !question_.in_the_past && day >= question_.calendar.today; }

  const Question& question_;
  std::vector<Day> past_days_;  // ascending
  portfolio::ShownScores history_;
  absl::Status status_;
  // Of the account that was entered.
  Band now_ = v1::HEALTH_BAND_UNSPECIFIED;
  std::vector<int> scores_;  // of past_days_
};

struct BandMoves {
  static constexpr std::string_view kId = "band_moves";
  using Source = ShownBands;

  struct Reading {
    Band before = v1::HEALTH_BAND_UNSPECIFIED;  // at the end of the day before the period
    Band after = v1::HEALTH_BAND_UNSPECIFIED;   // at the end of its last day
    Micros arr = 0;                             // on its last day
  };
  struct Cell {
    int64_t accounts = 0;
    Int128 arr = 0;
  };

  static Reading Read(const account::View& view, const Period& period, const ShownBands& bands);
  void Add(const Reading& reading);
  void Merge(const BandMoves& other);

  const Cell& From(Band before, Band after) const { return cells[before][after]; }
  // Those in a band at the end.
  Cell In(Band band) const;
  // Those that showed a score at the end; and at both ends.
  int64_t scored() const;
  int64_t followed() const;

  std::array<std::array<Cell, kBands>, kBands> cells = {};  // by the band before, then by the one after
};

}  // namespace folio::indicators
