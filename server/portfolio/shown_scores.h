// The scores that accounts showed at the ends of past days, as their history tells.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "server/base/date.h"
#include "server/engine/table.h"
#include "server/portfolio/history_blocks.h"
#include "storage/storage.h"

namespace folio::portfolio {

class ShownScores {
 public:
  static constexpr int kNone = -1;  // no score was shown

  // As was known at a revision. `storage` must outlive it.
  ShownScores(const storage::Storage& storage, storage::Revision revision) : storage_(storage), revision_(revision) {}

  // What an account that was created on `born` showed at the end of each of `days`, which ascend: 0 to 100, that of a
  // person where one stood in, or kNone. Quickest where accounts follow each other by their keys. The errors of
  // storage.
  absl::Status Read(engine::RowKey account, Day born, std::span<const Day> days, std::vector<int>* scores);

 private:
  const storage::Storage& storage_;
  const storage::Revision revision_;
  std::map<int, BlockHistory> blocks_;  // by year
};

}  // namespace folio::portfolio
