// Indicators: what each figure of the business means, and how it is computed.
//
// An indicator is one source file of this folder, or a part of one, which registers itself: presence is membership.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "folio/v1/indicator.pb.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// A figure that is reported beside an indicator.
struct Part {
  std::string_view id;
  std::string_view name;
  std::string_view name_fr;
  v1::IndicatorUnit unit = v1::INDICATOR_UNIT_COUNT;
};

struct Indicator {
  std::string_view id;
  int version = 1;  // goes up when the definition changes
  std::string_view variant_of = "";
  std::string_view name;
  std::string_view name_fr;
  std::string_view description;
  std::string_view description_fr;
  // How it is made of its parts; in braces their ids, or numerator, denominator, n (the sample's size).
  std::string_view formula;
  v1::IndicatorCategory category = v1::INDICATOR_CATEGORY_BUSINESS;
  v1::IndicatorUnit unit = v1::INDICATOR_UNIT_COUNT;
  bool higher_is_better = true;
  bool north_star = false;
  v1::IndicatorTiming timing = v1::INDICATOR_TIMING_PERIOD;
  v1::IntervalMethod interval = v1::INTERVAL_METHOD_UNSPECIFIED;
  bool additive = false;                           // values of groups without common accounts sum to the whole
  std::vector<std::string_view> inputs;            // that it reads: collections, kinds of facts, healthHistory
  std::vector<ledger::Dimension> dimensions = {};  // what its facts can be grouped by
  std::vector<Part> parts;
  std::shared_ptr<const Method> method;
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

// Whether values of a unit are amounts of money.
inline bool IsMoney(v1::IndicatorUnit unit) {
  return unit == v1::INDICATOR_UNIT_MONEY || unit == v1::INDICATOR_UNIT_MONEY_PER_DAY;
}

}  // namespace folio::indicators
