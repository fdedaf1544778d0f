// Formulas: indicators that users define from others, without code.
//
//   arr / year_before(arr) - 1
//   (win_rate - previous(win_rate)) * pipeline_value
//   within(arr, "health < 50 AND renewal_date < \"2025-01-01\"") / arr
//   if_absent(clv, 0 * arr) / cac + share(days_since_contact > 30)
//
// Names are indicators; previous, year_before and within ask for one at another time or of other accounts. Names within
// sum, mean, median, count and share are measures of accounts. Units are checked before anything is computed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/formula/unit.h"

namespace folio::formula {

enum class Shift : uint8_t { kNone, kPrevious, kYearBefore };

enum class Aggregate : uint8_t {
  kSum,
  kMean,
  kMedian,
  kCount,  // of the accounts that have the figure, and where there is a condition, meet it
  kShare,  // of the accounts that have the figure: those that meet the condition
};

enum class Comparator : uint8_t { kLess, kLessEqual, kEqual, kGreaterEqual, kGreater };

struct Condition {
  Comparator comparator = Comparator::kLess;
  double threshold = 0;  // in the measure's unit
};

// A figure that a formula needs from outside.
struct Reference {
  std::string text;  // as written first
  std::string name;  // of the indicator or measure
  bool is_measure = false;
  Aggregate aggregate = Aggregate::kSum;  // of a measure
  int window_days = 0;                    // of a measure; 0 is the measure's own
  std::optional<Condition> condition;     // of a measure
  Shift shift = Shift::kNone;
  std::string filter;  // of accounts, besides the scope asked for; empty for none
  Unit unit;
};

struct Node {
  enum class Kind : uint8_t {
    kNumber,
    kReference,
    kNegate,
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kMin,
    kMax,
    kAbsolute,
    kIfAbsent,
  };
  Kind kind = Kind::kNumber;
  double number = 0;     // kNumber
  size_t reference = 0;  // kReference: index of Formula::references
  std::vector<Node> children;
  Unit unit;
  size_t begin = 0;  // of its text, in bytes of the formula
  size_t end = 0;
};

struct Formula {
  std::string text;
  Node root;
  std::vector<Reference> references;  // each once

  const Unit& unit() const { return root.unit; }
  std::string_view TextOf(const Node& node) const {
    return std::string_view(text).substr(node.begin, node.end - node.begin);
  }
};

struct Measure {
  Unit unit;  // of flags a ratio
  bool has_window = false;
};

// What names mean where a formula is checked.
class Catalogue {
 public:
  virtual ~Catalogue() = default;
  virtual std::optional<Unit> FindIndicator(std::string_view name) const = 0;
  virtual std::optional<Measure> FindMeasure(std::string_view name) const = 0;
  // The names that are likeliest meant by one that is not known; empty where none is near.
  virtual std::string NearestIndicator(std::string_view name) const = 0;
  virtual std::string NearestMeasure(std::string_view name) const = 0;
  // The fault of a filter of accounts.
  virtual absl::Status CheckFilter(std::string_view filter) const = 0;
};

// INVALID_ARGUMENT on "formula", with the position of the culprit: FORMULA_SYNTAX, FORMULA_TOO_LARGE,
// FORMULA_NAME_UNKNOWN, FORMULA_FUNCTION_UNKNOWN, FORMULA_ARGUMENTS, FORMULA_UNITS, FORMULA_UNIT_OF_RESULT; and the
// faults of a filter.
absl::StatusOr<Formula> ParseFormula(std::string_view text, const Catalogue& catalogue);

}  // namespace folio::formula
