#include "server/indicators/working_time.h"

#include "server/indicators/entries_method.h"
#include "server/portfolio/calendars.h"

namespace folio::indicators {

namespace {

v1::BusinessCalendar CalendarOf(const ledger::Calendars& calendars) {
  for (const std::string_view id : {"default", "fr"}) {
    if (const auto written = calendars.find(id); written != calendars.end()) return written->second;
  }
  return portfolio::FrenchBusinessCalendar();
}

}  // namespace

WorkingTime::WorkingTime(const Question& question) : WorkingTime(CalendarOf(*question.state.calendars), question) {}

// A stored calendar has been checked, so it is one.
WorkingTime::WorkingTime(const v1::BusinessCalendar& calendar, const Question& question)
    : digest_(DigestOf(calendar.SerializeAsString())),
      hours_(portfolio::HoursOf(calendar, question.state.zone_name).value()) {}

}  // namespace folio::indicators
