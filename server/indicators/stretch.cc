#include "server/indicators/stretch.h"

#include <xxhash.h>

#include <algorithm>

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
                           .end = std::min(period.read_end, zone.StartOf(ledger::FirstDayOf(month + 1))),
                           .version = segment->draft()});
    }
  }
  return stretches;
}

ledger::MemoKey FiguresKey(const Question& question, std::string_view component, const void* formula,
                           const Period& period) {
  const std::array<int64_t, 7> read = {reinterpret_cast<int64_t>(formula),
                                       period.start,
                                       period.end,
                                       period.read_end,
                                       period.end_day,
                                       period.last_day,
                                       period.partial};
  return {.component = DigestOf(component) + 1,  // beside the sums of the same component
          .scope = question.scope.digest(),
          .part = static_cast<int64_t>(XXH3_64bits(read.data(), sizeof(read))),
          .start = period.start,
          .end = period.read_end};
}

uint64_t VersionOf(std::span<const Stretch> stretches) {
  std::vector<uint64_t> versions;
  for (const Stretch& stretch : stretches) {
    versions.push_back(static_cast<uint64_t>(stretch.kind));
    versions.push_back(static_cast<uint64_t>(stretch.month));
    versions.push_back(stretch.version);
  }
  return XXH3_64bits(versions.data(), versions.size() * sizeof(uint64_t));
}

uint64_t DigestOf(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace folio::indicators
