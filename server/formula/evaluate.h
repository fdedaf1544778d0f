// What a formula comes to.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "folio/v1/common.pb.h"
#include "server/formula/formula.h"

namespace folio::formula {

// A figure, or why there is none.
struct Value {
  double number = 0;  // money in units of the currency, durations in days
  v1::Absence absence = v1::ABSENCE_UNSPECIFIED;
  std::string culprit;  // where absent: the part of the formula that it began with

  bool missing() const { return absence != v1::ABSENCE_UNSPECIFIED; }
};

struct Evaluation {
  Value value;
  std::optional<double> numerator;  // where the formula is a division of two figures that are there
  std::optional<double> denominator;
  std::vector<Value> references;  // as many as the formula has, in its order
};

// `resolve` is asked once for each reference. What is computed from an absent figure is absent for the same reason,
// except by if_absent. A division by 0 is absent (NO_DENOMINATOR), and so is a result beyond what a double can hold
// (NO_DATA): never a NaN or an infinity.
Evaluation Evaluate(const Formula& formula, const std::function<Value(const Reference&)>& resolve);

}  // namespace folio::formula
