#include "client/cli/import/row_reader.h"

#include <algorithm>

#include "client/cli/import/csv_reader.h"
#include "client/cli/import/text_reader.h"
#include "client/cli/value/decimal.h"

namespace folio::cli {
namespace {

constexpr size_t kLineBytesMax = 1 << 20;

// Rows of a file with one JSON object a line.
class JsonLinesReader final : public RowReader {
 public:
  explicit JsonLinesReader(std::unique_ptr<TextReader> text) : text_(std::move(text)) {}

  const std::vector<std::string>& columns() const override { return columns_; }

  absl::StatusOr<bool> Next(SourceRow* row) override {
    std::string line;
    while (true) {
      const absl::StatusOr<bool> found = NextLine(&line);
      if (!found.ok() || !*found) return found;
      if (!Trim(line).empty()) break;
    }
    *row = SourceRow();
    row->position = ++position_;
    row->line = line_;
    row->object = Json::parse(line, nullptr, false);
    if (row->object.is_object()) {
      for (const char* name : kRejectColumns) row->object.erase(name);
      return true;
    }
    const std::string number = std::to_string(line_);
    row->fault =
        Fault{"JSON_MALFORMED",
              {"Line " + number + " is not a JSON object.", "La ligne " + number + " n'est pas un objet JSON."}};
    row->raw = std::move(line);
    return true;
  }

 private:
  absl::StatusOr<bool> NextLine(std::string* line) {
    line->clear();
    while (true) {
      const size_t newline = buffer_.find('\n', start_);
      line->append(buffer_, start_, newline == std::string::npos ? newline : newline - start_);
      if (newline != std::string::npos) {
        start_ = newline + 1;
        ++line_;
        return true;
      }
      if (line->size() > kLineBytesMax) {
        return BadValue("JSON_MALFORMED", "Line " + std::to_string(line_ + 1) + " has no end.",
                        "La ligne " + std::to_string(line_ + 1) + " n'a pas de fin.");
      }
      start_ = 0;
      if (absl::Status status = text_->Read(&buffer_); !status.ok()) return status;
      if (buffer_.empty()) {
        if (!line->empty()) ++line_;
        return !line->empty();
      }
    }
  }

  const std::unique_ptr<TextReader> text_;
  const std::vector<std::string> columns_;
  std::string buffer_;
  size_t start_ = 0;
  int64_t line_ = 0;
  int64_t position_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> OpenRows(const std::string& path, const Dialect& dialect) {
  if (!dialect.json_lines) return OpenCsv(path, dialect);
  absl::StatusOr<std::unique_ptr<TextReader>> text = TextReader::Open(path, dialect.encoding);
  if (!text.ok()) return text.status();
  return std::unique_ptr<RowReader>(std::make_unique<JsonLinesReader>(*std::move(text)));
}

bool IsRejectColumn(std::string_view name) {
  return std::find(std::begin(kRejectColumns), std::end(kRejectColumns), name) != std::end(kRejectColumns);
}

}  // namespace folio::cli
