// How far a long command is.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

#include "client/cli/app/language.h"
#include "client/cli/app/progress_style.h"

namespace folio::cli {

class Progress {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  Progress(
      std::ostream& err, ProgressStyle style, Language language, int64_t total,
      Clock clock = [] { return std::chrono::steady_clock::now(); });

  // Tells that so many rows are done, so many of them rejected.
  void Update(int64_t done, int64_t rejected);
  // Rows that were done before this run do not count for the rate.
  void StartAt(int64_t done) { started_at_row_ = done; }
  // Takes the line of a terminal away, or tells the last figures in JSON.
  void Finish();

 private:
  void Tell(std::chrono::steady_clock::time_point now);
  std::string Line(double seconds) const;
  std::string JsonLine(double seconds) const;
  double Rate(double seconds) const;

  std::ostream& err_;
  const ProgressStyle style_;
  const Language language_;
  const int64_t total_;
  const Clock clock_;
  const std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_;
  int64_t started_at_row_ = 0;
  int64_t done_ = 0;
  int64_t rejected_ = 0;
  bool shown_ = false;
};

}  // namespace folio::cli
