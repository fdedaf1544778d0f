#include "client/cli/import/rejects.h"

#include <filesystem>

#include "absl/strings/str_split.h"
#include "client/cli/output/records.h"
#include "client/cli/output/text_width.h"
#include "client/cli/value/decimal.h"
#include "client/cli/value/fault.h"

namespace folio::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kBetweenFaults[] = " | ";

std::vector<std::string> SplitFaults(const std::string& cell) { return absl::StrSplit(cell, kBetweenFaults); }

std::string TextOf(const Json& object, const std::string& member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> WithoutRejectColumns(const std::vector<std::string>& columns, std::vector<size_t>* kept) {
  std::vector<std::string> own;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (IsRejectColumn(columns[i])) continue;
    own.push_back(columns[i]);
    kept->push_back(i);
  }
  return own;
}

absl::Status Unwritable(const std::string& path) {
  return BadValue("FILE_UNWRITABLE", "Cannot write " + path + ".", "Impossible d'écrire " + path + ".");
}

// What is wrong, in one cell: all fields, all reasons, all messages.
struct Summary {
  std::string fields;
  std::string reasons;
  std::string messages;
};

Summary SummaryOf(const std::vector<RowFault>& faults, Language language) {
  Summary summary;
  const auto append = [](std::string* list, const std::string& item) {
    *list += (list->empty() ? "" : kBetweenFaults) + item;
  };
  for (const RowFault& fault : faults) {
    append(&summary.fields, fault.field);
    append(&summary.reasons, fault.fault.reason);
    append(&summary.messages, OneLine(fault.fault.text.In(language)));
  }
  return summary;
}

}  // namespace

std::string RejectsPathFor(const std::string& input) {
  fs::path path(input);
  const std::string extension = path.extension().string();
  path.replace_extension();
  return path.string() + ".rejected" + (extension.empty() ? ".csv" : extension);
}

RejectsFile::RejectsFile(std::string path, Dialect dialect, std::vector<std::string> columns, Language language)
    : path_(std::move(path)),
      dialect_({dialect.json_lines, "UTF-8", dialect.delimiter}),
      columns_(WithoutRejectColumns(columns, &kept_)),
      language_(language) {}

