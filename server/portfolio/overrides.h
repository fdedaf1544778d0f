// Overrides of health scores.
#pragma once

#include "absl/status/status.h"
#include "folio/v1/health.pb.h"
#include "server/engine/transaction.h"
#include "server/portfolio/portfolio.h"

namespace folio::portfolio {

// How far ahead an override may hold: beyond a year, a model should say it.
inline constexpr int kOverrideDaysMax = 366;

// Checks an override before it is stored, and sets its account and author. NOT_FOUND and FAILED_PRECONDITION (DELETED)
// of the account, INVALID_ARGUMENT (OVERRIDE_EXPIRY). On the committer's thread.
absl::Status CheckOverride(engine::Transaction& transaction, const Portfolio& portfolio, v1::HealthOverride* override);

}  // namespace folio::portfolio
