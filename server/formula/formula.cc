#include "server/formula/formula.h"

#include <algorithm>
#include <array>
#include <limits>

#include "fmt/format.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/base/nearest.h"
#include "server/formula/syntax.h"
#include "server/model/text_position.h"

namespace folio::formula {
namespace {

using Kind = Node::Kind;

constexpr std::string_view kField = "formula";
constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();
constexpr int kWindowDaysMax = 3'660;  // ten years

// Functions whose arguments are figures of any kind.
struct Function {
  std::string_view name;
  std::string_view usage;
  Kind kind;
  size_t least;
  size_t most;
};
constexpr auto kFunctions = std::to_array<Function>({
    {"min", "min(figure, figure, ...)", Kind::kMin, 2, kAnyNumber},
    {"max", "max(figure, figure, ...)", Kind::kMax, 2, kAnyNumber},
    {"abs", "abs(figure)", Kind::kAbsolute, 1, 1},
    {"if_absent", "if_absent(figure, other)", Kind::kIfAbsent, 2, 2},
});

// Functions that give a unit to a number.
struct Quantity {
  std::string_view name;
  std::string_view usage;
  Unit unit;
  double scale;
};
constexpr auto kQuantities = std::to_array<Quantity>({
    {"money", "money(1000)", units::kMoney, 1},
    {"days", "days(30)", units::kDuration, 1},
    {"hours", "hours(24)", units::kDuration, 1.0 / 24},
    {"count", "count(measure), or count(measure > number)", units::kCount, 1},
});

struct AggregateFunction {
  std::string_view name;
  std::string_view usage;
  Aggregate aggregate;
};
constexpr auto kAggregates = std::to_array<AggregateFunction>({
    {"sum", "sum(measure), or sum(measure, days)", Aggregate::kSum},
    {"mean", "mean(measure), or mean(measure, days)", Aggregate::kMean},
    {"median", "median(measure), or median(measure, days)", Aggregate::kMedian},
    {"count", "count(measure), or count(measure > number, days)", Aggregate::kCount},
    {"share", "share(measure > number), or share(measure > number, days)", Aggregate::kShare},
});

// Functions that ask for an indicator at another time or of other accounts.
constexpr std::string_view kPrevious = "previous";
constexpr std::string_view kYearBefore = "year_before";
constexpr std::string_view kWithin = "within";

template <typename Table>
auto Find(const Table& table, std::string_view name) -> const typename Table::value_type* {
  const auto found = std::ranges::find(table, name, [](const auto& entry) { return entry.name; });
  return found == table.end() ? nullptr : &*found;
}

bool operator==(const Condition& left, const Condition& right) {
  return left.comparator == right.comparator && left.threshold == right.threshold;
}

bool SameFigure(const Reference& left, const Reference& right) {
  const bool conditions = left.condition.has_value() == right.condition.has_value() &&
                          (!left.condition || *left.condition == *right.condition);
  return conditions && left.name == right.name && left.is_measure == right.is_measure &&
         left.aggregate == right.aggregate && left.window_days == right.window_days && left.shift == right.shift &&
         left.filter == right.filter;
}

Comparator ComparatorOf(std::string_view text) {
  if (text == "<") return Comparator::kLess;
  if (text == "<=") return Comparator::kLessEqual;
  if (text == "=") return Comparator::kEqual;
  return text == ">=" ? Comparator::kGreaterEqual : Comparator::kGreater;
}

class Checker {
 public:
  Checker(std::string_view text, const Catalogue& catalogue) : text_(text), catalogue_(catalogue) {}

  absl::StatusOr<Node> Check(const Syntax& syntax) {
    if (++nodes_ > limits::kFormulaNodesMax) {
      return error::InvalidField(kField, "FORMULA_TOO_LARGE",
                                 {{"maximum", fmt::format("{}", limits::kFormulaNodesMax)}, {"unit", "figures"}});
    }
    switch (syntax.kind) {
      case Syntax::Kind::kNumber:
        return Node{.number = syntax.number,
                    .unit = syntax.percent ? units::kRatio : units::kNumber,
                    .begin = syntax.begin,
                    .end = syntax.end};
      case Syntax::Kind::kNegation:
        return CheckFunction(syntax, Kind::kNegate);
      case Syntax::Kind::kBinary:
        return CheckBinary(syntax);
      case Syntax::Kind::kName:
        return CheckReference(syntax);
      case Syntax::Kind::kCall:
        return CheckCall(syntax);
      case Syntax::Kind::kText:
      case Syntax::Kind::kComparison:
        break;
    }
    return Fault("FORMULA_SYNTAX", syntax, {{"found", TextOf(syntax)}, {"expected", "figure"}});
  }

  std::vector<Reference> TakeReferences() { return std::move(references_); }

 private:
  std::string TextOf(const Syntax& syntax) const {
    return std::string(text_.substr(syntax.begin, syntax.end - syntax.begin));
  }
  std::string TextOf(const Node& node) const { return std::string(text_.substr(node.begin, node.end - node.begin)); }

