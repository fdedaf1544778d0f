// The row writes of one transaction: applied to the file as they come, and to the directories and the cache once it is
// known whether the transaction holds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/directory.h"
#include "storage/sqlite/record_cache.h"
#include "storage/sqlite/row.h"
#include "storage/sqlite/state.h"
#include "storage/sqlite/writer.h"

namespace folio::storage {

using Directories = std::array<Directory, kKindCount>;

// Keeps the counts of `state` with what it writes. The writer must be within a transaction.
class RowBatch {
 public:
  RowBatch(Writer& writer, Directories& directories, RecordCache& cache, State& state)
      : writer_(writer), directories_(directories), cache_(cache), state_(state) {}

  // Stores a record: a new one where the key is above the kind's last key. INVALID_ARGUMENT as Storage::Commit.
  absl::Status Put(int kind, Key key, std::string_view id, Revision revision, std::string_view data);

  // Stores a record under the key that its id has, or under the next key.
  absl::Status PutById(int kind, std::string_view id, Revision revision, std::string_view data);

  // Removes a record, if it is there. INVALID_ARGUMENT where it has another id.
  absl::Status Remove(int kind, Key key, std::string_view id);

  // Call one of: BeforeCommit and then AfterCommit, or Abandon (also after BeforeCommit).
  void BeforeCommit();
  void AfterCommit();
  void Abandon();

 private:
  struct Entry {
    int kind;
    Key key;
    uint64_t hash;
  };

  absl::Status Insert(const Row& row);
  absl::Status Update(const Row& row);
  absl::StatusOr<std::optional<Key>> Find(int kind, std::string_view id);

  Writer& writer_;
  Directories& directories_;
  RecordCache& cache_;
  State& state_;
  std::vector<Entry> added_;
  std::vector<Entry> removed_;
  std::vector<RowId> changed_;  // rows that were there before
};

}  // namespace folio::storage
