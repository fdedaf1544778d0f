#include "server/portfolio/booking.h"

#include "folio/v1/exchange_rate.pb.h"
#include "server/account/parts.h"
#include "server/base/error.h"
#include "server/base/money.h"
#include "server/engine/resources.h"
#include "server/ledger/rates.h"
#include "server/model/schema.h"
#include "server/portfolio/sales_rules.h"

namespace folio::portfolio {
namespace {

using google::type::Money;

absl::Status ReadRate(const engine::Transaction& transaction, const std::string& base, const std::string& quote,
                      Day day, ledger::Rates* rates) {
  v1::ExchangeRate rate;
  rate.set_base_currency_code(base);
  rate.set_quote_currency_code(quote);
  *rate.mutable_date() = ToProtoDate(day);
  const auto record = transaction.FindRecord(engine::kExchangeRate, NaturalIdOf(rate));
  if (!record.ok()) return error::FromStorage(record.status());
  if (record->has_value() && rate.ParseFromString((*record)->data)) rates->Put(rate);
  return absl::OkStatus();
}

// What an amount was worth on a day.
absl::StatusOr<Money> WorthOn(const engine::Transaction& transaction, const Money& amount, const std::string& currency,
                              Day day) {
  ledger::Rates rates(0);
  for (Day known = day - ledger::Rates::kHoldsDays; known <= day; ++known) {
    if (auto s = ReadRate(transaction, amount.currency_code(), currency, known, &rates); !s.ok()) return s;
    if (auto s = ReadRate(transaction, currency, amount.currency_code(), known, &rates); !s.ok()) return s;
  }
  const auto worth = rates.Worth(FromProto(amount).value_or(0), ledger::CurrencyOf(amount.currency_code()),
                                 ledger::CurrencyOf(currency), day);
  if (!worth.ok()) return worth.status();
  return ToProtoMoney(*worth, currency);
}

// What an amount is booked at, which was worth this on its day; as it was booked before where no rate is known any
// more.
absl::StatusOr<Money> BookedAt(const absl::StatusOr<Money>& worth, const Money* booked_before) {
  if (!worth.ok() && booked_before != nullptr) return *booked_before;
  return worth;
}

}  // namespace

absl::Status Book(const engine::Transaction& transaction, const std::string& currency, const v1::Subscription* before,
                  v1::Subscription* after) {
  after->clear_booked_annual_amount();
  if (after->annual_amount().currency_code() == currency) return absl::OkStatus();
  const bool is_booked = before != nullptr && before->has_booked_annual_amount() &&
                         model::SameContent(before->annual_amount(), after->annual_amount()) &&
                         model::SameContent(before->start_date(), after->start_date());
  const auto booked =
      BookedAt(WorthOn(transaction, after->annual_amount(), currency, account::DayIn(after->start_date())),
               is_booked ? &before->booked_annual_amount() : nullptr);
  if (booked.ok()) *after->mutable_booked_annual_amount() = *booked;
  return booked.status();
}

absl::Status Book(const engine::Transaction& transaction, const std::string& currency, const TimeZone& zone,
                  const v1::Account* before, v1::Account* after) {
  after->clear_booked_annual_recurring_revenue();
  const Money& amount = after->annual_recurring_revenue();
  if (!after->has_annual_recurring_revenue() || amount.currency_code() == currency) return absl::OkStatus();
  Day start = account::DayIn(after->contract_start_date());
  if (start == kNoDay) start = zone.DayAt(before == nullptr ? transaction.now() : FromProto(before->create_time()));
  const bool is_booked = before != nullptr && before->has_booked_annual_recurring_revenue() &&
                         model::SameContent(before->annual_recurring_revenue(), amount) &&
                         model::SameContent(before->contract_start_date(), after->contract_start_date());
  const auto booked = BookedAt(WorthOn(transaction, amount, currency, start),
                               is_booked ? &before->booked_annual_recurring_revenue() : nullptr);
  if (booked.ok()) *after->mutable_booked_annual_recurring_revenue() = *booked;
  return booked.status();
}

bool IsRebooked(const v1::Subscription& before, const v1::Subscription& after) {
  return !model::SameContent(before.booked_annual_amount(), after.booked_annual_amount());
}

bool IsRebooked(const v1::Account& before, const v1::Account& after) {
  return !model::SameContent(before.booked_annual_recurring_revenue(), after.booked_annual_recurring_revenue());
}

}  // namespace folio::portfolio
