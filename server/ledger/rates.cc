#include "server/ledger/rates.h"

#include <algorithm>

#include "server/base/error.h"

namespace folio::ledger {
namespace {

constexpr int kBits = 8;
constexpr Currency kByte = 0xff;

Day DayOf(const v1::ExchangeRate& rate) { return FromProto(rate.date()).value_or(kNoDay); }

bool IsBefore(const std::pair<Day, Rate>& rate, Day day) { return rate.first < day; }

}  // namespace

Currency CurrencyOf(std::string_view code) {
  Currency currency = 0;
  for (const char letter : code) currency = currency << kBits | static_cast<uint8_t>(letter);
  return currency;
}

std::string CodeOf(Currency currency) {
  std::string code;
  for (; currency != 0; currency >>= kBits) code.insert(code.begin(), static_cast<char>(currency & kByte));
  return code;
}

absl::StatusOr<Micros> Rates::Worth(Micros amount, Currency from, Currency to, Day day) const {
  if (from == to || amount == 0) return amount;
  const auto direct = On({from, to}, day);
  const auto inverse = On({to, from}, day);
  if (!direct && !inverse) {
    return error::Precondition("RATE_MISSING",
                               {{"base", CodeOf(from)}, {"quote", CodeOf(to)}, {"date", FormatDay(day)}});
  }
  const bool backwards = !direct || (inverse && inverse->first > direct->first);
  const auto worth = backwards ? ExchangeBack(amount, inverse->second) : Exchange(amount, direct->second);
  return worth.ok() ? *worth : amount < 0 ? -kMaxMicros : kMaxMicros;
}

Draft Rates::VersionOf(Month month) const {
  // The first days of a month may read rates of the one before.
  Draft version = 0;
  for (auto it = versions_.lower_bound(month - 1); it != versions_.end() && it->first <= month; ++it) {
    version = std::max(version, it->second);
  }
  return version;
}

void Rates::Put(const v1::ExchangeRate& rate) {
  const auto parsed = ParseRate(rate.rate());
  if (!parsed.ok()) return;
  const Day day = DayOf(rate);
  Days& days = Own(rate);
  const auto place = std::lower_bound(days.begin(), days.end(), day, IsBefore);
  if (place != days.end() && place->first == day) {
    place->second = *parsed;
  } else {
    days.insert(place, {day, *parsed});
  }
}

void Rates::Drop(const v1::ExchangeRate& rate) {
  std::erase_if(Own(rate), [day = DayOf(rate)](const auto& known) { return known.first == day; });
}

Rates::Days& Rates::Own(const v1::ExchangeRate& rate) {
  const Pair key{CurrencyOf(rate.base_currency_code()), CurrencyOf(rate.quote_currency_code())};
  std::shared_ptr<PairRates>& pair = pairs_[key];
  if (pair == nullptr) {
    pair = std::make_shared<PairRates>();
  } else if (pair->draft != draft_) {
    pair = std::make_shared<PairRates>(*pair);
  }
  pair->draft = draft_;
  versions_[MonthOf(DayOf(rate))] = draft_;
  return pair->days;
}

std::optional<std::pair<Day, Rate>> Rates::On(const Pair& pair, Day day) const {
  const auto known = pairs_.find(pair);
  if (known == pairs_.end()) return std::nullopt;
  const Days& days = known->second->days;
  const auto after = std::lower_bound(days.begin(), days.end(), day + 1, IsBefore);
  if (after == days.begin() || std::prev(after)->first < day - kHoldsDays) return std::nullopt;
  return *std::prev(after);
}

}  // namespace folio::ledger
