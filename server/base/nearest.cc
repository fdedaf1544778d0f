#include "server/base/nearest.h"

#include <algorithm>

namespace folio {
namespace {

// Longer names are never typing errors of each other, and cost quadratic time.
constexpr size_t kLengthMax = 128;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Edits that make one of the other, where exchanging two neighbours is one edit.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool exchanged = i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) && Lower(a[i - 2]) == Lower(b[j - 1]);
      if (exchanged) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string NearestName(std::string_view wrong, const std::vector<std::string_view>& names) {
  if (wrong.empty() || wrong.size() > kLengthMax) return "";
  std::string_view nearest;
  size_t smallest = std::max<size_t>(1, wrong.size() / 3) + 1;
  for (const std::string_view name : names) {
    if (name.empty() || name.size() > kLengthMax) continue;
    const size_t distance = Distance(wrong, name);
    if (distance >= smallest) continue;
    smallest = distance;
    nearest = name;
  }
  return std::string(nearest);
}

}  // namespace folio
