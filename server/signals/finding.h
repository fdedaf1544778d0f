// What a signal shows: the figures and dates that it rests on, and sentences made of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "folio/v1/signal.pb.h"
#include "server/base/error.h"
#include "server/signals/rule.h"

namespace folio::signals {

// How far back `since` looks: a rule that has held for longer is told to hold since then.
inline constexpr int kLookBackDays = 366;

// Who reads it.
struct Reader {
  error::Locale locale = error::Locale::kEnglish;
  std::string_view currency;  // of the workspace's amounts
};

struct Finding {
  std::vector<v1::SignalEvidence> evidence;
  std::string summary;
  std::optional<Micros> expected_value;  // of an opportunity, in a year
};

// Of the alternatives that hold on the sheet's day, as for a signal that is open. `rule` is one of the set that the
// sheet was made by.
Finding Describe(const Rule& rule, Sheet& sheet, const Reader& reader);

// The first day of the run of days up to view.today on which a signal of the rule would have held without a break,
// found by looking back over what is recorded; kNoDay where nothing of the kind began within kLookBackDays.
Day Since(const RuleSet& rules, const Rule& rule, const account::View& view, const AccountSource& source);

}  // namespace folio::signals
