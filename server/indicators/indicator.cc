#include "server/indicators/indicator.h"

#include <algorithm>
#include <utility>

namespace folio::indicators {
namespace {

std::vector<Indicator>& Registered() {
  static auto* const all = new std::vector<Indicator>;
  return *all;
}

bool ComesBefore(const Indicator& indicator, std::string_view id) { return indicator.id < id; }

}  // namespace

Registrar::Registrar(Indicator indicator) {
  std::vector<Indicator>& all = Registered();
  all.insert(std::lower_bound(all.begin(), all.end(), indicator.id, ComesBefore), std::move(indicator));
}

const std::vector<Indicator>& AllIndicators() { return Registered(); }

const Indicator* FindIndicator(std::string_view id) {
  const std::vector<Indicator>& all = AllIndicators();
  const auto found = std::lower_bound(all.begin(), all.end(), id, ComesBefore);
  return found != all.end() && found->id == id ? &*found : nullptr;
}

}  // namespace folio::indicators
