// Figures: what an indicator comes to in one period for one group, and the estimates that figures are made of.
#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "folio/v1/common.pb.h"
#include "server/base/int128.h"
#include "server/base/money.h"
#include "server/statistics/interval.h"

namespace folio::indicators {

// A figure beside the value: an amount or a number, as the definition's part says.
struct PartValue {
  Micros micros = 0;
  double number = 0;
};

inline PartValue PartNumber(double number) { return {.number = number}; }
// An amount: beyond what it can hold it stays at the limit; no portfolio gets there.
PartValue PartMoney(Int128 micros);

struct StageFigure;

// A value, or why there is none. A zero denominator is an absence, never 0.
struct Figure {
  // Why there is no value. With ABSENCE_NOT_MATURE there is one, which is not final.
  v1::Absence absence = v1::ABSENCE_UNSPECIFIED;
  Micros micros = 0;             // the value where the unit is money
  double number = 0;             // the value in any other unit
  double numerator = 0;          // of ratios and means
  double denominator = 0;        // of ratios and means
  int64_t sample_size = 0;       // facts or accounts that it was read from
  std::vector<PartValue> parts;  // in the order of the definition
  // The same by stage, for those that are told so; by name.
  std::vector<StageFigure> stages;
  absl::Status fault;  // why it cannot be computed
  // How far the value may lie from the truth by chance; not set where it is no estimate.
  std::optional<statistics::Interval> interval;

  // What it takes, about.
  int64_t bytes() const {
    return static_cast<int64_t>(sizeof(Figure)) + std::ssize(parts) * static_cast<int64_t>(sizeof(PartValue));
  }

  bool has_value() const {
    return fault.ok() && (absence == v1::ABSENCE_UNSPECIFIED || absence == v1::ABSENCE_NOT_MATURE);
  }
};

// The figure of one stage of leads or deals.
struct StageFigure {
  std::string stage;
  Figure figure;
};

// Sums of values in millionths, exact and the same in whatever order they come.
struct Tally {
  int64_t count = 0;
  Int128 sum = 0;
  Int128 squares = 0;

  void Add(int64_t millionths) {
    ++count;
    sum += millionths;
    squares += static_cast<Int128>(millionths) * millionths;
  }
  void Merge(const Tally& other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
  }
  double total() const;  // in units
  double mean() const;   // in units; count above 0
  // Student's interval of the mean, in units; none below two values.
  std::optional<statistics::Interval> interval() const;
};

// A ratio that is no estimate, so that it has no interval. Absent for `absence` where the denominator is 0.
Figure RatioOf(double numerator, double denominator, int64_t sample_size,
               v1::Absence absence = v1::ABSENCE_NO_DENOMINATOR);

// A share with Wilson's interval. Absent for `absence` where `count` is 0.
Figure ShareOf(int64_t hits, int64_t count, v1::Absence absence);

// A mean with Student's interval. NO_DATA where nothing was counted.
Figure MeanOf(const Tally& tally);

// A quantile of sorted values in millionths, with its interval by ranks. NO_DATA where there are none.
Figure QuantileOf(std::span<const int64_t> sorted, double share);

// A quotient of amounts by a number above 0, rounded half to even. Beyond what it can hold it stays at the limit.
Micros MeanMicros(Int128 micros, Int128 count);

// An amount in units of the currency.
double UnitsOf(Int128 micros);

}  // namespace folio::indicators
