// Leads and deals as indicators read them: plain values.
#pragma once

#include <cstdint>
#include <vector>

#include "folio/v1/deal.pb.h"
#include "folio/v1/lead.pb.h"
#include "server/base/date.h"
#include "server/ledger/account_block.h"
#include "server/ledger/entry.h"
#include "server/ledger/numbers.h"

namespace folio::ledger {

// When a stage was entered, and which: a number of Numbers.
struct StageStep {
  Instant time = 0;
  uint16_t stage = 0;
};

struct Lead {
  int64_t key = 0;
  int64_t account = 0;  // that it belongs to, or became; 0 where none is known
  Instant entered = 0;
  Instant contacted = kNoInstant;
  Instant qualified = kNoInstant;  // when its worth was decided
  Instant converted = kNoInstant;
  v1::LeadQualification qualification = v1::LEAD_QUALIFICATION_UNSPECIFIED;
  std::vector<StageStep> stages;  // in order
};

struct Deal {
  int64_t key = 0;
  int64_t account = 0;             // 0 where it is of none that is known
  Instant opened = 0;              // when it came up; where nobody told, the first that is known of it
  Instant contacted = kNoInstant;  // first contact
  Instant closed = kNoInstant;     // kNoInstant while it is open
  Micros amount = kNoAmount;
  uint16_t currency = 0;     // its number; that of the workspace is 0
  int32_t probability = -1;  // in millionths; -1 where nobody told
  v1::DealKind kind = v1::DEAL_KIND_UNSPECIFIED;
  bool won = false;
  std::vector<StageStep> stages;  // in order
};

// `account` is the key of its account, 0 where there is none. `numbers` learns what it does not know.
Lead LeadOf(const v1::Lead& lead, int64_t key, int64_t account, Numbers& numbers);
Deal DealOf(const v1::Deal& deal, int64_t key, int64_t account, Numbers& numbers);

}  // namespace folio::ledger
