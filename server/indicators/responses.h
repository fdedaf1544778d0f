// Times until agents answered, and what still waits.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {

struct ResponseTimes {
  void Add(const ledger::Entry& entry) {
    if (entry.value != ledger::kNoValue) {
      times.push_back(entry.value);
      tally.Add(entry.value);
    } else if (entry.mark == ledger::kTicketOpen) {
      ++unanswered;
      oldest = std::min(oldest, entry.time);
    }
  }
  void Merge(const ResponseTimes& other) {
    times.insert(times.end(), other.times.begin(), other.times.end());
    tally.Merge(other.tally);
    unanswered += other.unanswered;
    oldest = std::min(oldest, other.oldest);
  }

  void Seal() { std::sort(times.begin(), times.end()); }

  std::vector<int64_t> times;  // sorted once it is sealed
  Tally tally;
  int64_t unanswered = 0;
  Instant oldest = INT64_MAX;  // since when the one that waits longest does
};

// Of the entries of a kind in a period, as an adapter reads them.
template <ledger::EntryKind Kind, typename Reading>
struct Responses : ResponseTimes {
  static constexpr std::string_view kId = Kind == ledger::EntryKind::kTicket ? "ticket_responses" : "responses";
  static constexpr std::array kKinds = {Kind};
  using Adapter = Reading;

  void Add(ledger::EntryKind, const ledger::Entry& entry) { ResponseTimes::Add(entry); }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return std::ssize(times) * 8; }
};

Figure MeanOf(const ResponseTimes& sum, const EntriesContext& context);
Figure MedianOf(const ResponseTimes& sum, const EntriesContext& context);
Figure P90Of(const ResponseTimes& sum, const EntriesContext& context);

using ResponseFormula = Figure (*)(const ResponseTimes& sum, const EntriesContext& context);

template <ledger::EntryKind Kind, typename Reading, ResponseFormula formula>
std::shared_ptr<const Method> ResponseMethod() {
  using Sum = Responses<Kind, Reading>;
  return std::make_shared<EntriesMethod<Sum>>(
      [](const Sum& sum, const EntriesContext& context) { return formula(sum, context); });
}

// What indicators of response times have in common.
Indicator OfResponses(Indicator indicator);

}  // namespace folio::indicators
