// Columns: what a filter, an order or a group may name, and of which type it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace folio::model {

enum class ColumnType : uint8_t {
  kText,       // free text, for example a name: compared folded
  kSymbol,     // text with few distinct values, for example a sector: a number into a dictionary
  kSymbolSet,  // several symbols, for example tags
  kEnum,       // a value of a protobuf enum, named without its prefix and in lower case: "active"
  kInt,        // a whole number
  kReal,       // a number
  kMoney,      // an amount, compared in units: `arr > 1000.50`
  kBool,
  kDate,  // "2024-12-31"
  kTime,  // "2024-12-31T10:00:00Z"
};

// Position of a column in its ColumnSet.
using ColumnIndex = int;

struct Column {
  std::string name;  // "sector", "custom.region"
  ColumnType type = ColumnType::kText;
  bool facet = false;
  // Names of an enum's values, by number ("" where there is none): {"", "micro", "small", ...}.
  std::vector<std::string> enum_names;
  // What the contract's own names begin with, in lower case: "account_size_"; filters accept it.
  std::string enum_prefix;
};

// The columns of one table. Only ever grows (a custom field adds one), so an index stays valid for life.
class ColumnSet {
 public:
  ColumnIndex Add(Column column);
  int size() const { return static_cast<int>(columns_.size()); }
  const Column& at(ColumnIndex index) const { return columns_[static_cast<size_t>(index)]; }
  std::optional<ColumnIndex> Find(std::string_view name) const;
  // The column, or the facet, whose name is nearest to a wrong one, for "did you mean"; empty where none is near.
  std::string Nearest(std::string_view name) const;
  std::string NearestFacet(std::string_view name) const;

 private:
  std::vector<Column> columns_;
  std::unordered_map<std::string, ColumnIndex> by_name_;
};

// One value of a column, or its absence. Text for kText and kSymbol; a vector for kSymbolSet; int64 for kEnum (number),
// kInt, kMoney (micros), kBool, kDate (Day) and kTime (Instant); double for kReal.
using Cell = std::variant<std::monostate, int64_t, double, std::string, std::vector<std::string>>;

}  // namespace folio::model
