// Stretches: what a period reads of segments.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "server/indicators/method.h"

namespace folio::indicators {

// A stretch of a segment.
struct Stretch {
  ledger::EntryKind kind = {};
  const ledger::Segment* segment = nullptr;
  ledger::Month month = 0;
  Instant start = 0;
  Instant end = 0;
  uint64_t version = 0;  // of what is read of it: the segment, and what else its entries are read with
};

// The segments of some kinds that a period reads, each cut to the period.
std::vector<Stretch> StretchesOf(const Question& question, std::span<const ledger::EntryKind> kinds,
                                 const Period& period);

// The key and the version under which the figures of a period are kept.
ledger::MemoKey FiguresKey(const Question& question, std::string_view component, const void* formula,
                           const Period& period);
uint64_t VersionOf(std::span<const Stretch> stretches);

uint64_t DigestOf(std::string_view text);

}  // namespace folio::indicators
