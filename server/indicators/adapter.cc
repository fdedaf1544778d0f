#include "server/indicators/adapter.h"

#include <algorithm>
#include <string>

namespace folio::indicators {

Worths::Worths(const Question& question) : zone_(question.portfolio.zone()), rates_(*question.state.rates) {
  for (const std::string& code : *question.state.currencies) currencies_.push_back(ledger::CurrencyOf(code));
}

int64_t Worths::Of(int64_t amount, uint16_t currency, Instant when) const {
  if (currency == 0) return amount;
  return rates_.Worth(amount, currencies_[currency], currencies_[0], zone_.DayAt(when)).value_or(ledger::kNoValue);
}

uint64_t InOwnCurrency::VersionOf(const Question& question, const Stretch& stretch) {
  return std::max(stretch.segment->draft(), question.state.rates->VersionOf(stretch.month));
}

ledger::Entry InOwnCurrency::Read(const ledger::Entry& entry) const {
  ledger::Entry read = entry;
  read.value = worths_.Of(entry.value, entry.tag, entry.time);
  return read;
}

ledger::Entry InBusinessHours::Read(const ledger::Entry& entry) const {
  ledger::Entry read = entry;
  if (entry.value != ledger::kNoValue) read.value = hours_.Between(entry.time, entry.time + entry.value);
  return read;
}

}  // namespace folio::indicators