// Reads the lines that the file already tells about.
absl::Status RejectsFile::ReadLines() {
  if (dialect_.json_lines) {
    ReadJsonLines();
    return absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<RowReader>> reader = OpenRows(path_, dialect_);
  if (!reader.ok()) return reader.status();
  SourceRow row;
  while (true) {
    const absl::StatusOr<bool> found = (*reader)->Next(&row);
    if (!found.ok() || !*found) return found.status();
    const size_t at = columns_.size();
    if (row.cells.size() < at + std::size(kRejectColumns)) continue;
    const absl::StatusOr<Decimal> line = ParseDecimal(row.cells[at]);
    if (line.ok()) TakeEarlier(line->units(), row.cells[at + 2], row.cells[at + 3]);
  }
}

// The reader of rows hides the members that are looked for here.
void RejectsFile::ReadJsonLines() {
  std::ifstream file(path_);
  for (std::string text; std::getline(file, text);) {
    const Json object = Json::parse(text, nullptr, false);
    const auto line = object.find("_line");
    if (line == object.end() || !line->is_number_integer()) continue;
    TakeEarlier(line->get<int64_t>(), TextOf(object, "_reason"), TextOf(object, "_message"));
  }
}

// A row that an earlier run has told.
void RejectsFile::TakeEarlier(int64_t line, const std::string& reasons, const std::string& messages) {
  if (!lines_.insert(line).second) return;
  const std::vector<std::string> names = SplitFaults(reasons);
  const std::vector<std::string> texts = SplitFaults(messages);
  for (size_t i = 0; i < names.size(); ++i) {
    CountReason(line, names[i], texts.size() == names.size() ? texts[i] : messages);
  }
}

// A reason that a row has twice counts once.
void RejectsFile::CountReason(int64_t line, const std::string& name, const std::string& message) {
  RejectReason& reason = reasons_[name];
  if (reason.last_line == line) return;
  if (reason.rows++ == 0) {
    reason.line = line;
    reason.message = message;
  }
  reason.last_line = line;
}

absl::Status RejectsFile::Begin(bool resumed) {
  std::error_code error;
  if (!fs::exists(path_, error)) return absl::OkStatus();
  std::ifstream old(path_);
  std::string first_line;
  std::getline(old, first_line);
  if (!first_line.empty() && first_line.find("_reason") == std::string::npos) {
    return BadValue(
        "FILE_IN_THE_WAY", path_ + " exists and is no file of rejected rows; choose another with --rejects.",
        path_ + " existe et n'est pas un fichier de lignes rejetées ; choisissez-en un autre par --rejects.");
  }
  if (resumed && !first_line.empty()) {
    if (absl::Status status = ReadLines(); !status.ok()) return status;
    file_.open(path_, std::ios::binary | std::ios::app);
    return file_ ? absl::OkStatus() : Unwritable(path_);
  }
  fs::remove(path_, error);
  return absl::OkStatus();
}

absl::Status RejectsFile::Open() {
  file_.open(path_, std::ios::binary | std::ios::trunc);
  if (!file_) return Unwritable(path_);
  if (dialect_.json_lines) return absl::OkStatus();
  for (const std::string& column : columns_) file_ << CsvCell(column, dialect_.delimiter) << dialect_.delimiter;
  for (size_t i = 0; i < std::size(kRejectColumns); ++i) {
    if (i > 0) file_ << dialect_.delimiter;
    file_ << kRejectColumns[i];
  }
  file_ << '\n';
  return absl::OkStatus();
}

// The row in the user's own columns. What does not fit (too many cells, or a row that could not be taken apart) stands
// together in the last one, for somebody to look at.
std::vector<std::string> RejectsFile::CellsOf(const SourceRow& row) const {
  std::vector<std::string> cells(columns_.size());
  if (row.cells.empty() && !cells.empty()) cells.front() = row.raw;
  for (size_t i = 0; i < kept_.size() && !row.cells.empty(); ++i) {
    if (kept_[i] < row.cells.size()) cells[i] = row.cells[kept_[i]];
  }
  const size_t width = kept_.empty() ? 0 : kept_.back() + 1;
  for (size_t i = width; row.fault && i < row.cells.size(); ++i) cells.back() += dialect_.delimiter + row.cells[i];
  return cells;
}

absl::Status RejectsFile::Add(const SourceRow& row, const std::vector<RowFault>& faults) {
  if (!lines_.insert(row.line).second) return absl::OkStatus();
  for (const RowFault& fault : faults) CountReason(row.line, fault.fault.reason, fault.fault.text.In(language_));
  if (!file_.is_open()) {
    if (absl::Status status = Open(); !status.ok()) return status;
  }
  const Summary summary = SummaryOf(faults, language_);
  if (dialect_.json_lines) {
    Json object = row.object.is_object() ? row.object : Json{{"_text", row.raw}};
    object["_line"] = row.line;
    object["_field"] = summary.fields;
    object["_reason"] = summary.reasons;
    object["_message"] = summary.messages;
    file_ << JsonText(object, false) << '\n';
  } else {
    for (const std::string& cell : CellsOf(row)) file_ << CsvCell(cell, dialect_.delimiter) << dialect_.delimiter;
    file_ << row.line;
    for (const std::string* text : {&summary.fields, &summary.reasons, &summary.messages}) {
      file_ << dialect_.delimiter << CsvCell(*text, dialect_.delimiter);
    }
    file_ << '\n';
  }
  file_.flush();
  return file_ ? absl::OkStatus() : Unwritable(path_);
}

}  // namespace folio::cli
