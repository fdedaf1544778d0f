#include "server/portfolio/past_renewals.h"

#include "server/account/parts.h"
#include "server/base/money.h"

namespace folio::portfolio {
namespace {

// Whether a due date was met: the next one lies a term later, or there is none any more.
bool WentOn(Day due, Day next) { return next == kNoDay || next >= due + kShortestTermDays; }

}  // namespace

void KeepPastRenewals(const v1::Subscription* before, Instant now, const std::string& currency,
                      v1::Subscription* after) {
  after->clear_past_renewals();
  if (before == nullptr) return;
  constexpr int64_t kNoKey = 0;
  const account::Term term = account::TermOf(*before, kNoKey);
  const account::Term next_term = account::TermOf(*after, kNoKey);
  const Day due = term.due();
  const Day next = next_term.due();
  for (const v1::PastRenewal& renewal : before->past_renewals()) {
    if (next == kNoDay || account::DayIn(renewal.due_date()) < next) *after->add_past_renewals() = renewal;
  }
  if (due == kNoDay || term.trial || !WentOn(due, next)) return;
  v1::PastRenewal& renewal = *after->add_past_renewals();
  *renewal.mutable_due_date() = ToProtoDate(due);
  *renewal.mutable_renew_time() = ToProtoTime(now);
  *renewal.mutable_due_amount() = ToProtoMoney(term.annual, currency);
  *renewal.mutable_renewed_amount() = ToProtoMoney(next_term.annual, currency);
  if (after->past_renewals_size() > kPastRenewalsMax) {
    after->mutable_past_renewals()->DeleteSubrange(0, after->past_renewals_size() - kPastRenewalsMax);
  }
}

}  // namespace folio::portfolio
