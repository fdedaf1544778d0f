// Finds out how a file is written: its encoding and what divides its cells.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "client/cli/import/row_reader.h"

namespace folio::cli {

// What the bytes of a file are.
struct FileFacts {
  std::string hash;      // of the whole content, 32 hexadecimal digits
  std::string encoding;  // "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"
  bool byte_order_mark = false;
  int64_t bytes = 0;
};

// Reads the file once. UTF-8 where all of it is valid UTF-8; otherwise what ICU takes it for, among the encodings of
// Western Europe. Fault FILE_UNREADABLE.
absl::StatusOr<FileFacts> ExamineFile(const std::string& path);

// Which of , ; tab | divides the cells of a text, from its first lines; ',' where nothing does.
char DetectDelimiter(std::string_view text);

// The beginning of a file, in UTF-8, for DetectDelimiter.
absl::StatusOr<std::string> ReadHead(const std::string& path, const std::string& encoding);

}  // namespace folio::cli