  absl::Status Fault(std::string_view reason, const Syntax& at, std::vector<error::Detail> details) const {
    details.insert(details.begin(), {"position", model::PositionOf(text_, at.begin)});
    return error::InvalidField(kField, reason, std::move(details));
  }

  absl::Status WrongArguments(const Syntax& call, std::string_view usage) const {
    return Fault("FORMULA_ARGUMENTS", call, {{"function", call.text}, {"usage", std::string(usage)}});
  }

  absl::Status DifferentUnits(const Syntax& at, const Node& left, const Node& right) const {
    return Fault("FORMULA_UNITS", at,
                 {{"left", TextOf(left)},
                  {"left_unit", NameOf(left.unit)},
                  {"right", TextOf(right)},
                  {"right_unit", NameOf(right.unit)}});
  }

  absl::StatusOr<std::vector<Node>> CheckChildren(const Syntax& syntax) {
    std::vector<Node> children;
    for (const Syntax& child : syntax.children) {
      auto checked = Check(child);
      if (!checked.ok()) return checked.status();
      children.push_back(*std::move(checked));
    }
    return children;
  }

  absl::StatusOr<Node> CheckBinary(const Syntax& syntax) {
    auto children = CheckChildren(syntax);
    if (!children.ok()) return children.status();
    const Node& left = (*children)[0];
    const Node& right = (*children)[1];
    Node node{.begin = syntax.begin, .end = syntax.end};
    if (syntax.text == "*" || syntax.text == "/") {
      node.kind = syntax.text == "*" ? Kind::kMultiply : Kind::kDivide;
      node.unit = node.kind == Kind::kMultiply ? ProductOf(left.unit, right.unit) : QuotientOf(left.unit, right.unit);
    } else {
      const auto unit = SumOf(left.unit, right.unit);
      if (!unit) return DifferentUnits(syntax, left, right);
      node.kind = syntax.text == "+" ? Kind::kAdd : Kind::kSubtract;
      node.unit = *unit;
    }
    node.children = *std::move(children);
    return node;
  }

  // All arguments of one unit, which is the function's.
  absl::StatusOr<Node> CheckFunction(const Syntax& syntax, Kind kind) {
    auto children = CheckChildren(syntax);
    if (!children.ok()) return children.status();
    Unit unit = (*children)[0].unit;
    for (const Node& child : *children) {
      const auto sum = SumOf(unit, child.unit);
      if (!sum) return DifferentUnits(syntax, (*children)[0], child);
      unit = *sum;
    }
    return Node{.kind = kind, .children = *std::move(children), .unit = unit, .begin = syntax.begin, .end = syntax.end};
  }

  absl::StatusOr<Node> CheckCall(const Syntax& call) {
    const bool of_number = call.children.size() == 1 && call.children[0].kind == Syntax::Kind::kNumber;
    if (const Quantity* quantity = Find(kQuantities, call.text)) {
      if (of_number) {
        return Node{.number = call.children[0].number * quantity->scale,
                    .unit = quantity->unit,
                    .begin = call.begin,
                    .end = call.end};
      }
      if (quantity->unit != units::kCount) return WrongArguments(call, quantity->usage);
    }
    const Function* function = Find(kFunctions, call.text);
    if (function == nullptr) return CheckReference(call);
    if (call.children.size() < function->least || call.children.size() > function->most) {
      return WrongArguments(call, function->usage);
    }
    return CheckFunction(call, function->kind);
  }

  absl::StatusOr<Node> CheckReference(const Syntax& syntax) {
    auto reference = ReferenceOf(syntax);
    if (!reference.ok()) return reference.status();
    Node node{.kind = Kind::kReference, .unit = reference->unit, .begin = syntax.begin, .end = syntax.end};
    const auto same = [&](const Reference& other) { return SameFigure(*reference, other); };
    node.reference = static_cast<size_t>(std::ranges::find_if(references_, same) - references_.begin());
    if (node.reference == references_.size()) {
      reference->text = TextOf(syntax);
      references_.push_back(*std::move(reference));
    }
    return node;
  }

  // The figure that a name, or functions of one name, ask for.
  absl::StatusOr<Reference> ReferenceOf(const Syntax& syntax) {
    if (syntax.kind == Syntax::Kind::kName) return IndicatorOf(syntax);
    if (syntax.kind != Syntax::Kind::kCall) {
      return Fault("FORMULA_SYNTAX", syntax, {{"found", TextOf(syntax)}, {"expected", "indicator"}});
    }
    if (syntax.text == kPrevious || syntax.text == kYearBefore) return ShiftOf(syntax);
    if (syntax.text == kWithin) return WithinOf(syntax);
    if (const AggregateFunction* aggregate = Find(kAggregates, syntax.text)) return AggregateOf(syntax, *aggregate);
    return UnknownFunction(syntax);
  }

