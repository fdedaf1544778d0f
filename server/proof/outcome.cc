#include "server/proof/outcome.h"

#include <algorithm>
#include <vector>

#include "server/account/revenue.h"
#include "server/base/error.h"
#include "server/base/nearest.h"
#include "server/measures/custom.h"

namespace folio::proof {
namespace {

using account::Term;
using account::View;

constexpr int kHorizonDaysDefault = 90;
constexpr char kFieldPath[] = "outcome.custom_field.custom_field";
constexpr char kValuePath[] = "outcome.custom_field.value";

absl::Status UnknownField(const std::string& id, const account::CustomFields& fields) {
  const auto definitions = fields.All();
  std::vector<std::string_view> ids;
  for (const auto& [known, definition] : definitions) ids.push_back(known);
  return error::InvalidField(kFieldPath, "CUSTOM_FIELD_UNKNOWN", {{"name", id}, {"nearest", NearestName(id, ids)}});
}

// The figure that the field has where it has a value.
absl::StatusOr<double> FigureOf(const v1::CustomField& definition, const std::string& value,
                                account::CustomFields& fields) {
  if (definition.type() == v1::CUSTOM_FIELD_TYPE_FLAG) {
    if (value == "true" || value == "false") return value == "true" ? 1.0 : 0.0;
    return error::InvalidField(kValuePath, "FIELD_TYPE", {{"expected", "bool"}});
  }
  if (definition.type() != v1::CUSTOM_FIELD_TYPE_CHOICE) return error::InvalidField(kFieldPath, "OUTCOME_FIELD_TYPE");
  const std::vector<std::string_view> choices(definition.choices().begin(), definition.choices().end());
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return fields.NumberOf(value);
  return error::InvalidField(kValuePath, "CHOICE_UNKNOWN",
                             {{"value", value}, {"nearest", NearestName(value, choices)}});
}

// Days of (cutoff, last] on which a paid subscription ends: revenue falls on no other day.
std::vector<Day> EndsWithin(const View& view, Day cutoff, Day last) {
  std::vector<Day> days;
  for (const Term& term : view.terms) {
    if (!term.trial && term.end > cutoff && term.end <= last) days.push_back(term.end);
  }
  std::sort(days.begin(), days.end());
  return days;
}

}  // namespace

absl::StatusOr<Outcome> Outcome::Compile(const v1::HealthOutcome& outcome, account::CustomFields& fields) {
  Outcome compiled;
  compiled.kind_ = outcome.kind_case();
  if (compiled.kind_ == v1::HealthOutcome::KIND_NOT_SET) return error::InvalidField("outcome.kind", "FIELD_REQUIRED");
  if (compiled.has_date()) {
    compiled.horizon_days_ = outcome.horizon_days() == 0 ? kHorizonDaysDefault : outcome.horizon_days();
    compiled.least_share_ = outcome.has_churn() ? 1 : outcome.downgrade().least_share();
    return compiled;
  }
  const v1::CustomFieldOutcome& custom = outcome.custom_field();
  const auto definition = fields.Find(custom.custom_field());
  if (definition == nullptr) return UnknownField(custom.custom_field(), fields);
  const auto figure = FigureOf(*definition, custom.value(), fields);
  if (!figure.ok()) return figure.status();
  compiled.measure_ = std::string(measures::kCustomPrefix) + custom.custom_field();
  compiled.field_ = fields.NumberOf(custom.custom_field());
  compiled.value_ = *figure;
  return compiled;
}

bool Outcome::HasRenewalDate(const View& view) {
  return std::any_of(view.terms.begin(), view.terms.end(),
                     [](const Term& term) { return !term.trial && term.renewal != kNoDay; });
}

Happening Outcome::After(const View& view, Day cutoff) const {
  if (kind_ == v1::HealthOutcome::kCustomField) return FieldNow(view);
  return kind_ == v1::HealthOutcome::kRenewal ? RenewalAfter(view, cutoff) : FallAfter(view, cutoff);
}

Happening Outcome::FallAfter(const View& view, Day cutoff) const {
  // Revenue that an account has without a subscription is known as it is now, not as it was.
  const Micros before = view.terms.empty() ? 0 : account::ArrOn(view, cutoff);
  if (before <= 0) return {};
  for (const Day day : EndsWithin(view, cutoff, cutoff + horizon_days_)) {
    const Micros after = account::ArrOn(view, day);
    const double lost = static_cast<double>(before - after) / static_cast<double>(before);
    if (lost > 0 && lost >= least_share_) return {.known = true, .happened = true, .day = day};
  }
  return {.known = true};
}

Happening Outcome::RenewalAfter(const View& view, Day cutoff) const {
  Day renewal = kNoDay;
  for (const Term& term : view.terms) {
    const bool runs = !term.trial && term.start <= cutoff && (term.end == kNoDay || term.end > cutoff);
    if (!runs || term.renewal <= cutoff || term.renewal >= cutoff + horizon_days_) continue;
    if (renewal == kNoDay || term.renewal < renewal) renewal = term.renewal;
  }
  if (renewal == kNoDay) return {};
  const bool kept = account::ArrOn(view, renewal + 1) > 0;
  return {.known = true, .happened = kept, .day = kept ? renewal : kNoDay};
}

Happening Outcome::FieldNow(const View& view) const {
  for (const account::CustomValue& value : view.custom) {
    if (value.field == field_) return {.known = true, .happened = value.value == value_};
  }
  return {};
}

}  // namespace folio::proof
