// Imports a file: looks at it, sends it, reports what has become of its rows.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/cli/app/context.h"

namespace folio::cli {

struct ImportFlags {
  std::string collection;
  std::string noun;    // of the commands that take it back; empty where it cannot be
  std::string detail;  // kind of facts
  std::string file;    // "-" is standard input
  std::string map;
  std::string match_on;  // field that finds the account of a row without id; empty: rows without id are new
  std::string on_conflict = "update";
  std::string on_deleted = "fail";
  std::string rejects;  // empty: next to the file
  std::string encoding;
  std::string delimiter;
  int64_t max_errors = -1;  // -1: any number
  int64_t max_rate = 0;     // rows a second; 0: as many as can be
  bool dry_run = false;
  bool restart = false;
  bool ignore_unknown = false;
  bool formulas_quoted = false;  // by an apostrophe, as --csv-profile excel writes them
};

// Returns kSuccess, or kPartialSuccess where rows were rejected.
absl::StatusOr<int> RunImport(Context& context, const ImportFlags& flags);

}  // namespace folio::cli
