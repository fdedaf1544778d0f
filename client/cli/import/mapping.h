// Mapping files: which column feeds which field, and how values are written. docs/import.md describes them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/import/rows.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/decimal.h"

namespace folio::cli {

// A piece of a template: text that stands for itself, or a column.
struct TemplatePart {
  std::string text;
  bool is_column = false;
};

// How values are written, as far as a mapping says so; for all fields or for one.
struct Formats {
  std::vector<std::string> dates;        // patterns
  std::optional<std::string> time_zone;  // IANA name
  char decimal_mark = 0;
  std::string currency;
  std::string separator;
  std::vector<std::string> true_words;
  std::vector<std::string> false_words;
};

// What feeds one field.
struct FieldRule {
  std::string field;                          // path, as written
  std::vector<TemplatePart> parts;            // a column alone, or a template, or a constant
  std::map<std::string, std::string> values;  // replaces values; "*" stands for all others
  std::string fallback;                       // taken where the cell is empty
  std::optional<Decimal> factor;
  std::string currency_column;  // of amounts that do not name theirs; empty: there is none
  Formats formats;
};

struct Mapping {
  std::string rows;  // "accounts", "facts/usage" …; empty where the file does not say
  std::vector<FieldRule> fields;
  std::set<std::string> ignored;  // columns that are left out knowingly; "*" is all
  bool automatic = false;         // columns without a rule are matched by their names
  Formats formats;
  std::string encoding;  // empty: detected
  char delimiter = 0;    // 0: detected
};

// Reads a mapping. Fault MAPPING_MALFORMED, with file and line; unknown keys are refused.
absl::StatusOr<Mapping> ParseMapping(std::string_view toml, const std::string& path);

// The rules that follow from the columns' names alone: names and columns of fields, and known synonyms in English and
// French. A column named after one of amounts, "amount_currency", tells their currency; so does a column "currency"
// that is no field itself, of all amounts. Columns that feed nothing are left over.
std::vector<FieldRule> AutomaticRules(const std::vector<std::string>& columns, const RowType& type);

}  // namespace folio::cli
