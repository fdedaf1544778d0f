// Time that is worked: how much of it lies between two instants.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/date.h"

namespace folio {

class BusinessHours {
 public:
  // Hours of one day of the week, in minutes from midnight by the clock on the wall: [start, end), end at most 1440.
  struct Open {
    int weekday = 0;  // 0 is Monday
    int start = 0;
    int end = 0;
  };

  // INVALID_ARGUMENT (no details) where there is no IANA zone of that name; empty means UTC. `week` is without overlap;
  // where it is empty, all of Monday to Friday is worked. `special` says of days whether they
  // are worked, whatever else would say; on a day that is worked but has no hours, those of Monday hold.
  static absl::StatusOr<BusinessHours> Make(std::string_view zone, const std::vector<Open>& week, bool french_holidays,
                                            std::map<Day, bool> special);

  bool IsWorked(Day day) const;

  // Microseconds worked in [from, to); 0 where `to` is not after `from`. Takes time by the day. Callable from any
  // thread.
  int64_t Between(Instant from, Instant to) const;

 private:
  BusinessHours(TimeZone zone, const void* zone_data) : zone_(zone), zone_data_(zone_data) {}

  Instant At(Day day, int minute) const;
  const std::vector<Open>& HoursOn(Day day) const;

  TimeZone zone_;
  const void* zone_data_;  // a date::time_zone, which lives for ever; nullptr for UTC
  std::array<std::vector<Open>, 7> week_;
  bool french_holidays_ = false;
  std::map<Day, bool> special_;
};

}  // namespace folio
