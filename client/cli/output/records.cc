#include "client/cli/output/records.h"

#include <algorithm>

#include "client/cli/output/text_width.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;

// Rows that a table looks at before it decides on its widths.
constexpr size_t kRowsHeld = 1'000;
constexpr int kColumnGap = 2;
constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";

std::vector<std::string> Headings(const std::vector<Column>& columns) {
  std::vector<std::string> headings;
  for (const Column& column : columns) headings.push_back(column.heading);
  return headings;
}

// Every field of a message, for a vertical list.
std::vector<std::string> AllFields(const Descriptor& type) {
  std::vector<std::string> paths;
  for (int i = 0; i < type.field_count(); ++i) paths.push_back(type.field(i)->name());
  return paths;
}

void WriteCsvLine(std::ostream& out, const std::vector<std::string>& cells, char delimiter) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out << delimiter;
    out << CsvCell(cells[i], delimiter);
  }
  out << '\n';
}

// What a column is called where programs read it: its path, which `import` understands.
std::vector<std::string> Paths(const std::vector<Column>& columns) {
  std::vector<std::string> paths;
  for (const Column& column : columns) paths.push_back(column.path.is_id ? "id" : column.path.text);
  return paths;
}

void WriteFieldList(std::ostream& out, const OutputStyle& style, const std::vector<Column>& columns,
                    const Message& message) {
  int widest = 0;
  for (const Column& column : columns) widest = std::max(widest, DisplayWidth(column.path.text));
  for (const Column& column : columns) {
    const std::string cell = CellText(message, column.path, {style.language, true});
    if (cell.empty()) continue;
    out << column.path.text
        << std::string(static_cast<size_t>(widest - DisplayWidth(column.path.text) + kColumnGap), ' ') << OneLine(cell)
        << '\n';
  }
}

}  // namespace

