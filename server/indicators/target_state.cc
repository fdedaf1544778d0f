#include "server/indicators/target_state.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "server/base/error.h"
#include "server/base/money.h"
#include "server/indicators/figure.h"

namespace folio::indicators {
namespace {

constexpr std::string_view kGoal = "indicator_target.goal";
constexpr std::string_view kAlert = "indicator_target.alert";
constexpr std::string_view kRaiseAt = "indicator_target.alert.raise_at";
constexpr std::string_view kClearAt = "indicator_target.alert.clear_at";

// Whether a value is at a threshold, or better.
bool Reaches(const v1::IndicatorTarget& target, double value, double threshold) {
  return target.higher_is_better() ? value >= threshold : value <= threshold;
}

double ClearAt(const v1::IndicatorAlert& alert) { return alert.has_clear_at() ? alert.clear_at() : alert.raise_at(); }

absl::Status CheckReaches(const v1::IndicatorTarget& target, std::string_view field, double value,
                          std::string_view other, double threshold) {
  if (Reaches(target, value, threshold)) return absl::OkStatus();
  return error::InvalidField(field, "TARGET_ORDER",
                             {{"value", fmt::format("{}", value)},
                              {"other", std::string(other)},
                              {target.higher_is_better() ? "minimum" : "maximum", fmt::format("{}", threshold)}});
}

}  // namespace

absl::Status CheckThresholds(const v1::IndicatorTarget& target) {
  if (!target.has_alert()) {
    return target.has_goal() ? absl::OkStatus()
                             : error::InvalidField(kGoal, "TARGET_EMPTY", {{"other", std::string(kAlert)}});
  }
  const v1::IndicatorAlert& alert = target.alert();
  if (auto status = CheckReaches(target, kClearAt, ClearAt(alert), kRaiseAt, alert.raise_at()); !status.ok()) {
    return status;
  }
  if (!target.has_goal()) return absl::OkStatus();
  return CheckReaches(target, kGoal, target.goal(), alert.has_clear_at() ? kClearAt : kRaiseAt, ClearAt(alert));
}

std::optional<double> DecidingValue(const v1::IndicatorTarget& target, const v1::IndicatorValue& value) {
  if (value.has_fault() || value.absence() != v1::ABSENCE_UNSPECIFIED) return std::nullopt;
  if (value.sample_size() < target.min_sample_size()) return std::nullopt;
  if (!value.has_money()) return value.number();
  // The nearest number to the decimal, as that of a threshold is.
  return UnitsOf(FromProto(value.money()).value_or(0));
}

v1::IndicatorTargetState StateWith(const v1::IndicatorTarget& target, double value) {
  if (target.has_alert()) {
    const bool was_alerting = target.state() == v1::INDICATOR_TARGET_STATE_ALERTING;
    const double calm_at = was_alerting ? ClearAt(target.alert()) : target.alert().raise_at();
    if (!Reaches(target, value, calm_at)) return v1::INDICATOR_TARGET_STATE_ALERTING;
  }
  const bool missed = target.has_goal() && !Reaches(target, value, target.goal());
  return missed ? v1::INDICATOR_TARGET_STATE_OFF_TARGET : v1::INDICATOR_TARGET_STATE_ON_TARGET;
}

bool JudgedAlike(const v1::IndicatorTarget& a, const v1::IndicatorTarget& b) {
  const auto what_decides = [](const v1::IndicatorTarget& target) {
    v1::IndicatorTarget decides;
    decides.set_indicator(target.indicator());
    decides.set_filter(target.filter());
    decides.set_grain(target.grain());
    decides.set_period(target.period());
    if (target.has_goal()) decides.set_goal(target.goal());
    if (target.has_alert()) *decides.mutable_alert() = target.alert();
    decides.set_min_sample_size(target.min_sample_size());
    decides.set_unit(target.unit());
    decides.set_higher_is_better(target.higher_is_better());
    return decides.SerializeAsString();
  };
  return what_decides(a) == what_decides(b);
}

bool TellsOtherwise(const v1::IndicatorReading& a, const v1::IndicatorReading& b) {
  return a.judged() != b.judged() || a.value().absence() != b.value().absence() ||
         a.value().fault().reason() != b.value().fault().reason();
}

}  // namespace folio::indicators
