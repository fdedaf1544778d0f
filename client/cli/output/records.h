// Rows on their way out: as a table, JSON, JSON lines or CSV.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/app/language.h"
#include "client/cli/output/cell.h"
#include "client/cli/value/json.h"
#include "google/protobuf/message.h"

namespace folio::cli {

enum class Format { kTable, kJson, kJsonLines, kCsv };

// A column: what stands above it, and the field below.
struct Column {
  std::string heading;
  FieldPath path;
};

// The columns of fields' paths, with headings in a language. Fault FIELD_UNKNOWN.
absl::StatusOr<std::vector<Column>> ColumnsOf(const google::protobuf::Descriptor& type,
                                              const std::vector<std::string>& paths, Language language);

// How CSV is written.
struct CsvStyle {
  char delimiter = ',';
  char decimal_mark = '.';
  bool byte_order_mark = false;
  bool quote_formulas = false;  // QuoteFormula
};

// What Excel opens without a question, in English and on a French machine; `import` detects it.
inline constexpr CsvStyle kExcel = {.byte_order_mark = true, .quote_formulas = true};
inline constexpr CsvStyle kExcelFrench = {
    .delimiter = ';', .decimal_mark = ',', .byte_order_mark = true, .quote_formulas = true};

// The style of --csv-profile.
CsvStyle CsvStyleOf(std::string_view profile);

// A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return, and is
// neither a number nor an amount) gets an apostrophe before it, and so does one that begins with apostrophes before
// such a character: UnquoteFormula gives back what it was.
std::string QuoteFormula(std::string cell);
std::string_view UnquoteFormula(std::string_view cell);

struct OutputStyle {
  Format format = Format::kTable;
  CsvStyle csv;
  Language language = Language::kEnglish;
  bool headers = true;
  std::vector<std::string> fields;  // asked for by the caller; empty means the usual ones
};

// Writes rows of one message type. JSON is one array, also where there are no rows. A table gets its widths from the
// first rows, so that memory stays bounded. In CSV an amount has its currency in a column of its own ("arr" and
// "arr_currency"), and a message with parts has a column for each of them ("alert.raise_at").
class RecordWriter {
 public:
  // `usual` are the columns of a table; JSON has all fields unless `style.fields` picks some.
  RecordWriter(std::ostream& out, OutputStyle style, std::vector<Column> usual, std::vector<Column> picked);

  void Write(const google::protobuf::Message& row);
  void Finish();
  int64_t count() const { return count_; }

 private:
  Json JsonOf(const google::protobuf::Message& row) const;
  void WriteCells(const google::protobuf::Message& row);
  void WriteCsv(const google::protobuf::Message& row);
  void BeginCsv();
  void WriteTableRow(const std::vector<std::string>& cells);
  void FlushTable();

  std::ostream& out_;
  const OutputStyle style_;
  const std::vector<Column> columns_;
  const bool picked_;
  std::vector<std::vector<std::string>> held_;
  std::vector<int> widths_;
  bool widths_known_ = false;
  int64_t count_ = 0;
};

// A writer whose columns are `usual`, or those that the style asks for. Fault FIELD_UNKNOWN.
absl::StatusOr<RecordWriter> NewRecordWriter(std::ostream& out, const OutputStyle& style,
                                             const google::protobuf::Descriptor& type,
                                             const std::vector<std::string>& usual);

// One message: a list of its fields, or JSON, or CSV. Fault FIELD_UNKNOWN.
absl::Status WriteObject(std::ostream& out, const OutputStyle& style, const google::protobuf::Message& message);

// A value in CSV, quoted where it must be.
std::string CsvCell(std::string_view text, char delimiter = ',');

// How a table as CSV begins: its heading, unless the style has none, behind a byte-order mark where Excel needs it.
void WriteCsvHead(std::ostream& out, const OutputStyle& style, const std::vector<std::string>& names);
void WriteCsvRow(std::ostream& out, const CsvStyle& style, std::vector<std::string> cells);

// An object as one row of CSV with a heading; objects within it are columns of their own: "latency_us.p99".
void WriteCsvObject(std::ostream& out, const OutputStyle& style, const Json& object);

// What stands above a field's column.
std::string HeadingOf(const FieldPath& path, Language language);

// JSON as text: one line, or indented.
std::string JsonText(const Json& json, bool indented);

}  // namespace folio::cli
