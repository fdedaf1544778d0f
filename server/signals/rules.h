// The rules that find risks and opportunities on one account. Pure functions of a view; thresholds are named constants.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "folio/v1/signal.pb.h"
#include "server/account/view.h"
#include "server/base/error.h"

namespace folio::signals {

// How far back `since` looks: a rule that has held for longer is told to hold since then.
inline constexpr int kLookBackDays = 366;

// A rule that holds, with what it rests on.
struct Finding {
  v1::SignalSeverity severity = v1::SIGNAL_SEVERITY_UNSPECIFIED;
  Day since = kNoDay;  // first day on which it holds without a break, at most kLookBackDays ago
  std::vector<v1::SignalEvidence> evidence;
  std::optional<Micros> expected_value;  // of an opportunity, in a year
};

struct Rule {
  std::string_view id;  // "usage_drop"
  v1::SignalKind kind;
  // How serious it is on view.today; UNSPECIFIED where the rule does not hold. Cheap: called for each account at each
  // change and each new day.
  v1::SignalSeverity (*grade)(const account::View& view);
  // Evidence and expected value of a rule that holds.
  void (*describe)(const account::View& view, Finding* finding);
  // A sentence made of that evidence.
  std::string (*summarise)(const Finding& finding, error::Locale locale);

  bool holds(const account::View& view) const { return grade(view) != v1::SIGNAL_SEVERITY_UNSPECIFIED; }

  // Everything about a rule that holds, found by looking back from view.today and nowhere else; an empty finding where
  // it does not hold.
  Finding explain(const account::View& view) const;
};

// The six rules: usage_drop, renewal_near, contact_change; intensive_usage, identified_need, budget_available.
// Their order is part of the contract of bit masks: new rules are added at the end.
std::span<const Rule> AllRules();

// Bit i is set where AllRules()[i] holds.
uint32_t Detect(const account::View& view);

// A sentence about a finding of a rule, in a language.
std::string Summarise(const Rule& rule, const Finding& finding, error::Locale locale);

}  // namespace folio::signals
