#include "server/indicators/working_time.h"

#include <string>

#include "server/base/error.h"
#include "server/engine/resources.h"
#include "server/indicators/stretch.h"
#include "server/portfolio/calendars.h"

namespace folio::indicators {

namespace {

absl::StatusOr<v1::BusinessCalendar> CalendarOf(const Question& question) {
  const std::string& named = question.settings.business_calendar();
  const std::string name = named.empty() ? "businessCalendars/fr" : named;
  const auto id = engine::FindResource(engine::kBusinessCalendar)->schema.IdOf(name, "settings.business_calendar");
  if (!id.ok()) return id.status();
  const ledger::Calendars& calendars = *question.state.calendars;
  if (const auto written = calendars.find(*id); written != calendars.end()) return written->second;
  if (*id == "fr") return portfolio::FrenchBusinessCalendar();
  return error::NotFound(name);
}

}  // namespace

WorkingTime::WorkingTime(const Question& question) : hours_(absl::InternalError("not read")) {
  const auto calendar = CalendarOf(question);
  digest_ = DigestOf(question.state.zone_name + (calendar.ok() ? calendar->SerializeAsString() : "no calendar"));
  hours_ = calendar.ok() ? portfolio::HoursOf(*calendar, question.state.zone_name) : calendar.status();
}

}  // namespace folio::indicators
