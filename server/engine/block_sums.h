// Sums by group over whole blocks, remembered with the block: a block never changes, so they stay true as long as it
// lives, and a change costs the sums of its own block only. What a filter takes a part of is always summed anew.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "server/base/int128.h"
#include "server/engine/group.h"

namespace folio::engine {

struct Block;

// The sums of one block.
struct BlockSums {
  std::shared_ptr<const GroupPlan> plan;  // its filter says nothing
  std::vector<uint32_t> groups;           // those that have rows; numbers as GroupCount counts them
  std::vector<int64_t> numbers;           // GroupAdder::numbers() for each group
  std::vector<double> reals;              // one for each group and real_sums
};

// The latest few sums of a block. Any thread.
class RememberedSums {
 public:
  RememberedSums() = default;
  // A copy of a block is made to be changed: nothing that is remembered is true of it.
  RememberedSums(const RememberedSums&) {}
  RememberedSums& operator=(const RememberedSums&) = delete;

  // nullptr where there are none for this plan.
  std::shared_ptr<const BlockSums> Find(const GroupPlan& plan) const;
  void Put(std::shared_ptr<const BlockSums> sums) const;
  int64_t MemoryBytes() const;

 private:
  mutable std::mutex mutex_;
  mutable std::array<std::shared_ptr<const BlockSums>, 4> kept_;  // guarded by mutex_
  mutable size_t next_ = 0;                                       // guarded by mutex_
};

// Adds up the sums of blocks.
class GroupAdder {
 public:
  // Borrows them. `groups`: GroupCount of the plan.
  GroupAdder(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t groups);

  // False where there are so many groups, or values so large, that summing the rows is better; nothing is added then.
  bool Add(const Block& block);

  // As GroupPass::Finish.
  void Finish(GroupTotals* whole, std::map<std::string, GroupTotals>* groups) const;

 private:
  // Whole numbers for each group: rows; sums and counts of int_sums; counts of real_sums; rows and sums of the bands
  // and of nonempty.
  size_t numbers() const;
  std::shared_ptr<const BlockSums> SumsOf(const Block& block);
  void AddTo(uint32_t group, GroupTotals* totals) const;

  const Snapshot::Impl& snapshot_;
  const GroupPlan& plan_;
  const uint32_t groups_;
  const bool suits_;
  const std::shared_ptr<const GroupPlan> plan_without_filter_;
  std::vector<Int128> numbers_;  // by group
  std::vector<double> reals_;    // by group
};

}  // namespace folio::engine
