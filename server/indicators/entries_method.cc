#include "server/indicators/entries_method.h"

#include <xxhash.h>

namespace folio::indicators {

std::vector<Stretch> StretchesOf(const Question& question, std::span<const ledger::EntryKind> kinds,
                                 const Period& period) {
  const TimeZone& zone = question.portfolio.zone();
  const ledger::Month first = ledger::MonthOf(period.start_day);
  const ledger::Month last = ledger::MonthOf(period.last_day);
  std::vector<Stretch> stretches;
  for (const ledger::EntryKind kind : kinds) {
    for (const auto& [month, segment] : question.state.table(kind)) {
      if (month < first || month > last) continue;
      stretches.push_back({.kind = kind,
                           .segment = segment.get(),
                           .month = month,
                           .start = std::max(period.start, zone.StartOf(ledger::FirstDayOf(month))),
                           .end = std::min(period.read_end, zone.StartOf(ledger::FirstDayOf(month + 1)))});
    }
  }
  return stretches;
}

uint64_t DigestOf(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace folio::indicators
