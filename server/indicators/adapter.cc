#include "server/indicators/adapter.h"

#include <algorithm>
#include <string>

#include "server/portfolio/calendars.h"

namespace folio::indicators {

InOwnCurrency::InOwnCurrency(const Question& question)
    : zone_(question.portfolio.zone()), rates_(*question.state.rates) {
  for (const std::string& code : *question.state.currencies) currencies_.push_back(ledger::CurrencyOf(code));
}

uint64_t InOwnCurrency::VersionOf(const Question& question, const Stretch& stretch) {
  return std::max(stretch.segment->draft(), question.state.rates->VersionOf(stretch.month));
}

ledger::Entry InOwnCurrency::Read(const ledger::Entry& entry) const {
  if (entry.tag == 0) return entry;
  ledger::Entry read = entry;
  read.value = rates_.Worth(entry.value, currencies_[entry.tag], currencies_[0], zone_.DayAt(entry.time))
                   .value_or(ledger::kNoValue);
  return read;
}

absl::StatusOr<v1::BusinessCalendar> CalendarOf(const Question& question) {
  const std::string& name = question.settings.business_calendar();
  return portfolio::FindBusinessCalendar(question.workspace, name.empty() ? "businessCalendars/fr" : name,
                                         "settings.business_calendar");
}

InBusinessHours::InBusinessHours(const Question& question) : hours_(absl::InternalError("not read")) {
  const auto calendar = CalendarOf(question);
  hours_ = calendar.ok() ? portfolio::HoursOf(*calendar, question.workspace.time_zone()) : calendar.status();
}

uint64_t InBusinessHours::DigestOf(const Question& question) {
  const auto calendar = CalendarOf(question);
  return indicators::DigestOf(calendar.ok() ? calendar->SerializeAsString() : "no calendar");
}

ledger::Entry InBusinessHours::Read(const ledger::Entry& entry) const {
  ledger::Entry read = entry;
  if (hours_.ok() && entry.value != ledger::kNoValue)
    read.value = hours_->Between(entry.time, entry.time + entry.value);
  return read;
}

}  // namespace folio::indicators
