// Three years of accounts: subscriptions and facts for indicators, the same for Folio and for what it is compared with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "folio/v1/fact.pb.h"
#include "folio/v1/subscription.pb.h"
#include "tools/bench/dataset.h"

namespace folio::bench {

inline constexpr int kHistoryMonths = 36;
inline constexpr int32_t kHistoryStart = 19'358;  // 2023-01-01; ends on kAsOf

enum class HistoryKind { kUsage, kTicket, kNps, kCsat, kCes };

// A fact as plain values. Facts come in the order of their days; none lies near midnight, so that its month is the same
// in every time zone of Europe.
struct HistoryFact {
  HistoryKind kind = HistoryKind::kUsage;
  int64_t number = 0;
  int64_t account = 0;  // index
  int64_t who = 0;      // user or respondent of the account, below 8
  int64_t seconds = 0;  // since 1970
  int64_t value = 0;    // count, seconds to the response (-1: open, none yet), or answer
  int month = 0;        // of the history, from 0
};
HistoryFact HistoryFactAt(int64_t number, int64_t facts, int64_t accounts);

// A subscription as plain values, active on the days [start, end).
struct HistoryTerm {
  int64_t account = 0;  // index
  int32_t start = 0;
  int32_t end = 0;  // 0: open
  int64_t annual = 0;
};
// Every account has one, every fourth a second one.
inline int64_t HistoryTermCount(int64_t accounts) { return accounts + accounts / 4; }
HistoryTerm HistoryTermAt(int64_t number, int64_t accounts);

// First days of the months of the history, and the one after.
std::vector<int32_t> HistoryMonths();

void SetDate(int32_t day, google::type::Date* date);

// The same as messages.
class History {
 public:
  History(int64_t accounts, int64_t facts);
  v1::Fact FactAt(int64_t number) const;
  v1::Subscription SubscriptionAt(int64_t number, const std::string& currency) const;

 private:
  const int64_t facts_;
  std::vector<std::string> names_;  // by index
};

}  // namespace folio::bench
