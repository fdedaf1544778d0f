// What is learned from: rows of numbers and what came of each, as views of the caller's memory.
//
// Everything in this folder is a pure function: it keeps nothing, may be called from any thread, and answers the same
// to the last bit for the same input on the same machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"

namespace folio::learning {

// One value a row: 1 where the event (churn, a renewal lost) happened, 0 where it did not.
using Outcomes = std::span<const uint8_t>;

// One value a row: which account a row speaks of, as 0, 1, 2 ... Rows of one account (several cut-offs) are not
// independent of each other. Empty: every row is an account of its own.
using Clusters = std::span<const int32_t>;

// A dense matrix, row by row.
struct Features {
  std::span<const double> values;
  size_t columns = 0;

  std::span<const double> row(size_t index) const { return values.subspan(index * columns, columns); }
};

struct Sample {
  Features features;
  Outcomes outcomes;
  std::span<const double> weights;  // how many rows each row stands for; empty: one
  Clusters clusters;

  size_t rows() const { return outcomes.size(); }
};

struct ClassCounts {
  int64_t events = 0;
  int64_t non_events = 0;
};

// Rows by outcome; with clusters, accounts: those with an event in any row, and those with none.
ClassCounts CountClasses(Outcomes outcomes, Clusters clusters = {});

// INVALID_ARGUMENT without details: shapes that do not fit, values or weights that are not finite, a weight below 0, an
// outcome other than 0 and 1, a cluster that is negative or not below the number of rows.
absl::Status CheckSample(const Sample& sample);

// Some rows of a sample, copied. Clusters are numbered anew, by their first row.
class SubSample {
 public:
  SubSample(const Sample& whole, std::span<const size_t> rows);
  Sample view() const;

 private:
  size_t columns_;
  std::vector<double> values_;
  std::vector<uint8_t> outcomes_;
  std::vector<double> weights_;
  std::vector<int32_t> clusters_;
};

}  // namespace folio::learning
