#include "client/cli/output/sparkline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "client/cli/output/cell.h"
#include "client/cli/output/text_width.h"

namespace folio::cli {
namespace {

constexpr std::array<std::string_view, 8> kHeights = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr int kNameWidth = 28;

}  // namespace

std::string Sparkline(const std::vector<std::optional<double>>& values) {
  std::vector<double> known;
  for (const std::optional<double>& value : values) {
    if (value.has_value()) known.push_back(*value);
  }
  std::string line;
  for (const std::optional<double>& value : values) {
    if (!value.has_value()) {
      line += "·";
      continue;
    }
    const auto [low, high] = std::minmax_element(known.begin(), known.end());
    const double share = *high > *low ? (*value - *low) / (*high - *low) : 0.5;
    line += kHeights[static_cast<size_t>(std::lround(share * (kHeights.size() - 1)))];
  }
  return line;
}

std::string CurveLine(const std::string& name, const std::vector<std::optional<double>>& values, Language language) {
  const auto is_known = [](const std::optional<double>& value) { return value.has_value(); };
  const auto first = std::find_if(values.begin(), values.end(), is_known);
  std::string line = name + std::string(static_cast<size_t>(std::max(1, kNameWidth - DisplayWidth(name))), ' ');
  line += Sparkline(values);
  if (first == values.end()) return line + "  –";
  const double last = **std::find_if(values.rbegin(), values.rend(), is_known);
  const auto told = [language](double value) { return Grouped(fmt::format("{:.2f}", value), language); };
  line += "  " + told(**first) + " → " + told(last);
  if (**first != 0) line += " (" + Percent((last - **first) / std::abs(**first), language, true) + ")";
  return line;
}

}  // namespace folio::cli
