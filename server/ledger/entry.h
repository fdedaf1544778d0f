// Entries: what indicators read of facts, as plain values.
//
// A fact makes an entry for each thing that it tells, at the instant that decides the period in which it counts.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
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
  kUsage    // value: count; who: the user, 0 where not told; tag: number of the feature, 0 for a login
};
inline constexpr int kEntryKinds = 5;

inline constexpr int64_t kNoValue = std::numeric_limits<int64_t>::min();

// Values that are no amounts are kept in millionths.
inline constexpr int64_t kMillion = 1'000'000;

// Whether a ticket is open.
inline constexpr uint16_t kTicketOpen = 0;
inline constexpr uint16_t kTicketClosed = 1;

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

// An entry and where it belongs.
struct KindedEntry {
  EntryKind kind;
  Entry entry;
};

// A scale of answers that tell of effort.
struct Scale {
  double minimum = 0;
  double maximum = 0;
  bool low_is_easy = false;

  bool operator==(const Scale&) const = default;
};

// Numbers for names and scales, given at the first question and kept. At most 65535, beyond which all share the last.
class Numbers {
 public:
  uint16_t OfFeature(std::string_view name);
  uint16_t OfStage(std::string_view name);
  uint16_t OfScale(const Scale& scale);
  const std::vector<Scale>& scales() const { return scales_; }
  // How many have been given.
  size_t count() const { return features_.size() + scales_.size() + stages_.size(); }
  // Names of stages, by number.
  const std::vector<std::string>& stages() const { return stages_; }

 private:
  std::map<std::string, uint16_t, std::less<>> features_;
  std::vector<Scale> scales_;
  std::map<std::string, uint16_t, std::less<>> stage_numbers_;
  std::vector<std::string> stages_;
};

// The entries of a fact, appended to `entries`; none is of a record or account yet. `numbers` learns what it does not
// know. The fact has been validated.
void EntriesOf(const v1::Fact& fact, Numbers& numbers, std::vector<KindedEntry>* entries);

// The kinds that entries of a fact can have.
std::span<const EntryKind> KindsOf(v1::Fact::DetailCase detail);

}  // namespace folio::ledger
