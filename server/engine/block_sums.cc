#include "server/engine/block_sums.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/engine/block.h"
#include "server/engine/group_pass.h"

namespace folio::engine {

namespace {

constexpr size_t kBands = std::size(GroupTotals().band_rows);

GroupPlan WithoutFilter(GroupPlan plan) {
  plan.filter = nullptr;
  return plan;
}

// Calls visit(number) for every whole number of the totals, always in the same order.
template <typename Totals, typename Visit>
void ForNumbers(Totals& totals, Visit visit) {
  visit(totals.rows);
  for (auto* numbers : {&totals.int_counts, &totals.real_counts, &totals.nonempty_rows}) {
    for (auto& number : *numbers) visit(number);
  }
  for (auto* numbers : {&totals.int_sums, &totals.nonempty_sums}) {
    for (auto& number : *numbers) visit(number);
  }
  for (auto& number : totals.band_rows) visit(number);
  for (auto& number : totals.band_sums) visit(number);
}

}  // namespace

bool SumTheSame(const GroupPlan& a, const GroupPlan& b) {
  return a.group_by == b.group_by && a.band == b.band && a.int_sums == b.int_sums && a.real_sums == b.real_sums &&
         a.nonempty == b.nonempty;
}

std::shared_ptr<const BlockSums> RememberedSums::Find(const GroupPlan& plan) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const auto& sums) { return sums != nullptr && SumTheSame(*sums->plan, plan); });
  return found == kept_.end() ? nullptr : *found;
}

void RememberedSums::Put(std::shared_ptr<const BlockSums> sums) const {
  const std::lock_guard lock(mutex_);
  kept_[next_].swap(sums);
  next_ = (next_ + 1) % kept_.size();
}

int64_t RememberedSums::MemoryBytes() const {
  const std::lock_guard lock(mutex_);
  size_t bytes = 0;
  for (const auto& sums : kept_) {
    if (sums == nullptr) continue;
    bytes += sizeof(BlockSums) + sums->groups.capacity() * sizeof(uint32_t) +
             sums->numbers.capacity() * sizeof(int64_t) + sums->reals.capacity() * sizeof(double);
  }
  return static_cast<int64_t>(bytes);
}

GroupAdder::GroupAdder(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t groups)
    : snapshot_(snapshot),
      plan_(plan),
      groups_(groups),
      suits_(GroupPass::CellCount(snapshot, plan, groups) <= kBlockRows),
      plan_without_filter_(std::make_shared<const GroupPlan>(WithoutFilter(plan))) {
  if (!suits_) return;
  numbers_.resize(groups * numbers());
  reals_.resize(groups * plan.real_sums.size());
}

size_t GroupAdder::numbers() const {
  return 1 + 2 * plan_.int_sums.size() + plan_.real_sums.size() + 2 * plan_.nonempty.size() + 2 * kBands;
}

std::shared_ptr<const BlockSums> GroupAdder::SumsOf(const Block& block) {
  if (auto known = block.sums.Find(plan_)) return known;
  GroupPass pass(snapshot_, *plan_without_filter_, 0, groups_);
  pass.Add(block, nullptr);
  auto sums = std::make_shared<BlockSums>();
  sums->plan = plan_without_filter_;
  for (uint32_t group = 0; group < groups_; ++group) {
    GroupTotals totals = EmptyTotals(plan_, "");
    pass.AddGroup(group, &totals);
    if (totals.rows == 0) continue;
    sums->groups.push_back(group);
    ForNumbers(std::as_const(totals), [&](auto number) { sums->numbers.push_back(static_cast<int64_t>(number)); });
    sums->reals.insert(sums->reals.end(), totals.real_sums.begin(), totals.real_sums.end());
  }
  sums->groups.shrink_to_fit();
  sums->numbers.shrink_to_fit();
  sums->reals.shrink_to_fit();
  block.sums.Put(sums);
  return sums;
}

bool GroupAdder::Add(const Block& block) {
  if (!suits_ || !GroupPass::SumsFit64Bits(block, plan_)) return false;
  const std::shared_ptr<const BlockSums> sums = SumsOf(block);
  const int64_t* number = sums->numbers.data();
  const double* real = sums->reals.data();
  for (const uint32_t group : sums->groups) {
    Int128* group_numbers = numbers_.data() + group * numbers();
    for (size_t i = 0; i < numbers(); ++i) group_numbers[i] += *number++;
    double* group_reals = reals_.data() + group * plan_.real_sums.size();
    for (size_t i = 0; i < plan_.real_sums.size(); ++i) group_reals[i] += *real++;
  }
  return true;
}

void GroupAdder::AddTo(uint32_t group, GroupTotals* totals) const {
  const Int128* number = numbers_.data() + group * numbers();
  ForNumbers(*totals, [&](auto& sum) { sum += static_cast<std::remove_reference_t<decltype(sum)>>(*number++); });
  for (size_t i = 0; i < plan_.real_sums.size(); ++i) {
    totals->real_sums[i] += reals_[group * plan_.real_sums.size() + i];
  }
}

void GroupAdder::Finish(GroupTotals* whole, std::map<std::string, GroupTotals>* groups) const {
  if (!suits_) return;
  for (uint32_t group = 0; group < groups_; ++group) {
    if (numbers_[group * numbers()] == 0) continue;  // no row
    AddTo(group, whole);
    if (plan_.group_by < 0) continue;
    for (const std::string& text : TextsOfGroup(snapshot_, plan_.group_by, group)) {
      AddTo(group, &groups->try_emplace(text, EmptyTotals(plan_, text)).first->second);
    }
  }
}

}  // namespace folio::engine
