#include "server/engine/group.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "server/engine/block.h"
#include "server/engine/block_sums.h"
#include "server/engine/filter_plan.h"
#include "server/engine/group_pass.h"
#include "server/engine/kernels.h"

namespace folio::engine {

GroupResult Summarise(const Snapshot& snapshot, const GroupPlan& plan) {
  const Snapshot::Impl& state = snapshot.impl();
  const FilterPlan filter(state, plan.filter);
  const uint32_t count = GroupCount(state, plan.group_by);
  const uint32_t at_once = GroupPass::GroupsAtOnce(state, plan);
  GroupResult result{EmptyTotals(plan, ""), {}};
  std::map<std::string, GroupTotals> groups;
  GroupAdder adder(state, plan, count);
  uint8_t mask[kBlockRows];
  for (uint32_t first = 0; first < count; first += at_once) {
    const auto pass = std::make_unique<GroupPass>(state, plan, first, std::min(at_once, count - first));
    for (const auto& block : state.blocks) {
      if (block == nullptr) continue;
      bool whole = filter.matches_all() && block->live_rows == block->rows;
      if (!whole && !filter.Match(*block, mask)) continue;
      if (!whole) whole = kernels::Count(mask, block->rows) == block->rows;
      if (!whole || !adder.Add(*block)) pass->Add(*block, whole ? nullptr : mask);
    }
    pass->Finish(&result.whole, &groups);
  }
  adder.Finish(&result.whole, &groups);
  for (auto& [value, totals] : groups) result.groups.push_back(std::move(totals));
  return result;
}

std::vector<std::string> GroupsOf(const Snapshot& snapshot, RowKey key, model::ColumnIndex group_by) {
  const model::Column& column = snapshot.columns().at(group_by);
  if (column.type == model::ColumnType::kSymbol) return {snapshot.TextAt(key, group_by)};
  if (column.type == model::ColumnType::kSymbolSet) {
    const std::vector<std::string_view> values = snapshot.SetAt(key, group_by);
    if (values.empty()) return {""};
    return {values.begin(), values.end()};
  }
  const int64_t value = snapshot.IntAt(key, group_by);
  if (value == Snapshot::kMissingInt) return {""};
  if (column.type == model::ColumnType::kBool) return {value == 0 ? "false" : "true"};
  return {column.enum_names[static_cast<size_t>(value)]};
}

}  // namespace folio::engine
