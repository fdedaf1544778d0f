// Days as numbers, for the generator alone.
#pragma once

#include <cstdint>
#include <string>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace folio::demo {

// The same day so many months later or earlier, or the month's last day where it has no such day.
int32_t AddMonths(int32_t day, int months);
// 1 to 12.
int MonthOf(int32_t day);

void SetDate(int32_t day, google::type::Date* date);
void SetTime(int32_t day, int64_t second_of_day, google::protobuf::Timestamp* time);
// An amount of hundredths of the currency's unit.
void SetMoney(int64_t cents, const std::string& currency, google::type::Money* money);

}  // namespace folio::demo
