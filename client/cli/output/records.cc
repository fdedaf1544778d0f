#include "client/cli/output/records.h"

#include <algorithm>
#include <functional>

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

// What a column is called where programs read it: its path, which `import` understands.
std::vector<std::string> Paths(const std::vector<Column>& columns) {
  std::vector<std::string> paths;
  for (const Column& column : columns) {
    paths.push_back(column.path.is_id ? "id" : column.path.text);
    if (HasCurrency(column.path)) paths.push_back(column.path.text + "_currency");
  }
  return paths;
}

// The paths of a message's parts, and of those of its parts, as far as they have parts that stand alone.
void AddParts(const Descriptor& type, const std::string& path, std::vector<const Descriptor*> within,
              std::vector<std::string>* paths) {
  within.push_back(&type);
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    const std::string name = path + "." + field.name();
    if (!IsOfParts(field)) {
      paths->push_back(name);
    } else if (std::find(within.begin(), within.end(), field.message_type()) == within.end()) {
      AddParts(*field.message_type(), name, within, paths);
    }
  }
}

// Paths for CSV: a cell holds one value, so that a message gives way to its parts.
std::vector<std::string> InParts(const Descriptor& type, const std::vector<std::string>& paths) {
  std::vector<std::string> parts;
  for (const std::string& text : paths) {
    const absl::StatusOr<FieldPath> path = FindPath(type, text);
    if (path.ok() && path->key.empty() && IsOfParts(path->leaf())) {
      AddParts(*path->leaf().message_type(), path->text, {&type}, &parts);
    } else {
      parts.push_back(text);  // where it is no path, whoever uses it says so
    }
  }
  return parts;
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

void WriteCsvHead(std::ostream& out, const OutputStyle& style, const std::vector<std::string>& names) {
  if (style.csv.byte_order_mark) out << kByteOrderMark;
  if (style.headers) WriteCsvRow(out, style.csv, names);
}

void WriteCsvRow(std::ostream& out, const CsvStyle& style, std::vector<std::string> cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out << style.delimiter;
    out << CsvCell(style.quote_formulas ? QuoteFormula(std::move(cells[i])) : cells[i], style.delimiter);
  }
  out << '\n';
}

void WriteCsvObject(std::ostream& out, const OutputStyle& style, const Json& object) {
  std::vector<std::string> names;
  std::vector<std::string> cells;
  const std::function<void(const Json&, const std::string&)> add = [&](const Json& part, const std::string& path) {
    for (const auto& [key, value] : part.items()) {
      if (value.is_object()) {
        add(value, path + key + ".");
        continue;
      }
      std::string cell = value.is_string() ? value.get<std::string>() : JsonText(value, false);
      if (value.is_number_float()) std::replace(cell.begin(), cell.end(), '.', style.csv.decimal_mark);
      names.push_back(path + key);
      cells.push_back(std::move(cell));
    }
  };
  add(object, "");
  WriteCsvHead(out, style, names);
  WriteCsvRow(out, style.csv, std::move(cells));
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
      WriteCsv(row);
      break;
    case Format::kTable:
      WriteCells(row);
      break;
  }
}

void RecordWriter::WriteCells(const Message& row) {
  std::vector<std::string> cells;
  for (const Column& column : columns_) cells.push_back(OneLine(CellText(row, column.path, {style_.language, true})));
  if (widths_known_) return WriteTableRow(cells);
  held_.push_back(std::move(cells));
  if (held_.size() >= kRowsHeld) FlushTable();
}

void RecordWriter::WriteCsv(const Message& row) {
  if (count_ == 1) BeginCsv();
  const CellStyle style = {
      .language = style_.language, .human = false, .with_currency = false, .decimal_mark = style_.csv.decimal_mark};
  std::vector<std::string> cells;
  for (const Column& column : columns_) {
    cells.push_back(CellText(row, column.path, style));
    if (HasCurrency(column.path)) cells.push_back(CurrencyText(row, column.path));
  }
  WriteCsvRow(out_, style_.csv, std::move(cells));
}

void RecordWriter::BeginCsv() { WriteCsvHead(out_, style_, Paths(columns_)); }

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
      if (count_ == 0) BeginCsv();
      break;
    case Format::kJsonLines:
      break;
  }
  out_.flush();
}

absl::StatusOr<RecordWriter> NewRecordWriter(std::ostream& out, const OutputStyle& style, const Descriptor& type,
                                             const std::vector<std::string>& usual) {
  const bool csv = style.format == Format::kCsv;
  absl::StatusOr<std::vector<Column>> columns = ColumnsOf(type, csv ? InParts(type, usual) : usual, style.language);
  if (!columns.ok()) return columns.status();
  absl::StatusOr<std::vector<Column>> picked =
      ColumnsOf(type, csv ? InParts(type, style.fields) : style.fields, style.language);
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
