#include "server/engine/group.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "server/engine/block.h"
#include "server/engine/filter_plan.h"
#include "server/engine/group_pass.h"

namespace folio::engine {

GroupResult Summarise(const Snapshot& snapshot, const GroupPlan& plan) {
  const Snapshot::Impl& state = snapshot.impl();
  const FilterPlan filter(state, plan.filter);
  const uint32_t count = GroupCount(state, plan.group_by);
  const uint32_t at_once = GroupPass::GroupsAtOnce(state, plan);
  GroupResult result{EmptyTotals(plan, ""), {}};
  std::map<std::string, GroupTotals> groups;
  uint8_t mask[kBlockRows];
  for (uint32_t first = 0; first < count; first += at_once) {
    const auto pass = std::make_unique<GroupPass>(state, plan, first, std::min(at_once, count - first));
    for (const auto& block : state.blocks) {
      if (block == nullptr) continue;
      if (filter.matches_all() && block->live_rows == block->rows) {
        pass->Add(*block, nullptr);
      } else if (filter.Match(*block, mask)) {
        pass->Add(*block, mask);
      }
    }
    pass->Finish(&result.whole, &groups);
  }
  for (auto& [value, totals] : groups) result.groups.push_back(std::move(totals));
  return result;
}

}  // namespace folio::engine
