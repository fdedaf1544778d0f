#include "server/indicators/account_revenue.h"

#include <array>
#include <memory>

#include "server/indicators/adapter.h"

namespace folio::indicators {
namespace {

constexpr std::array kKinds = {ledger::EntryKind::kOrder, ledger::EntryKind::kRefund, ledger::EntryKind::kPayment};

void Take(ledger::EntryKind kind, const ledger::Entry& entry, Received* received) {
  if (entry.value == ledger::kNoValue) return received->missing.Add(entry);
  if (kind == ledger::EntryKind::kOrder) received->ordered += entry.value;
  if (kind == ledger::EntryKind::kRefund) received->refunded += entry.value;
  if (kind == ledger::EntryKind::kPayment) received->paid += entry.value;
}

std::shared_ptr<const ReceivedByAccount> ReceivedIn(const Question& question, const Stretch& stretch) {
  const ledger::MemoKey key{.component = DigestOf("received"),
                            .scope = static_cast<uint64_t>(stretch.kind),
                            .part = stretch.month,
                            .start = stretch.start,
                            .end = stretch.end};
  const uint64_t version = InOwnCurrency::VersionOf(question, stretch);
  if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const ReceivedByAccount>(known);
  auto sums = std::make_shared<ReceivedByAccount>();
  const InOwnCurrency adapter(question);
  stretch.segment->ForEach([&](const ledger::Entry& entry) {
    if (entry.account == 0 || entry.time < stretch.start || entry.time >= stretch.end) return;
    Take(stretch.kind, adapter.Read(entry), &(*sums)[entry.account]);
  });
  question.memos.Put(key, version, sums, std::ssize(*sums) * static_cast<int64_t>(sizeof(Received) + 32));
  return sums;
}

std::shared_ptr<const FirstTimes> FirstTimesOfKind(const Question& question, ledger::EntryKind kind) {
  return FirstTimesOf(question, std::array{kind});
}

}  // namespace

ReceivedByAccount ReceivedIn(const Question& question, const Period& period) {
  ReceivedByAccount sums;
  for (const Stretch& stretch : StretchesOf(question, kKinds, period)) {
    const auto of_stretch = ReceivedIn(question, stretch);
    for (const auto& [account, received] : *of_stretch) {
      Received& sum = sums[account];
      sum.paid += received.paid;
      sum.ordered += received.ordered;
      sum.refunded += received.refunded;
      sum.missing.Merge(received.missing);
    }
  }
  return sums;
}

Receipts::Receipts(const Question& question)
    : zone_(question.portfolio.zone()),
      payments_(FirstTimesOfKind(question, ledger::EntryKind::kPayment)),
      orders_(FirstTimesOfKind(question, ledger::EntryKind::kOrder)) {}

Day Receipts::FirstPaymentOf(int64_t account) const {
  const Instant first = FirstOf(PaysInvoices(account) ? *payments_ : *orders_, account);
  return first == kNoInstant ? kNoDay : zone_.DayAt(first);
}

}  // namespace folio::indicators
