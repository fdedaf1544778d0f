// The bytes of a file as UTF-8, whatever its encoding.
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace folio::cli {

class TextReader {
 public:
  // `encoding` is a name that ICU knows. Faults: FILE_UNREADABLE, ENCODING_UNKNOWN.
  static absl::StatusOr<std::unique_ptr<TextReader>> Open(const std::string& path, const std::string& encoding);
  ~TextReader();
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;

  // Replaces `text` by the next piece, without a byte order mark; empty at the end of the file. Bytes that the encoding
  // does not have become U+FFFD; in UTF-8 they stay as they are, for whoever looks at the values to refuse.
  absl::Status Read(std::string* text);

 private:
  struct Converter;
  TextReader(std::ifstream file, std::unique_ptr<Converter> converter);

  std::ifstream file_;
  std::unique_ptr<Converter> converter_;  // nullptr for UTF-8
  std::string bytes_;
  bool at_start_ = true;
};

}  // namespace folio::cli
