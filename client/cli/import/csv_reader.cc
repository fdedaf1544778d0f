// Rows of a CSV file.
#include "client/cli/import/csv_reader.h"

#include <algorithm>
#include <deque>
#include <set>

#include "client/cli/import/text_reader.h"
#include "client/cli/value/decimal.h"
#include "csv.h"

namespace folio::cli {
namespace {

// A longer row is a quote that somebody forgot to close.
constexpr size_t kRowBytesMax = 1 << 20;
constexpr unsigned char kOptions = CSV_STRICT | CSV_STRICT_FINI;

class CsvReader final : public RowReader {
 public:
  CsvReader(std::unique_ptr<TextReader> text, char delimiter) : text_(std::move(text)), delimiter_(delimiter) {
    InitParser();
  }
  ~CsvReader() override { csv_free(&parser_); }
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  absl::Status ReadHeader() {
    SourceRow header;
    const absl::StatusOr<bool> found = Next(&header);
    if (!found.ok()) return found.status();
    if (!*found) return BadValue("FILE_EMPTY", "The file has no line of headings.", "Le fichier n'a pas d'en-tête.");
    if (header.fault) return ToStatus(*header.fault);
    std::set<std::string> seen;
    for (const std::string& cell : header.cells) {
      const std::string name(Trim(cell));
      if (!name.empty() && !seen.insert(name).second) {
        return BadValue("COLUMN_REPEATED", "There are two columns " + Quoted(name) + ".",
                        "Il y a deux colonnes " + Quoted(name) + ".");
      }
      columns_.push_back(name);
    }
    position_ = 0;
    return absl::OkStatus();
  }

  const std::vector<std::string>& columns() const override { return columns_; }

  absl::StatusOr<bool> Next(SourceRow* row) override {
    while (rows_.empty()) {
      if (ended_) return false;
      if (absl::Status status = ReadMore(); !status.ok()) return status;
    }
    *row = std::move(rows_.front());
    rows_.pop_front();
    row->position = ++position_;
    CheckWidth(row);
    return true;
  }

 private:
  void InitParser() {
    csv_init(&parser_, kOptions);
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter_));
  }

  static void OnCell(void* bytes, size_t length, void* self) {
    static_cast<CsvReader*>(self)->cells_.emplace_back(static_cast<const char*>(bytes), length);
  }
  static void OnRow(int, void* self) { static_cast<CsvReader*>(self)->EndRow(); }

  void EndRow() {
    const bool blank = cells_.size() == 1 && cells_[0].empty();
    if (!blank) {
      rows_.emplace_back();
      rows_.back().line = row_line_;
      rows_.back().cells = std::move(cells_);
    }
    cells_.clear();
    raw_.clear();
    row_line_ = 0;
  }

  absl::Status ReadMore() {
    std::string text;
    if (absl::Status status = text_->Read(&text); !status.ok()) return status;
    if (text.empty()) return ReadEnd();
    std::string_view rest = text;
    while (!rest.empty()) {
      const size_t newline = rest.find('\n');
      const std::string_view piece = rest.substr(0, newline == std::string_view::npos ? newline : newline + 1);
      rest.remove_prefix(piece.size());
      if (absl::Status status = Feed(piece); !status.ok()) return status;
      if (newline != std::string_view::npos) ++line_;
    }
    return absl::OkStatus();
  }

  // Parses a piece of one line.
  absl::Status Feed(std::string_view piece) {
    const bool whole_line = piece.ends_with('\n');
    if (skipping_) {
      skipping_ = !whole_line;
      return absl::OkStatus();
    }
    if (row_line_ == 0 && piece.find_first_not_of("\r\n") == std::string_view::npos) return absl::OkStatus();
    if (row_line_ == 0) row_line_ = line_;
    raw_ += piece;
    if (raw_.size() > kRowBytesMax) return Endless();
    if (csv_parse(&parser_, piece.data(), piece.size(), OnCell, OnRow, this) == piece.size()) {
      if (raw_.empty()) row_line_ = 0;
      return absl::OkStatus();
    }
    RejectRow();
    skipping_ = !whole_line;
    return absl::OkStatus();
  }

  absl::Status ReadEnd() {
    ended_ = true;
    if (csv_fini(&parser_, OnCell, OnRow, this) != 0) return Endless();
    return absl::OkStatus();
  }

  // The row breaks the rules of quoting: told as a whole, reading goes on behind the line.
  void RejectRow() {
    const std::string line = std::to_string(line_);
    SourceRow row;
    row.line = row_line_;
    row.fault = Fault{"CSV_MALFORMED",
                      {"Line " + line + ": a quotation mark stands within a cell; write it twice, and quote the cell.",
                       "Ligne " + line +
                           " : un guillemet est au milieu d'une cellule ; doublez-le et mettez la "
                           "cellule entre guillemets."}};
    row.raw = std::move(raw_);
    while (row.raw.ends_with('\n') || row.raw.ends_with('\r')) row.raw.pop_back();
    rows_.push_back(std::move(row));
    csv_free(&parser_);
    InitParser();
    cells_.clear();
    raw_.clear();
    row_line_ = 0;
  }

  absl::Status Endless() const {
    const std::string line = std::to_string(row_line_);
    return BadValue("CSV_UNCLOSED_QUOTE", "Line " + line + ": a quotation mark is opened and never closed.",
                    "Ligne " + line + " : un guillemet est ouvert et jamais fermé.");
  }

  void CheckWidth(SourceRow* row) const {
    if (row->fault || columns_.empty()) return;
    while (row->cells.size() > columns_.size() && row->cells.back().empty()) row->cells.pop_back();
    if (row->cells.size() == columns_.size()) return;
    const std::string line = std::to_string(row->line);
    const std::string has = std::to_string(row->cells.size());
    const std::string wants = std::to_string(columns_.size());
    row->fault = Fault{"CSV_COLUMNS",
                       {"Line " + line + " has " + has + " cells, the header has " + wants + ".",
                        "La ligne " + line + " a " + has + " cellules, l'en-tête en a " + wants + "."}};
  }

  const std::unique_ptr<TextReader> text_;
  const char delimiter_;
  csv_parser parser_{};
  std::vector<std::string> columns_;
  std::vector<std::string> cells_;
  std::deque<SourceRow> rows_;
  std::string raw_;
  int64_t line_ = 1;
  int64_t row_line_ = 0;  // 0 between rows
  int64_t position_ = 0;
  bool skipping_ = false;
  bool ended_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> OpenCsv(const std::string& path, const Dialect& dialect) {
  absl::StatusOr<std::unique_ptr<TextReader>> text = TextReader::Open(path, dialect.encoding);
  if (!text.ok()) return text.status();
  auto reader = std::make_unique<CsvReader>(*std::move(text), dialect.delimiter);
  if (absl::Status status = reader->ReadHeader(); !status.ok()) return status;
  return std::unique_ptr<RowReader>(std::move(reader));
}

}  // namespace folio::cli
