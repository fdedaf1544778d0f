// A portfolio of made-up accounts, as cells.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/model/column.h"

namespace folio::bench {

enum ColumnOf : model::ColumnIndex {
  kCreated,
  kUpdated,
  kName,
  kDomain,
  kSector,
  kSize,
  kEmployees,
  kCountry,
  kCity,
  kOwner,
  kParent,
  kLifecycle,
  kTags,
  kPlan,
  kContractStart,
  kRenewal,
  kAutoRenew,
  kSeats,
  kArr,
  kArrYearAgo,
  kHealth,
  kCoverage,
  kBand,
  kRisk,
  kOpportunity,
  kColumnCount
};

model::ColumnSet Columns();

// The cells of an account, by column. The same number gives the same account.
std::vector<model::Cell> AccountOf(int64_t number);

}  // namespace folio::bench
