// Evidence: adding it to a finding, reading it back, and telling figures and dates in a language.
#pragma once

#include <string>
#include <string_view>

#include "server/signals/rules.h"

namespace folio::signals {

void AddNumber(std::string_view id, double number, std::string_view unit, Finding* finding);
void AddDate(std::string_view id, Day day, Finding* finding);
void AddText(std::string_view id, std::string_view text, Finding* finding);

// 0, kNoDay and "" where there is no such evidence.
double NumberIn(const Finding& finding, std::string_view id);
Day DateIn(const Finding& finding, std::string_view id);
std::string TextIn(const Finding& finding, std::string_view id);

// "2024-12-31"; "31/12/2024" in French.
std::string TellDate(Day day, error::Locale locale);
// "34 %", of 0.34.
std::string TellPercent(double ratio);
// "today", "in 1 day", "in 12 days"; "aujourd'hui", "dans 1 jour", "dans 12 jours".
std::string TellDaysAhead(double days, error::Locale locale);
// "1234": no separators, which differ by country.
std::string TellCount(double count);

}  // namespace folio::signals
