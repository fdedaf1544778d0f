#include "server/indicators/accounts_method.h"

#include <xxhash.h>

namespace folio::indicators {

std::vector<Unit> UnitsOf(const Question& question) {
  std::vector<Unit> units;
  for (int64_t number = 0; number < question.scope.unit_count(); ++number) {
    const int64_t first = number * kUnitAccounts;
    Unit unit{.number = number,
              .first = std::max<int64_t>(first, 1),
              .end = std::min(first + kUnitAccounts, question.scope.last_account() + 1)};
    for (int64_t account = first; account < unit.end; account += ledger::kBlockAccounts) {
      const ledger::AccountBlock* block = BlockOf(question.state, account);
      if (block != nullptr) unit.version = std::max(unit.version, block->draft());
    }
    units.push_back(unit);
  }
  return units;
}

uint64_t DigestOf(std::span<const Period> periods) {
  std::vector<Day> days;
  for (const Period& period : periods) {
    days.push_back(period.start_day);
    days.push_back(period.last_day);
  }
  return XXH3_64bits(days.data(), days.size() * sizeof(Day));
}

}  // namespace folio::indicators