  absl::Status UnknownFunction(const Syntax& call) const {
    std::vector<std::string_view> names = {kPrevious, kYearBefore, kWithin};
    for (const auto& entry : kFunctions) names.push_back(entry.name);
    for (const auto& entry : kQuantities) names.push_back(entry.name);
    for (const auto& entry : kAggregates) names.push_back(entry.name);
    return Fault("FORMULA_FUNCTION_UNKNOWN", call,
                 {{"function", call.text}, {"nearest", NearestName(call.text, names)}});
  }

  absl::StatusOr<Reference> IndicatorOf(const Syntax& name) const {
    const auto unit = catalogue_.FindIndicator(name.text);
    if (!unit) {
      return Fault("FORMULA_NAME_UNKNOWN", name,
                   {{"name", name.text}, {"nearest", catalogue_.NearestIndicator(name.text)}});
    }
    return Reference{.name = name.text, .unit = *unit};
  }

  absl::StatusOr<Reference> ShiftOf(const Syntax& call) {
    constexpr std::string_view kUsage = "previous(indicator), or year_before(indicator)";
    if (call.children.size() != 1) return WrongArguments(call, kUsage);
    auto reference = ReferenceOf(call.children[0]);
    if (!reference.ok()) return reference;
    if (reference->shift != Shift::kNone || reference->is_measure) return WrongArguments(call, kUsage);
    reference->shift = call.text == kPrevious ? Shift::kPrevious : Shift::kYearBefore;
    return reference;
  }

  absl::StatusOr<Reference> WithinOf(const Syntax& call) {
    constexpr std::string_view kUsage = "within(indicator, \"filter of accounts\")";
    if (call.children.size() != 2 || call.children[1].kind != Syntax::Kind::kText) return WrongArguments(call, kUsage);
    auto reference = ReferenceOf(call.children[0]);
    if (!reference.ok()) return reference;
    if (!reference->filter.empty() || call.children[1].text.empty()) return WrongArguments(call, kUsage);
    if (const absl::Status status = catalogue_.CheckFilter(call.children[1].text); !status.ok()) return status;
    reference->filter = call.children[1].text;
    return reference;
  }

  absl::StatusOr<Reference> AggregateOf(const Syntax& call, const AggregateFunction& function) const {
    if (call.children.empty() || call.children.size() > 2) return WrongArguments(call, function.usage);
    const Syntax& first = call.children[0];
    const bool compares = first.kind == Syntax::Kind::kComparison;
    const bool may_compare = function.aggregate == Aggregate::kCount || function.aggregate == Aggregate::kShare;
    if (compares ? !may_compare : function.aggregate == Aggregate::kShare) return WrongArguments(call, function.usage);
    const Syntax& name = compares ? first.children[0] : first;
    if (name.kind != Syntax::Kind::kName) return WrongArguments(call, function.usage);
    const auto measure = catalogue_.FindMeasure(name.text);
    if (!measure) {
      return Fault("FORMULA_NAME_UNKNOWN", name,
                   {{"name", name.text}, {"nearest", catalogue_.NearestMeasure(name.text)}});
    }
    Reference reference{.name = name.text, .is_measure = true, .aggregate = function.aggregate, .unit = measure->unit};
    if (may_compare) reference.unit = function.aggregate == Aggregate::kCount ? units::kCount : units::kRatio;
    if (compares) {
      const auto threshold = NumberOf(first.children[1]);
      if (!threshold) return WrongArguments(call, function.usage);
      reference.condition = {ComparatorOf(first.text), *threshold};
    }
    if (call.children.size() == 2) {
      const auto days = NumberOf(call.children[1]);
      const bool whole = days && *days >= 1 && *days <= kWindowDaysMax && *days == static_cast<int>(*days);
      if (!whole || !measure->has_window) return WrongArguments(call, function.usage);
      reference.window_days = static_cast<int>(*days);
    }
    return reference;
  }

  static std::optional<double> NumberOf(const Syntax& syntax) {
    if (syntax.kind == Syntax::Kind::kNumber) return syntax.number;
    if (syntax.kind != Syntax::Kind::kNegation || syntax.children[0].kind != Syntax::Kind::kNumber) return std::nullopt;
    return -syntax.children[0].number;
  }

  std::string_view text_;
  const Catalogue& catalogue_;
  int nodes_ = 0;
  std::vector<Reference> references_;
};

}  // namespace

absl::StatusOr<Formula> ParseFormula(std::string_view text, const Catalogue& catalogue) {
  const auto syntax = ParseSyntax(text);
  if (!syntax.ok()) return syntax.status();
  Checker checker(text, catalogue);
  auto root = checker.Check(*syntax);
  if (!root.ok()) return root.status();
  if (!IsUnitOfFigure(root->unit)) {
    return error::InvalidField(kField, "FORMULA_UNIT_OF_RESULT", {{"unit", NameOf(root->unit)}});
  }
  return Formula{.text = std::string(text), .root = *std::move(root), .references = checker.TakeReferences()};
}

}  // namespace folio::formula
