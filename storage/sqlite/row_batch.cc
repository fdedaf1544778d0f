#include "storage/sqlite/row_batch.h"

namespace folio::storage {
namespace {

Row MakeRow(int kind, Key key, std::string_view id, Revision revision, std::string_view data) {
  const RowId row_id = RowIdOf(kind, key);
  return {.row_id = row_id, .revision = revision, .sum = RowSum(row_id, id, revision, data), .id = id, .data = data};
}

}  // namespace

absl::Status RowBatch::Put(int kind, Key key, std::string_view id, Revision revision, std::string_view data) {
  const Row row = MakeRow(kind, key, id, revision, data);
  return key > state_.kinds[kind].last_key ? Insert(row) : Update(row);
}

absl::Status RowBatch::PutById(int kind, std::string_view id, Revision revision, std::string_view data) {
  const absl::StatusOr<std::optional<Key>> key = Find(kind, id);
  if (!key.ok()) return key.status();
  return Put(kind, key->value_or(state_.kinds[kind].last_key + 1), id, revision, data);
}

absl::Status RowBatch::Insert(const Row& row) {
  const int kind = KindOf(row.row_id);
  const absl::StatusOr<std::optional<Key>> holder = Find(kind, row.id);
  if (!holder.ok()) return holder.status();
  if (holder->has_value()) return absl::InvalidArgumentError("another record has this id: " + std::string(row.id));

  if (absl::Status status = writer_.InsertRow(row); !status.ok()) return status;
  const Entry entry = {.kind = kind, .key = KeyOf(row.row_id), .hash = Directory::HashOf(row.id)};
  directories_[kind].Add(entry.hash, entry.key);
  added_.push_back(entry);
  KindState& state = state_.kinds[kind];
  state.last_key = entry.key;
  state.count += 1;
  state.digest += row.sum;
  return absl::OkStatus();
}

absl::Status RowBatch::Update(const Row& row) {
  uint64_t old_sum = 0;
  absl::Status status = writer_.ReadRecord(row.row_id, [&](const Row* old) {
    if (old == nullptr) return absl::InvalidArgumentError("a new record needs a key above all before");
    if (old->id != row.id) return absl::InvalidArgumentError("a record keeps its id: " + std::string(old->id));
    old_sum = old->sum;
    return absl::OkStatus();
  });
  if (status.ok()) status = writer_.UpdateRow(row);
  changed_.push_back(row.row_id);
  if (status.ok()) state_.kinds[KindOf(row.row_id)].digest += row.sum - old_sum;
  return status;
}

absl::Status RowBatch::Remove(int kind, Key key, std::string_view id) {
  std::optional<uint64_t> old_sum;
  absl::Status status = writer_.ReadRecord(RowIdOf(kind, key), [&](const Row* old) {
    if (old == nullptr) return absl::OkStatus();
    if (old->id != id) return absl::InvalidArgumentError("a record keeps its id: " + std::string(old->id));
    old_sum = old->sum;
    return absl::OkStatus();
  });
  if (!status.ok() || !old_sum) return status;
  if (status = writer_.DeleteRow(RowIdOf(kind, key)); !status.ok()) return status;
  changed_.push_back(RowIdOf(kind, key));
  removed_.push_back({.kind = kind, .key = key, .hash = Directory::HashOf(id)});
  state_.kinds[kind].count -= 1;
  state_.kinds[kind].digest -= *old_sum;
  return absl::OkStatus();
}

// As the transaction sees it, so what it has removed is gone.
absl::StatusOr<std::optional<Key>> RowBatch::Find(int kind, std::string_view id) {
  for (const Key key : directories_[kind].FindForWriter(Directory::HashOf(id)).keys) {
    bool found = false;
    const absl::Status status = writer_.ReadRecord(RowIdOf(kind, key), [&](const Row* row) {
      found = row != nullptr && row->id == id;
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    if (found) return std::optional<Key>(key);
  }
  return std::optional<Key>();
}

// A key that is live in the directory must be of a record that every reader sees: so a key ceases to be live before the
// commit, and becomes it after.
void RowBatch::BeforeCommit() {
  for (const Entry& entry : removed_) directories_[entry.kind].SetLive(entry.key, false);
  for (const RowId row_id : changed_) cache_.BeginWrite(row_id);
}

void RowBatch::AfterCommit() {
  for (const Entry& entry : removed_) directories_[entry.kind].Remove(entry.hash, entry.key);
  std::vector<Key> keys;  // of one kind, which lie together
  for (size_t i = 0; i < added_.size(); ++i) {
    keys.push_back(added_[i].key);
    if (i + 1 < added_.size() && added_[i + 1].kind == added_[i].kind) continue;
    directories_[added_[i].kind].SetLive(keys, true);
    directories_[added_[i].kind].set_last_key(keys.back());
    keys.clear();
  }
  for (const RowId row_id : changed_) cache_.EndWrite(row_id);
}

void RowBatch::Abandon() {
  for (const Entry& entry : added_) directories_[entry.kind].Remove(entry.hash, entry.key);
  for (const Entry& entry : removed_) directories_[entry.kind].SetLive(entry.key, true);
  for (const RowId row_id : changed_) cache_.EndWrite(row_id);
}

}  // namespace folio::storage
