#include "tests/demo/view_of_client.h"

namespace folio::demo {
namespace {

Day DayOrNone(const google::type::Date& date) { return FromProto(date).value(); }

account::Term TermOf(const v1::Subscription& subscription, int64_t key) {
  account::Term term;
  term.key = key;
  term.start = DayOrNone(subscription.start_date());
  term.end = DayOrNone(subscription.end_date());
  term.annual = FromProto(subscription.annual_amount()).value();
  term.renewal = DayOrNone(subscription.renewal_date());
  term.seats = subscription.has_seat_count() ? subscription.seat_count() : -1;
  term.trial = subscription.trial();
  term.auto_renew = subscription.has_auto_renew() ? static_cast<int8_t>(subscription.auto_renew()) : int8_t{-1};
  return term;
}

account::ContactTerm ContactOf(const v1::Contact& contact, int64_t key) {
  account::ContactTerm term;
  term.key = key;
  term.role = static_cast<uint8_t>(contact.role());
  term.start = DayOrNone(contact.role_start_date());
  term.end = DayOrNone(contact.role_end_date());
  term.budget_available = contact.budget_available();
  return term;
}

}  // namespace

ClientView::ClientView(const Client& client, Day today) {
  int64_t key = 0;
  for (const auto& subscription : client.subscriptions) terms_.push_back(TermOf(subscription, ++key));
  for (const auto& contact : client.contacts) contacts_.push_back(ContactOf(contact, ++key));
  const TimeZone zone = TimeZone::Load("Europe/Paris").value();
  for (const auto& fact : client.facts) {
    std::vector<account::Point> points;
    account::PointsOf(fact, ++key, zone, features_, &points);
    timeline_.Put(key, points);
  }
  view_.today = today;
  view_.created = today;
  view_.contract_start = DayOrNone(client.account.contract_start_date());
  view_.renewal = DayOrNone(client.account.renewal_date());
  view_.terms = terms_;
  view_.contacts = contacts_;
  view_.points = timeline_.points();
}

}  // namespace folio::demo
