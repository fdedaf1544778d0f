// The loads that bench_load can play. Each prints one JSON object, and returns the program's exit code: 0 where every
// call succeeded.
#pragma once

#include <cstdint>
#include <string>

#include "tools/bench/client.h"

namespace folio::bench {

struct UnaryOptions {
  Target target;
  std::string load;      // "get", "list", "summary", "summary_after_update", "part_summary", "search", "update"
  int64_t accounts = 0;  // that the server holds
  int in_flight = 64;
  double seconds = 2;
  int server_pid = 0;   // whose CPU time is counted; 0: none
  std::string capture;  // write the answers to this file instead of measuring
};
int RunUnary(const UnaryOptions& options);

struct ImportOptions {
  Target target;
  int64_t first = 0;  // index of the first account, or number of the first fact
  int64_t count = 0;
  int64_t facts_of = 0;       // accounts that facts are of; 0: the rows are accounts
  int64_t history_of = 0;     // accounts whose history (history.h) is sent instead: subscriptions,
  int64_t history_facts = 0;  // or, where this is above 0, facts: so many in all
  int rows_a_chunk = 1'000;
  int server_pid = 0;
};
int RunImport(const ImportOptions& options);

struct IndicatorOptions {
  Target target;
  std::string filter;
  int again = 0;  // how often the page is asked for after the first time
};
// A page of twenty indicators by month over the three years of a history (history.h): how long it takes, and its
// values.
int RunIndicators(const IndicatorOptions& options);

struct WatchOptions {
  Target target;
  int64_t accounts = 0;
  int watches = 1'000;
  int burst = 20;  // updates at once
  int burst_every_ms = 250;
  double seconds = 4;
  int server_pid = 0;
};
int RunWatch(const WatchOptions& options);

struct PublishOptions {
  Target target;
  int number = 1;  // of the model: each is another one
};
// Publishes a health model of twelve measures, so that every account has another score when it is answered.
int RunPublish(const PublishOptions& options);

struct FreshnessOptions {
  Target target;
  int64_t accounts = 0;
  int facts_per_second = 1'000;  // of others
  int64_t first_fact = 0;        // number of the first of these
  double seconds = 4;
};
// How long a fact takes to be seen by others: in the score, in the portfolio's row and by an open watch.
int RunFreshness(const FreshnessOptions& options);

}  // namespace folio::bench
