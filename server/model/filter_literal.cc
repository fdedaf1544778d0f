#include "server/model/filter_literal.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "server/base/date.h"
#include "server/base/money.h"
#include "server/base/text.h"

namespace folio::model {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return lower;
}

// A number that takes up the whole text.
template <typename Number>
std::optional<Cell> ParseNumber(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Cell(value);
}

std::optional<Cell> ParseReal(std::string_view text) {
  const auto value = ParseNumber<double>(text);
  if (!value || !std::isfinite(std::get<double>(*value))) return std::nullopt;
  return value;
}

std::optional<Cell> ParseBool(std::string_view text) {
  const std::string lower = Lower(text);
  if (lower == "true") return Cell(int64_t{1});
  if (lower == "false") return Cell(int64_t{0});
  return std::nullopt;
}

template <typename Value>
std::optional<Cell> Checked(const absl::StatusOr<Value>& value) {
  if (!value.ok()) return std::nullopt;
  return Cell(int64_t{*value});
}

// An instant; a day stands for its beginning in UTC.
std::optional<Cell> ParseTime(std::string_view text) {
  const auto day = ParseDay(text);
  return Checked(day.ok() ? absl::StatusOr<Instant>(TimeZone::Load("")->StartOf(*day)) : ParseInstant(text));
}

std::string Quote(std::string_view text, bool star_before, bool star_after) {
  std::string quoted = star_before ? "\"*" : "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '*') quoted += '\\';
    quoted += c;
  }
  return quoted + (star_after ? "*\"" : "\"");
}

std::string WriteInt(int64_t value, const Column& column) {
  switch (column.type) {
    case ColumnType::kEnum:
      return column.enum_names[static_cast<size_t>(value)];
    case ColumnType::kMoney:
      return FormatMicros(value);
    case ColumnType::kBool:
      return value != 0 ? "true" : "false";
    case ColumnType::kDate:
      return FormatDay(static_cast<Day>(value));
    case ColumnType::kTime:
      return FormatInstant(value);
    default:
      return std::to_string(value);
  }
}

}  // namespace

std::optional<int64_t> EnumNumber(std::string_view name, const Column& column) {
  std::string lower = Lower(name);
  if (!column.enum_prefix.empty() && lower.starts_with(column.enum_prefix)) lower.erase(0, column.enum_prefix.size());
  for (size_t number = 0; number < column.enum_names.size(); ++number) {
    if (!lower.empty() && column.enum_names[number] == lower) return static_cast<int64_t>(number);
  }
  return std::nullopt;
}

std::optional<Cell> ParseLiteral(std::string_view text, const Column& column) {
  switch (column.type) {
    case ColumnType::kText:
      return Cell(Fold(text));
    case ColumnType::kSymbol:
    case ColumnType::kSymbolSet:
      return Cell(std::string(text));
    case ColumnType::kEnum: {
      const auto number = EnumNumber(text, column);
      return number ? std::optional<Cell>(*number) : std::nullopt;
    }
    case ColumnType::kInt:
      return ParseNumber<int64_t>(text);
    case ColumnType::kReal:
      return ParseReal(text);
    case ColumnType::kMoney:
      return Checked(ParseMicros(text));
    case ColumnType::kBool:
      return ParseBool(text);
    case ColumnType::kDate:
      return Checked(ParseDay(text));
    case ColumnType::kTime:
      return ParseTime(text);
  }
  return std::nullopt;
}

std::string ExpectedLiteral(const Column& column) {
  switch (column.type) {
    case ColumnType::kText:
      return "text";
    case ColumnType::kSymbol:
      return "symbol";
    case ColumnType::kSymbolSet:
      return "set";
    case ColumnType::kInt:
      return "integer";
    case ColumnType::kReal:
      return "number";
    case ColumnType::kMoney:
      return "money";
    case ColumnType::kBool:
      return "bool";
    case ColumnType::kDate:
      return "date";
    case ColumnType::kTime:
      return "time";
    case ColumnType::kEnum:
      break;
  }
  std::string names;
  for (const std::string& name : column.enum_names) {
    if (!name.empty()) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

std::string WriteLiteral(const Cell& literal, const Column& column, bool star_before, bool star_after) {
  if (const auto* text = std::get_if<std::string>(&literal)) return Quote(*text, star_before, star_after);
  if (const auto* real = std::get_if<double>(&literal)) return fmt::format("{}", *real);
  return WriteInt(std::get<int64_t>(literal), column);
}

}  // namespace folio::model
