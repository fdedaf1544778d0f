// Entries: what indicators read of facts, as plain values.
//
// A fact makes an entry for each thing that it tells, at the instant that decides the period in which it counts.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "folio/v1/fact.pb.h"
#include "server/base/date.h"

namespace folio::ledger {

enum class EntryKind : uint8_t {
  kNps,     // value: 0 to 10, in millionths; who: the respondent
  kCsat,    // value: 0 to 1 on its scale, in millionths; who: the respondent; mark: kAsked*
  kCes,     // value: the answer, in millionths; who: the respondent; mark: number of its scale (see Scales)
  kTicket,  // at its submission; value: microseconds to the first response, kNoValue where there is none yet;
            // mark: kTicket*
  kUsage,   // value: count; who: the user, 0 where not told; tag: number of the feature, 0 for a login

  // Amounts: value is in millionths of their own currency, whose number is the tag.
  kOrder,    // mark: label of the channel
  kRefund,   //
  kPayment,  // an invoice that was paid, on the day of payment
  kCost,     // one for each day that it is spread over; mark and who: see below

  kResponse,    // at a client's message, or the reopening after it; value: microseconds to the agent's reply, kNoValue
                // where there is none yet; tag: label of the channel
  kResolution,  // a ticket's, at that instant; value: contacts that it took, kNoValue where nobody counted; tag:
                // folio.v1.TicketPriority; mark: days until it was opened again, kNeverAgain where it was not
  kEngagement   // value: the weight, in millionths; who: the contact, 0 where not told; tag: label of the type
};
inline constexpr int kEntryKinds = 12;

// What facts, or recurring revenue, can be grouped by. See dimension.h.
enum class Dimension : uint8_t {
  kCostCategory,
  kCostSubcategory,
  kCostCampaign,
  kOrderChannel,
  kConversationChannel,
  kTicketPriority,
  kTicketTopic,
  kTicketChannel,
  kEngagementType,
  kRevenueCurrency  // of recurring revenue, not of facts: each currency that an account holds some in
};
inline constexpr int kDimensions = 10;

inline constexpr int64_t kNoValue = std::numeric_limits<int64_t>::min();

// Values that are no amounts are kept in millionths.
inline constexpr int64_t kMillion = 1'000'000;

// Whether a ticket is open.
inline constexpr uint16_t kTicketOpen = 0;
inline constexpr uint16_t kTicketClosed = 1;

inline constexpr uint16_t kNeverAgain = std::numeric_limits<uint16_t>::max();

// Where an answer of satisfaction comes from.
inline constexpr uint16_t kAskedBySurvey = 0;
inline constexpr uint16_t kAskedAfterTicket = 1;

// One entry: 40 bytes, since there are many.
struct Entry {
  int64_t record = 0;  // storage key of the fact
  Instant time = 0;
  int64_t value = 0;
  uint64_t who = 0;      // a digest of an identifier; 0 where there is none
  uint32_t account = 0;  // 0 where the fact is of nobody that is known
  uint16_t tag = 0;
  uint16_t mark = 0;
};
static_assert(sizeof(Entry) == 40);

// Tickets and resolutions keep the labels of topic and channel in `who`, costs those of subcategory and campaign, and
// above them the clients that are attributed to them.
inline uint64_t PackLabels(uint16_t first, uint16_t second, uint32_t count = 0) {
  return first | uint64_t{second} << 16 | uint64_t{count} << 32;
}
inline uint16_t FirstLabelOf(const Entry& entry) { return static_cast<uint16_t>(entry.who); }
inline uint16_t SecondLabelOf(const Entry& entry) { return static_cast<uint16_t>(entry.who >> 16); }
inline uint32_t AttributedClientsOf(const Entry& entry) { return static_cast<uint32_t>(entry.who >> 32); }

// Costs keep folio.v1.CostCategory and folio.v1.CostAllocation in their mark.
inline uint16_t PackCost(int category, int allocation) { return static_cast<uint16_t>(category | allocation << 8); }
inline uint16_t CostCategoryOf(const Entry& entry) { return entry.mark & 0xff; }
inline uint16_t CostAllocationOf(const Entry& entry) { return entry.mark >> 8; }

// An entry and where it belongs.
struct KindedEntry {
  EntryKind kind;
  Entry entry;
};

class Numbers;

// The entries of a fact, appended to `entries`; none is of a record or account yet. `numbers` learns what it does not
// know; days are those of `zone`. The fact has been validated.
void EntriesOf(const v1::Fact& fact, const TimeZone& zone, Numbers& numbers, std::vector<KindedEntry>* entries);

// The kinds that entries of a fact can have.
std::span<const EntryKind> KindsOf(v1::Fact::DetailCase detail);

}  // namespace folio::ledger