std::string CsvCell(std::string_view text, char delimiter) {
  const bool quote = text.find_first_of("\"\r\n") != std::string_view::npos ||
                     text.find(delimiter) != std::string_view::npos || text.starts_with(' ') || text.ends_with(' ');
  if (!quote) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::string JsonText(const Json& json, bool indented) {
  return json.dump(indented ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<std::vector<Column>> ColumnsOf(const Descriptor& type, const std::vector<std::string>& paths,
                                              Language language) {
  std::vector<Column> columns;
  for (const std::string& text : paths) {
    absl::StatusOr<FieldPath> path = FindPath(type, text);
    if (!path.ok()) return path.status();
    std::string heading = HeadingOf(*path, language);
    columns.push_back({std::move(heading), *std::move(path)});
  }
  return columns;
}

RecordWriter::RecordWriter(std::ostream& out, OutputStyle style, std::vector<Column> usual, std::vector<Column> picked)
    : out_(out),
      style_(std::move(style)),
      columns_(picked.empty() ? std::move(usual) : std::move(picked)),
      picked_(!style_.fields.empty()) {}

Json RecordWriter::JsonOf(const Message& row) const {
  if (!picked_) return ToJson(row);
  const Json whole = ToJson(row);
  Json some = Json::object();
  for (const Column& column : columns_) {
    const std::string& text = column.path.text;
    if (column.path.fields.size() == 1 && column.path.key.empty() && !column.path.is_id) {
      some[text] = whole.contains(text) ? whole[text] : Json(nullptr);
      continue;
    }
    // A part of a field: looked up along its path.
    const Json* part = &whole;
    for (const auto* field : column.path.fields) {
      part = part != nullptr && part->contains(field->name()) ? &(*part)[field->name()] : nullptr;
    }
    const bool plain = part != nullptr && column.path.key.empty() && !column.path.is_id;
    some[column.path.is_id ? "id" : text] = plain ? *part : Json(CellText(row, column.path, {style_.language, false}));
  }
  return some;
}

void RecordWriter::Write(const Message& row) {
  ++count_;
  switch (style_.format) {
    case Format::kJson:
      out_ << (count_ == 1 ? "[\n" : ",\n") << JsonText(JsonOf(row), false);
      break;
    case Format::kJsonLines:
      out_ << JsonText(JsonOf(row), false) << '\n';
      break;
    case Format::kCsv:
    case Format::kTable:
      WriteCells(row);
      break;
  }
}

void RecordWriter::WriteCells(const Message& row) {
  const bool human = style_.format == Format::kTable;
  if (count_ == 1 && !human) WriteCsvHead();
  std::vector<std::string> cells;
  for (const Column& column : columns_) {
    std::string cell = CellText(row, column.path, {style_.language, human});
    if (!human && style_.csv.decimal_mark != '.' && IsNumeric(column.path)) {
      std::replace(cell.begin(), cell.end(), '.', style_.csv.decimal_mark);
    }
    if (!human && style_.csv.quote_formulas) cell = QuoteFormula(std::move(cell));
    cells.push_back(human ? OneLine(cell) : std::move(cell));
  }
  if (!human) return WriteCsvLine(out_, cells, style_.csv.delimiter);
  if (widths_known_) return WriteTableRow(cells);
  held_.push_back(std::move(cells));
  if (held_.size() >= kRowsHeld) FlushTable();
}

void RecordWriter::WriteCsvHead() {
  if (style_.csv.byte_order_mark) out_ << kByteOrderMark;
  if (style_.headers) WriteCsvLine(out_, Paths(columns_), style_.csv.delimiter);
}

void RecordWriter::WriteTableRow(const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const int width = DisplayWidth(cells[i]);
    const std::string padding(static_cast<size_t>(std::max(0, widths_[i] - width)), ' ');
    if (i > 0) line.append(kColumnGap, ' ');
    line += IsNumeric(columns_[i].path) ? padding + cells[i] : cells[i] + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out_ << line << '\n';
}

void RecordWriter::FlushTable() {
  if (!widths_known_) {
    widths_.assign(columns_.size(), 0);
    if (style_.headers) held_.insert(held_.begin(), Headings(columns_));
    for (const std::vector<std::string>& cells : held_) {
      for (size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], DisplayWidth(cells[i]));
    }
    widths_known_ = true;
  }
  for (const std::vector<std::string>& cells : held_) WriteTableRow(cells);
  held_.clear();
}

void RecordWriter::Finish() {
  switch (style_.format) {
    case Format::kJson:
      out_ << (count_ == 0 ? "[]\n" : "\n]\n");
      break;
    case Format::kTable:
      if (count_ > 0) FlushTable();
      break;
    case Format::kCsv:
      if (count_ == 0) WriteCsvHead();
      break;
    case Format::kJsonLines:
      break;
  }
  out_.flush();
}

absl::StatusOr<RecordWriter> NewRecordWriter(std::ostream& out, const OutputStyle& style, const Descriptor& type,
                                             const std::vector<std::string>& usual) {
  absl::StatusOr<std::vector<Column>> columns = ColumnsOf(type, usual, style.language);
  if (!columns.ok()) return columns.status();
  absl::StatusOr<std::vector<Column>> picked = ColumnsOf(type, style.fields, style.language);
  if (!picked.ok()) return picked.status();
  return RecordWriter(out, style, *std::move(columns), *std::move(picked));
}

absl::Status WriteObject(std::ostream& out, const OutputStyle& style, const Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  if (style.format == Format::kJson && style.fields.empty()) {
    out << JsonText(ToJson(message), true) << '\n';
    return absl::OkStatus();
  }
  if (style.format == Format::kTable) {
    const absl::StatusOr<std::vector<Column>> columns =
        ColumnsOf(type, style.fields.empty() ? AllFields(type) : style.fields, style.language);
    if (!columns.ok()) return columns.status();
    WriteFieldList(out, style, *columns, message);
    return absl::OkStatus();
  }
  OutputStyle lines = style;
  if (style.format == Format::kJson) lines.format = Format::kJsonLines;
  absl::StatusOr<RecordWriter> writer = NewRecordWriter(out, lines, type, AllFields(type));
  if (!writer.ok()) return writer.status();
  writer->Write(message);
  writer->Finish();
  return absl::OkStatus();
}

}  // namespace folio::cli
