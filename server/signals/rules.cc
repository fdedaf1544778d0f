#include "server/signals/rules.h"

#include "server/signals/rule_files.h"

namespace folio::signals {

Finding Rule::explain(const account::View& view) const {
  Finding finding;
  finding.severity = grade(view);
  if (finding.severity == v1::SIGNAL_SEVERITY_UNSPECIFIED) return finding;
  account::View past = view;
  while (past.today > view.today - kLookBackDays) {
    --past.today;
    if (!holds(past)) {
      ++past.today;
      break;
    }
  }
  finding.since = past.today;
  describe(view, &finding);
  return finding;
}

std::span<const Rule> AllRules() {
  static const Rule all[] = {kUsageDrop,      kRenewalNear,    kContactChange,
                             kIntensiveUsage, kIdentifiedNeed, kBudgetAvailable};
  return all;
}

uint32_t Detect(const account::View& view) {
  uint32_t holding = 0;
  uint32_t bit = 1;
  for (const Rule& rule : AllRules()) {
    if (rule.holds(view)) holding |= bit;
    bit <<= 1;
  }
  return holding;
}

std::string Summarise(const Rule& rule, const Finding& finding, error::Locale locale) {
  return rule.summarise(finding, locale);
}

}  // namespace folio::signals
