// Signals as messages: what clients see, and what is recorded.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "folio/v1/signal.pb.h"
#include "server/base/error.h"
#include "server/portfolio/portfolio.h"

namespace folio::portfolio {

// "{rule}~{account}".
std::string SignalIdOf(const Portfolio& portfolio, const std::string& rule, engine::RowKey account);

// The signal of a rule on an account with all that is found now: severity, days, evidence, expected value, summary, and
// what people have said of it. Without an etag. `since`, where it is known, spares a look back. Nothing where there is
// no such signal.
std::optional<v1::Signal> FindSignal(const Portfolio& portfolio, engine::RowKey account, int rule, error::Locale locale,
                                     Day since = kNoDay);

// Carries over from the stored record who looks after a signal and, where it is of the same spell, what else people
// have said of it.
void KeepChoice(const v1::Signal& stored, v1::Signal* signal);

// As it was recorded; nothing where it is not yet.
absl::StatusOr<std::optional<v1::Signal>> ReadSignal(const storage::Storage& storage, const std::string& id);

}  // namespace folio::portfolio
