#include "server/account/parts.h"

#include <utility>
#include <vector>

#include "server/base/money.h"

namespace folio::account {
namespace {

int8_t Tristate(bool set, bool value) { return set ? static_cast<int8_t>(value) : int8_t{-1}; }

// In the workspace's currency: as booked where its own is another one.
const google::type::Money& BookedAmountOf(const v1::Subscription& subscription) {
  return subscription.has_booked_annual_amount() ? subscription.booked_annual_amount() : subscription.annual_amount();
}

}  // namespace

std::optional<Micros> BookedArrOf(const v1::Account& account) {
  if (!account.has_annual_recurring_revenue()) return std::nullopt;
  return FromProto(account.has_booked_annual_recurring_revenue() ? account.booked_annual_recurring_revenue()
                                                                 : account.annual_recurring_revenue())
      .value_or(0);
}

Term TermOf(const v1::Subscription& subscription, int64_t key) {
  std::vector<PastDue> past;
  for (const v1::PastRenewal& renewal : subscription.past_renewals()) {
    past.push_back({.day = DayIn(renewal.due_date()),
                    .due = FromProto(renewal.due_amount()).value_or(0),
                    .renewed = FromProto(renewal.renewed_amount()).value_or(0)});
  }
  return {.key = key,
          .start = DayIn(subscription.start_date()),
          .end = DayIn(subscription.end_date()),
          .annual = FromProto(BookedAmountOf(subscription)).value_or(0),
          .renewal = DayIn(subscription.renewal_date()),
          .seats = subscription.has_seat_count() ? subscription.seat_count() : -1,
          .trial = subscription.trial(),
          .auto_renew = Tristate(subscription.has_auto_renew(), subscription.auto_renew()),
          .past = std::move(past)};
}

ContactTerm ContactTermOf(const v1::Contact& contact, int64_t key) {
  return {.key = key,
          .role = static_cast<uint8_t>(contact.role()),
          .start = DayIn(contact.role_start_date()),
          .end = DayIn(contact.role_end_date()),
          .budget_available = contact.budget_available()};
}

View OwnViewOf(const v1::Account& account, const TimeZone& zone) {
  View view{.created = zone.DayAt(FromProto(account.create_time())),
            .contract_start = DayIn(account.contract_start_date()),
            .renewal = DayIn(account.renewal_date()),
            .auto_renew = Tristate(account.has_auto_renew(), account.auto_renew()),
            .seats = account.has_seat_count() ? account.seat_count() : -1};
  view.direct_arr = BookedArrOf(account);
  return view;
}

}  // namespace folio::account
