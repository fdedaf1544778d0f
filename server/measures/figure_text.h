// Figures in words, in the reader's language: with its separators, and with their unit.
#pragma once

#include <string>
#include <string_view>

#include "server/base/error.h"

namespace folio::measures {

// At most two decimals, thousands apart: "17,657.5" or "17 657,5" (U+202F).
std::string NumberText(double value, error::Locale locale);

// "-20 %", "1 day", "2,394 EUR". An amount of money whose currency is not told is a number.
std::string FigureText(double value, std::string_view unit, error::Locale locale, std::string_view currency = "");

}  // namespace folio::measures
