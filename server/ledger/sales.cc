#include "server/ledger/sales.h"

#include <algorithm>
#include <cmath>

#include "server/base/money.h"

namespace folio::ledger {
namespace {

Instant InstantOf(bool told, const google::protobuf::Timestamp& time) { return told ? FromProto(time) : kNoInstant; }

std::vector<StageStep> StagesOf(const google::protobuf::RepeatedPtrField<v1::StageEntry>& history, Numbers& numbers) {
  std::vector<StageStep> steps;
  steps.reserve(static_cast<size_t>(history.size()));
  for (const v1::StageEntry& entry : history) {
    steps.push_back({FromProto(entry.enter_time()), numbers.OfStage(entry.stage())});
  }
  return steps;
}

// The first that is known of a deal of which nobody told when it came up.
Instant FirstTraceOf(const Deal& deal, Instant created) {
  Instant first = created;
  if (deal.contacted != kNoInstant) first = std::min(first, deal.contacted);
  if (deal.closed != kNoInstant) first = std::min(first, deal.closed);
  if (!deal.stages.empty()) first = std::min(first, deal.stages.front().time);
  return first;
}

}  // namespace

Lead LeadOf(const v1::Lead& lead, int64_t key, int64_t account, Numbers& numbers) {
  return {.key = key,
          .account = account,
          .entered = FromProto(lead.entry_time()),
          .contacted = InstantOf(lead.has_first_contact_time(), lead.first_contact_time()),
          .qualified = InstantOf(lead.has_qualify_time(), lead.qualify_time()),
          .converted = InstantOf(lead.has_convert_time(), lead.convert_time()),
          .qualification = lead.qualification(),
          .stages = StagesOf(lead.stage_history(), numbers)};
}

Deal DealOf(const v1::Deal& message, int64_t key, int64_t account, Numbers& numbers) {
  Deal deal{.key = key,
            .account = account,
            .contacted = InstantOf(message.has_first_contact_time(), message.first_contact_time()),
            .closed = InstantOf(message.has_close_time(), message.close_time()),
            .kind = message.kind(),
            .won = message.state() == v1::DEAL_STATE_WON,
            .stages = StagesOf(message.stage_history(), numbers)};
  deal.opened =
      message.has_open_time() ? FromProto(message.open_time()) : FirstTraceOf(deal, FromProto(message.create_time()));
  if (message.has_amount()) {
    deal.amount = FromProto(message.amount()).value_or(0);
    deal.currency = numbers.OfCurrency(message.amount().currency_code());
  }
  if (message.has_probability()) {
    deal.probability = static_cast<int32_t>(std::lround(message.probability() * static_cast<double>(kMillion)));
  }
  return deal;
}

}  // namespace folio::ledger
