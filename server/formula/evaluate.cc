#include "server/formula/evaluate.h"

#include <algorithm>
#include <cmath>

namespace folio::formula {
namespace {

using Kind = Node::Kind;

class Evaluator {
 public:
  Evaluator(const Formula& formula, const std::vector<Value>& references)
      : formula_(formula), references_(references) {}

  Value ValueOf(const Node& node) const {
    switch (node.kind) {
      case Kind::kNumber:
        return {.number = node.number};
      case Kind::kReference:
        return references_[node.reference];
      case Kind::kIfAbsent: {
        Value first = ValueOf(node.children[0]);
        return first.missing() ? ValueOf(node.children[1]) : first;
      }
      default:
        return Computed(node);
    }
  }

 private:
  Value Computed(const Node& node) const {
    std::vector<double> numbers;
    for (const Node& child : node.children) {
      Value value = ValueOf(child);
      if (value.missing()) return value;
      numbers.push_back(value.number);
    }
    if (node.kind == Kind::kDivide && numbers[1] == 0) return Absent(v1::ABSENCE_NO_DENOMINATOR, node.children[1]);
    const double number = Apply(node.kind, numbers);
    return std::isfinite(number) ? Value{.number = number} : Absent(v1::ABSENCE_NO_DATA, node);
  }

  Value Absent(v1::Absence why, const Node& culprit) const {
    return {.absence = why, .culprit = std::string(formula_.TextOf(culprit))};
  }

  static double Apply(Kind kind, const std::vector<double>& numbers) {
    switch (kind) {
      case Kind::kNegate:
        return -numbers[0];
      case Kind::kAbsolute:
        return std::abs(numbers[0]);
      case Kind::kAdd:
        return numbers[0] + numbers[1];
      case Kind::kSubtract:
        return numbers[0] - numbers[1];
      case Kind::kMultiply:
        return numbers[0] * numbers[1];
      case Kind::kDivide:
        return numbers[0] / numbers[1];
      case Kind::kMin:
        return std::ranges::min(numbers);
      default:
        return std::ranges::max(numbers);
    }
  }

  const Formula& formula_;
  const std::vector<Value>& references_;
};

}  // namespace

Evaluation Evaluate(const Formula& formula, const std::function<Value(const Reference&)>& resolve) {
  Evaluation evaluation;
  for (const Reference& reference : formula.references) {
    Value value = resolve(reference);
    if (value.missing() && value.culprit.empty()) value.culprit = reference.text;
    evaluation.references.push_back(std::move(value));
  }
  const Evaluator evaluator(formula, evaluation.references);
  evaluation.value = evaluator.ValueOf(formula.root);
  if (formula.root.kind == Kind::kDivide) {
    const Value over = evaluator.ValueOf(formula.root.children[0]);
    const Value under = evaluator.ValueOf(formula.root.children[1]);
    if (!over.missing() && !under.missing()) {
      evaluation.numerator = over.number;
      evaluation.denominator = under.number;
    }
  }
  return evaluation;
}

}  // namespace folio::formula
