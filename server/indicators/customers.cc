#include "server/indicators/customers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"

namespace folio::indicators {
namespace {

using OfSegment = std::vector<std::pair<uint32_t, Instant>>;  // by account

std::shared_ptr<const OfSegment> FirstTimesIn(const Question& question, ledger::EntryKind kind, ledger::Month month,
                                              const ledger::Segment& segment) {
  const ledger::MemoKey key{.component = DigestOf("first_times"), .part = month, .start = static_cast<int64_t>(kind)};
  if (auto known = question.memos.Find(key, segment.draft())) return std::static_pointer_cast<const OfSegment>(known);
  auto times = std::make_shared<OfSegment>();
  segment.ForEach([&](const ledger::Entry& entry) {
    if (entry.account != 0) times->emplace_back(entry.account, entry.time);
  });
  std::sort(times->begin(), times->end());
  times->erase(
      std::unique(times->begin(), times->end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
      times->end());
  question.memos.Put(key, segment.draft(), times, std::ssize(*times) * 16);
  return times;
}

}  // namespace

Day RecurringSince(const account::View& view) {
  if (view.terms.empty()) return view.direct_arr.value_or(0) > 0 ? account::FirstRevenueDay(view) : kNoDay;
  Day first = kNoDay;
  for (const account::Term& term : view.terms) {
    if (term.trial || term.annual <= 0) continue;
    if (first == kNoDay || term.start < first) first = term.start;
  }
  return first;
}

std::shared_ptr<const FirstTimes> FirstTimesOf(const Question& question, std::span<const ledger::EntryKind> kinds) {
  uint64_t version = 0;
  uint64_t digest = 0;
  for (const ledger::EntryKind kind : kinds) {
    digest = digest * 31 + static_cast<uint64_t>(kind) + 1;
    for (const auto& [month, segment] : question.state.table(kind)) version = std::max(version, segment->draft());
  }
  const ledger::MemoKey key{.component = DigestOf("first_times_of_all"), .scope = digest};
  if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const FirstTimes>(known);
  auto times = std::make_shared<FirstTimes>();
  for (const ledger::EntryKind kind : kinds) {
    for (const auto& [month, segment] : question.state.table(kind)) {
      const auto of_segment = FirstTimesIn(question, kind, month, *segment);
      for (const auto& [account, time] : *of_segment) {
        if (times->size() <= account) times->resize(account + 1, kNoInstant);
        Instant& first = (*times)[account];
        if (first == kNoInstant || time < first) first = time;
      }
    }
  }
  question.memos.Put(key, version, times, std::ssize(*times) * 8);
  return times;
}

NewCustomers::NewCustomers(const Question& question)
    : question_(question),
      purchases_(FirstTimesOf(question, std::array{ledger::EntryKind::kOrder, ledger::EntryKind::kPayment})) {}

Day NewCustomers::SinceOf(int64_t account, const account::View& view) const {
  const Day recurring = RecurringSince(view);
  const Instant purchase = FirstOf(*purchases_, account);
  if (purchase == kNoInstant) return recurring;
  const Day bought = question_.portfolio.zone().DayAt(purchase);
  return recurring == kNoDay ? bought : std::min(recurring, bought);
}

bool NewCustomers::IsNewIn(const Period& period, int64_t account, const account::View& view) const {
  const Day since = SinceOf(account, view);
  return since != kNoDay && since >= period.start_day && since <= period.last_day;
}

std::vector<std::vector<NewCustomers::Sum>> NewCustomers::Sums() const {
  std::vector<std::vector<Sum>> sums(question_.periods.size(), std::vector<Sum>(question_.scope.group_count()));
  for (int64_t account = 1; account <= question_.scope.last_account(); ++account) {
    const std::span<const uint32_t> groups = question_.scope.Of(account);
    const ledger::AccountBlock* block = groups.empty() ? nullptr : BlockOf(question_.state, account);
    if (block == nullptr) continue;
    const account::View view = block->ViewOf(account, kNoDay);
    const Day since = SinceOf(account, view);
    if (since == kNoDay) continue;
    for (size_t p = 0; p < sums.size(); ++p) {
      const Period& period = question_.periods[p];
      if (since < period.start_day || since > period.last_day) continue;
      const Micros arr = account::ArrOn(view, period.last_day);
      for (const uint32_t group : groups) {
        ++sums[p][group].count;
        sums[p][group].arr += arr;
      }
    }
  }
  return sums;
}

std::vector<Contribution> NewCustomers::Contributions(uint32_t group) const {
  std::vector<Contribution> contributions;
  const Period& period = question_.periods.front();
  VisitAccounts(question_, group, period, [&](int64_t account, const account::View& view) {
    if (IsNewIn(period, account, view)) contributions.push_back({.account = account, .figure = {.denominator = 1}});
  });
  return contributions;
}

}  // namespace folio::indicators
