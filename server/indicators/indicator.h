// Indicators: the figures of a set of accounts on a day.
//
// An indicator is one source file of this folder, which registers itself: presence is membership. It folds over
// accounts one at a time and keeps no more than its sums, so that any scope, group and day is answered by the same few
// lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "folio/v1/common.pb.h"
#include "folio/v1/indicator.pb.h"
#include "server/account/view.h"
#include "server/base/int128.h"
#include "server/base/money.h"
#include "server/scoring/score.h"

namespace folio::indicators {

// One account, as it is on the day asked for (`view.today`). Borrowed during the call.
struct Sample {
  const account::View& view;
  const scoring::Model& model;
};

// What an indicator came to: a value, or why there is none. A zero denominator is an absence, never 0.
struct Figure {
  v1::Absence absence = v1::ABSENCE_UNSPECIFIED;
  Micros micros = 0;          // the value of an indicator of money
  double number = 0;          // the value of any other
  double numerator = 0;       // of ratios and means
  double denominator = 0;     // of ratios and means
  int64_t account_count = 0;  // accounts it was read from
};

// A sum in the making, of one group and one day.
class Fold {
 public:
  virtual ~Fold() = default;
  virtual void Add(const Sample& sample) = 0;
  virtual Figure Finish() const = 0;
};

struct Indicator {
  std::string_view id;
  int version = 1;  // goes up when the definition changes
  std::string_view name;
  std::string_view name_fr;
  std::string_view description;
  std::string_view description_fr;
  v1::IndicatorCategory category = v1::INDICATOR_CATEGORY_BUSINESS;
  v1::IndicatorUnit unit = v1::INDICATOR_UNIT_COUNT;
  bool higher_is_better = true;
  bool north_star = false;
  std::vector<std::string_view> inputs;  // collections and kinds of facts that it reads
  std::unique_ptr<Fold> (*begin)() = nullptr;
};

// Registers an indicator when the program starts.
class Registrar {
 public:
  explicit Registrar(Indicator indicator);
};

// All indicators, by id. Callable from any thread once main() has begun.
const std::vector<Indicator>& AllIndicators();
// nullptr where there is none of that id.
const Indicator* FindIndicator(std::string_view id);

template <typename SomeFold>
std::unique_ptr<Fold> Begin() {
  return std::make_unique<SomeFold>();
}

// A sum as an amount. Beyond what an amount can hold it stays at the limit; no portfolio gets there.
Micros Saturated(Int128 micros);
// An amount in units of the currency, for numerators and denominators.
double UnitsOf(Int128 micros);

}  // namespace folio::indicators
