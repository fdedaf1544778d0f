// Curves in one line of text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/cli/app/language.h"

namespace folio::cli {

// A character of eight heights for each value, "·" where there is none. The lowest value gets the lowest one; where all
// are equal, the middle.
std::string Sparkline(const std::vector<std::optional<double>>& values);

// "mrr  ▁▃▅█  100.00 → 250.00 (+150 %)".
std::string CurveLine(const std::string& name, const std::vector<std::optional<double>>& values, Language language);

}  // namespace folio::cli
