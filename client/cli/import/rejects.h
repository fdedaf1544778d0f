// The file of rejected rows: the user's own columns, then what is wrong. Mended, it can be imported as it is.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/import/converter.h"
#include "client/cli/import/row_reader.h"

namespace folio::cli {

// "accounts.csv" and "accounts" to "accounts.rejected.csv", "accounts.jsonl" to "accounts.rejected.jsonl".
std::string RejectsPathFor(const std::string& input);

// How many rows have a reason, and what is told of the first of them.
struct RejectReason {
  int64_t rows = 0;
  int64_t line = 0;       // of the first
  int64_t last_line = 0;  // of the last that has been counted
  std::string message;    // of the first
};

class RejectsFile {
 public:
  // Writes like the input (delimiter, JSON lines), in UTF-8. Messages are in `language`.
  RejectsFile(std::string path, Dialect dialect, std::vector<std::string> columns, Language language);

  // Before the first row: forgets what an earlier import has left (only a file that looks like one of ours), or, where
  // an import is resumed, goes on behind it. Fault FILE_UNREADABLE where something else is in the way.
  absl::Status Begin(bool resumed);

  // Adds a row, unless its line is there already. The file is made with the first row. Several faults are joined.
  absl::Status Add(const SourceRow& row, const std::vector<RowFault>& faults);

  const std::string& path() const { return path_; }
  // Rows in the file, with those of before a resumption.
  int64_t count() const { return static_cast<int64_t>(lines_.size()); }
  // Of these rows; one with several faults counts for each of its reasons.
  const std::map<std::string, RejectReason>& reasons() const { return reasons_; }

 private:
  absl::Status Open();
  std::vector<std::string> CellsOf(const SourceRow& row) const;
  absl::Status ReadLines();
  void ReadJsonLines();
  void TakeEarlier(int64_t line, const std::string& reasons, const std::string& messages);
  void CountReason(int64_t line, const std::string& reason, const std::string& message);

  const std::string path_;
  const Dialect dialect_;
  std::vector<size_t> kept_;                // where the columns stand in the input; filled with them
  const std::vector<std::string> columns_;  // of the input, without those of an earlier rejects file
  const Language language_;
  std::set<int64_t> lines_;
  std::map<std::string, RejectReason> reasons_;
  std::ofstream file_;
};

}  // namespace folio::cli
