// Samples: an account on a cut-off, what the model said of it from what was known then, and what came after.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/health.pb.h"
#include "server/learning/sample.h"
#include "server/portfolio/portfolio.h"
#include "server/proof/question.h"

namespace folio::proof {

// What a measure read of one sample.
struct Read {
  double value = 0;   // for a choice, the number of its text
  double credit = 0;  // where missing, what the measure's policy gives
  bool missing = false;
};

// Told how many scores are done; false ends the work with CANCELLED.
using Progress = std::function<bool(int64_t done)>;

// One row a sample in each of the vectors: by account, then by cut-off.
struct Samples {
  std::vector<int32_t> account;   // position in Question::accounts
  std::vector<int32_t> cluster;   // the same, numbered without gaps
  std::vector<int32_t> cutoff;    // position in Question::cutoffs
  std::vector<uint8_t> happened;  // 1 or 0
  std::vector<Day> day;           // on which it happened, or kNoDay
  std::vector<double> raw;        // scores
  std::vector<v1::HealthBand> band;
  std::vector<Read> reads;        // of the measures in the order of the model, row by row; empty unless asked for
  std::vector<int32_t> unscored;  // accounts with a known outcome and without a score, one entry for each cut-off
  size_t measure_count = 0;

  size_t rows() const { return happened.size(); }
  const Read& read(size_t row, size_t measure) const { return reads[row * measure_count + measure]; }
};

// Those of the question's places that count when they are looked at.
absl::StatusOr<Samples> Gather(const portfolio::Portfolio& portfolio, const Question& question, bool with_reads,
                               const Progress& progress);

}  // namespace folio::proof
