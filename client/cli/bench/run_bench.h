// Load at a rate that does not depend on how fast the answers come (open loop). Latency counts from the moment at which
// a call was due, not from when it was made: a server that stalls is charged for all that had to wait.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/bench/histogram.h"

namespace folio::cli {

struct BenchPlan {
  double rate = 100;                           // calls a second
  std::chrono::duration<double> duration{10};  // for which calls are counted
  std::chrono::duration<double> warm_up{1};    // before that; its calls are made and not counted
  int concurrency = 32;                        // most calls under way at once
  bool poisson = false;                        // arrivals at random, as many callers make them; evenly otherwise
  uint64_t seed = 1;
};

struct BenchResult {
  int64_t calls = 0;  // counted ones, with those that failed
  int64_t failed = 0;
  // Calls that were due while as many as --concurrency were under way, and so began late.
  int64_t late = 0;
  double seconds = 0;  // from the first counted call's due time to the last answer
  Histogram latency;   // of calls that succeeded, from when they were due
  Histogram service;   // the same from when they were made
  std::map<std::string, int64_t> errors;
  absl::Status first_error;
};

// Makes ready the call of that number, and returns what makes it. Both from several threads at once.
using PrepareCall = std::function<std::function<absl::Status()>(int64_t number)>;

// When each call is due, from the start.
std::vector<std::chrono::nanoseconds> ArrivalsOf(const BenchPlan& plan);

// Returns what it has got so far where `stop` asks for it.
BenchResult RunBench(const BenchPlan& plan, const PrepareCall& prepare, const std::stop_token& stop);

}  // namespace folio::cli
