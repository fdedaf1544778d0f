#include "storage/memory/memory.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>

#include "absl/status/status.h"
#include "storage/store_id.h"

namespace folio::storage {
namespace {

absl::Status Invalid(const char* what) { return absl::InvalidArgumentError(what); }

}  // namespace

MemoryStorage::MemoryStorage() : store_id_(NewStoreId()) {}

Revision MemoryStorage::head() const {
  std::shared_lock lock(mutex_);
  return head_;
}

Revision MemoryStorage::first_log_revision() const {
  std::shared_lock lock(mutex_);
  return first_log_revision_;
}

Key MemoryStorage::last_key(Kind kind) const {
  std::shared_lock lock(mutex_);
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? 0 : found->second.last_key;
}

absl::Status MemoryStorage::Commit(const Group& group) {
  std::unique_lock lock(mutex_);
  if (absl::Status status = Validate(group); !status.ok()) return status;
  // An id can move from a record that goes to one that comes.
  for (const Write& write : group.writes) {
    if (!write.data) Apply(write);
  }
  for (const Write& write : group.writes) {
    if (write.data) Apply(write);
  }
  for (const Reply& reply : group.replies) replies_[reply.request_id] = reply;
  for (const Cursor& cursor : group.cursors) cursors_[cursor.name] = cursor.value;
  for (const std::string& entry : group.entries) log_[++head_] = entry;
  return absl::OkStatus();
}

absl::Status MemoryStorage::Validate(const Group& group) const {
  if (group.entries.empty()) return Invalid("a group needs an entry");
  std::set<std::pair<Kind, Key>> written;
  std::set<std::pair<Kind, std::string>> freed;
  for (const Write& write : group.writes) {
    if (write.kind == 0) return Invalid("a kind is a number from 1");
    if (write.key < 1 || write.key > kKeyMax) return Invalid("a key is a number from 1 to kKeyMax");
    if (!written.emplace(write.kind, write.key).second) return Invalid("a group writes a record at most once");
    const Record* record = RecordOf(write.kind, write.key);
    if (record != nullptr && record->id != write.id) return Invalid("a record keeps its id");
    if (record != nullptr && !write.data) freed.emplace(write.kind, write.id);
  }
  std::set<std::pair<Kind, std::string>> taken;
  for (const Write& write : group.writes) {
    if (!write.data || RecordOf(write.kind, write.key) != nullptr) continue;
    const auto found = kinds_.find(write.kind);
    const Records* records = found == kinds_.end() ? nullptr : &found->second;
    if (records != nullptr && write.key <= records->last_key)
      return Invalid("a new record needs a key above all before");
    const bool held =
        records != nullptr && records->by_id.contains(write.id) && !freed.contains({write.kind, write.id});
    if (held || !taken.emplace(write.kind, write.id).second) return Invalid("another record has this id");
  }
  return absl::OkStatus();
}

const Record* MemoryStorage::RecordOf(Kind kind, Key key) const {
  const auto records = kinds_.find(kind);
  if (records == kinds_.end()) return nullptr;
  const auto record = records->second.by_key.find(key);
  return record == records->second.by_key.end() ? nullptr : &record->second;
}

void MemoryStorage::Apply(const Write& write) {
  if (!write.data) {
    if (RecordOf(write.kind, write.key) == nullptr) return;
    kinds_[write.kind].by_id.erase(write.id);
    kinds_[write.kind].by_key.erase(write.key);
    return;
  }
  Records& records = kinds_[write.kind];
  records.by_key[write.key] = Record{write.key, write.id, write.revision, *write.data};
  records.by_id[write.id] = write.key;
  records.last_key = std::max(records.last_key, write.key);
}

absl::StatusOr<std::optional<Record>> MemoryStorage::Get(Kind kind, Key key) const {
  std::shared_lock lock(mutex_);
  const Record* record = RecordOf(kind, key);
  return record == nullptr ? std::optional<Record>() : std::optional<Record>(*record);
}

absl::StatusOr<std::optional<Record>> MemoryStorage::FindRecord(Kind kind, std::string_view id) const {
  std::shared_lock lock(mutex_);
  const auto records = kinds_.find(kind);
  if (records == kinds_.end()) return std::optional<Record>();
  const auto found = records->second.by_id.find(id);
  if (found == records->second.by_id.end()) return std::optional<Record>();
  return std::optional<Record>(records->second.by_key.at(found->second));
}

std::vector<Key> MemoryStorage::FindCandidates(Kind kind, std::string_view id) const {
  std::shared_lock lock(mutex_);
  const auto records = kinds_.find(kind);
  if (records == kinds_.end()) return {};
  const auto found = records->second.by_id.find(id);
  if (found == records->second.by_id.end()) return {};
  return {found->second};
}

absl::Status MemoryStorage::Scan(Kind kind, Key first, const RecordVisitor& visit) const {
  std::map<Key, Record> records;  // a copy, so that the visitor may call the store
  {
    std::shared_lock lock(mutex_);
    if (const auto found = kinds_.find(kind); found != kinds_.end()) {
      records.insert(found->second.by_key.lower_bound(first), found->second.by_key.end());
    }
  }
  for (const auto& [key, record] : records) {
    if (!visit(RecordView{key, record.id, record.revision, record.data})) break;
  }
  return absl::OkStatus();
}

absl::Status MemoryStorage::ReadLog(Revision after, const EntryVisitor& visit) const {
  std::map<Revision, std::string> entries;
  {
    std::shared_lock lock(mutex_);
    if (after < first_log_revision_ - 1) return absl::OutOfRangeError("the log no longer holds these entries");
    entries.insert(log_.upper_bound(after), log_.end());
  }
  for (const auto& [revision, entry] : entries) {
    if (!visit(revision, entry)) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Reply>> MemoryStorage::FindReply(std::string_view request_id) const {
  std::shared_lock lock(mutex_);
  const auto found = replies_.find(request_id);
  return found == replies_.end() ? std::optional<Reply>() : std::optional<Reply>(found->second);
}

absl::StatusOr<std::optional<std::string>> MemoryStorage::GetCursor(std::string_view name) const {
  std::shared_lock lock(mutex_);
  const auto found = cursors_.find(name);
  return found == cursors_.end() ? std::optional<std::string>() : std::optional<std::string>(found->second);
}

absl::Status MemoryStorage::Compact(Revision first) {
  std::unique_lock lock(mutex_);
  if (first > head_ + 1) return Invalid("the log cannot begin after its end");
  first_log_revision_ = std::max(first_log_revision_, first);
  log_.erase(log_.begin(), log_.lower_bound(first_log_revision_));
  return absl::OkStatus();
}

absl::Status MemoryStorage::RewriteLog(const EntryRewriter& rewrite) {
  std::unique_lock lock(mutex_);
  for (auto& [revision, entry] : log_) {
    if (std::optional<std::string> changed = rewrite(revision, entry)) entry = *std::move(changed);
  }
  return absl::OkStatus();
}

absl::Status MemoryStorage::ForgetRepliesBefore(int64_t time_s) {
  std::unique_lock lock(mutex_);
  std::erase_if(replies_, [time_s](const auto& entry) { return entry.second.time_s < time_s; });
  return absl::OkStatus();
}

absl::Status MemoryStorage::Maintain() { return absl::OkStatus(); }

absl::StatusOr<CheckReport> MemoryStorage::Check(const Progress& progress) const {
  CheckReport report;
  {
    std::shared_lock lock(mutex_);
    for (const auto& [kind, records] : kinds_) report.records += static_cast<int64_t>(records.by_key.size());
    report.entries = static_cast<int64_t>(log_.size());
  }
  if (!progress(report.records + report.entries)) return absl::CancelledError("the check was stopped");
  return report;
}

}  // namespace folio::storage
