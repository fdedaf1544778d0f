// Public holidays, computed.
#pragma once

#include "server/base/date.h"

namespace folio {

// Easter Sunday of the Gregorian calendar; years 1583 to 9999.
Day EasterSunday(int year);

// One of the eleven days on which all of metropolitan France is closed (article L3133-1 of its labour code): 1 January,
// Easter Monday, 1 and 8 May, Ascension, Whit Monday, 14 July, 15 August, 1 and 11 November, 25 December.
bool IsFrenchHoliday(Day day);

}  // namespace folio
