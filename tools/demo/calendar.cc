#include "tools/demo/calendar.h"

#include <chrono>

namespace folio::demo {
namespace {

std::chrono::year_month_day DateOf(int32_t day) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day}}};
}

}  // namespace

int32_t AddMonths(int32_t day, int months) {
  auto date = DateOf(day) + std::chrono::months{months};
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return static_cast<int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
}

int MonthOf(int32_t day) { return static_cast<int>(static_cast<unsigned>(DateOf(day).month())); }

void SetDate(int32_t day, google::type::Date* date) {
  const auto parts = DateOf(day);
  date->set_year(static_cast<int>(parts.year()));
  date->set_month(static_cast<int>(static_cast<unsigned>(parts.month())));
  date->set_day(static_cast<int>(static_cast<unsigned>(parts.day())));
}

void SetTime(int32_t day, int64_t second_of_day, google::protobuf::Timestamp* time) {
  time->set_seconds(int64_t{day} * 86'400 + second_of_day);
}

void SetMoney(int64_t cents, const std::string& currency, google::type::Money* money) {
  constexpr int64_t kNanosPerCent = 10'000'000;
  money->set_currency_code(currency);
  money->set_units(cents / 100);
  money->set_nanos(static_cast<int32_t>(cents % 100 * kNanosPerCent));
}

}  // namespace folio::demo
