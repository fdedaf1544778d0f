#include "server/portfolio/calendars.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/base/date.h"
#include "server/base/error.h"
#include "server/engine/collection.h"
#include "server/engine/resources.h"

namespace folio::portfolio {

namespace {

constexpr std::string_view kFrenchId = "fr";

}  // namespace

v1::BusinessCalendar FrenchBusinessCalendar() {
  constexpr int kNine = 9 * 60;
  constexpr int kEighteen = 18 * 60;
  v1::BusinessCalendar calendar;
  calendar.set_name("businessCalendars/" + std::string(kFrenchId));
  calendar.set_display_name("France");
  calendar.set_time_zone("Europe/Paris");
  calendar.set_holiday_country_code("FR");
  calendar.set_built_in(true);
  for (int day = v1::DAY_OF_WEEK_MONDAY; day <= v1::DAY_OF_WEEK_FRIDAY; ++day) {
    v1::OpeningHours* hours = calendar.add_opening_hours();
    hours->set_day(static_cast<v1::DayOfWeek>(day));
    hours->set_start_minute(kNine);
    hours->set_end_minute(kEighteen);
  }
  return calendar;
}

absl::StatusOr<v1::BusinessCalendar> FindBusinessCalendar(const Workspace& workspace, std::string_view name,
                                                          std::string_view field) {
  const auto id = engine::FindResource(engine::kBusinessCalendar)->schema.IdOf(name, field);
  if (!id.ok()) return id.status();
  const auto record = workspace.storage().FindRecord(engine::kBusinessCalendar, *id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) {
    if (*id != kFrenchId) return error::NotFound(name);
    return FrenchBusinessCalendar();
  }
  v1::BusinessCalendar calendar;
  if (!calendar.ParseFromString((*record)->data)) return error::Internal("a stored resource cannot be parsed");
  return calendar;
}

absl::StatusOr<BusinessHours> HoursOf(const v1::BusinessCalendar& calendar, std::string_view workspace_zone) {
  std::vector<BusinessHours::Open> week;
  for (const v1::OpeningHours& open : calendar.opening_hours()) {
    week.push_back({open.day() - v1::DAY_OF_WEEK_MONDAY, open.start_minute(), open.end_minute()});
  }
  std::map<Day, bool> special;
  for (const v1::SpecialDay& day : calendar.special_days()) {
    special[FromProto(day.date()).value_or(kNoDay)] = day.worked();
  }
  const std::string_view zone = calendar.time_zone().empty() ? workspace_zone : calendar.time_zone();
  return BusinessHours::Make(zone, week, !calendar.holiday_country_code().empty(), std::move(special));
}

absl::Status GetBusinessCalendar(const Workspace& workspace, const v1::GetBusinessCalendarRequest& request,
                                 v1::BusinessCalendar* calendar) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  auto found = FindBusinessCalendar(workspace, request.name(), "name");
  if (!found.ok()) return found.status();
  *calendar = std::move(*found);
  return absl::OkStatus();
}

}  // namespace folio::portfolio
