// Work that bench_alone does in process, without a server. Each prints one JSON object.
#pragma once

#include <cstdint>
#include <string>

namespace folio::bench {

// Filters, orders, groups and searches over plain columns.
int RunColumns(int64_t accounts, double seconds);

// Scores accounts by a model of twelve measures from columns of figures, of which a share is missing, beside reading
// the same columns.
int RunRescore(int64_t accounts, double missing, double seconds);

struct InsertOptions {
  std::string path;
  int64_t first = 0;
  int64_t count = 0;
  int64_t facts_of = 0;  // accounts that facts are of; 0: the rows are accounts
  int batch = 1'000;     // rows a transaction
};
// Inserts accounts, or facts, as integer key and blob, durably (synchronous=FULL).
int RunInsert(const InsertOptions& options);

struct UpdateOptions {
  std::string path;  // as RunInsert has filled it
  int64_t rows = 0;  // that it holds
  int group = 64;    // updates a transaction
  double seconds = 2;
};
// Replaces random rows and appends each to a log, durably.
int RunUpdates(const UpdateOptions& options);

// Reads every account of a Folio store and parses it.
int RunScan(const std::string& path);

// A page of twenty indicators by month over the three years of a history (history.h), by SQL: how long it takes, and
// its values.
int RunSqlIndicators(int64_t accounts, int64_t facts);

// Fits BG/NBD to simulated customers; and sums the likelihood over them once, one by one.
int RunLifetime(int64_t customers);

// The accounts as CSV, for COPY: the columns of kTableSql.
int RunCsv(int64_t first, int64_t count);

// The tables and questions of the peers, as SQL.
int RunSql();

}  // namespace folio::bench
