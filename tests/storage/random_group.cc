#include "tests/storage/random_group.h"

#include <algorithm>
#include <set>

namespace folio::storage::testing {
namespace {

constexpr int kIds = 60;
constexpr int kRequests = 100;
constexpr int kCursors = 4;

std::string IdOf(int64_t i) { return "id" + std::to_string(i); }
std::string RequestOf(int64_t i) { return "request" + std::to_string(i); }
std::string CursorOf(int64_t i) { return "cursor" + std::to_string(i); }

void AddWrite(const Storage& model, Dice& dice, Revision revision, std::set<std::pair<Kind, std::string>>* used,
              Group* group) {
  const Kind kind = kRandomKinds[dice.Below(std::size(kRandomKinds))];
  const std::string id = RandomId(dice);
  if (!used->emplace(kind, id).second) return;
  const std::optional<Key> holder = *model.Find(kind, id);
  if (holder && dice.OneIn(3)) {
    group->writes.push_back(Remove(kind, *holder, id));
    if (dice.OneIn(2)) return;
  }
  // A new record, or one that takes the id over, has a key above all of its kind.
  Key key = model.last_key(kind);
  for (const Write& write : group->writes) {
    if (write.kind == kind) key = std::max(key, write.key);
  }
  const bool takes_over =
      !group->writes.empty() && holder && group->writes.back().key == *holder && group->writes.back().kind == kind;
  key = holder && !takes_over ? *holder : key + 1 + dice.Below(3);
  group->writes.push_back(Put(kind, key, id, revision, dice.Bytes(20'000)));
}

template <typename T>
std::string Shown(const absl::StatusOr<T>& value) {
  return value.ok() ? ::testing::PrintToString(*value) : value.status().ToString();
}

// A line where two answers differ.
template <typename T>
void Compare(const std::string& what, const absl::StatusOr<T>& got, const absl::StatusOr<T>& wanted, std::string* out) {
  if (got.ok() && wanted.ok() && *got == *wanted) return;
  *out += what + ": " + Shown(got) + " rather than " + Shown(wanted) + "\n";
}

absl::StatusOr<std::vector<Record>> ReadAll(const Storage& storage, Kind kind) {
  std::vector<Record> records;
  const absl::Status status = storage.Scan(kind, [&](const RecordView& view) {
    records.push_back({view.key, std::string(view.id), view.revision, std::string(view.data)});
    return true;
  });
  if (!status.ok()) return status;
  return records;
}

absl::StatusOr<std::vector<std::string>> ReadWholeLog(const Storage& storage) {
  std::vector<std::string> entries;
  const absl::Status status = storage.ReadLog(storage.first_log_revision() - 1, [&](Revision, std::string_view entry) {
    entries.emplace_back(entry);
    return true;
  });
  if (!status.ok()) return status;
  return entries;
}

}  // namespace

std::string RandomId(Dice& dice) { return IdOf(dice.Below(kIds)); }
std::string RandomRequest(Dice& dice) { return RequestOf(dice.Below(kRequests)); }
std::string RandomCursor(Dice& dice) { return CursorOf(dice.Below(kCursors)); }

Group RandomGroup(const Storage& model, Dice& dice) {
  Group group;
  const int64_t entries = 1 + dice.Below(5);
  for (int64_t i = 0; i < entries; ++i) group.entries.push_back(dice.Bytes(9'000));
  std::set<std::pair<Kind, std::string>> used;
  for (int64_t i = dice.Below(8); i > 0; --i) {
    AddWrite(model, dice, model.head() + 1 + dice.Below(entries), &used, &group);
  }
  for (int64_t i = dice.Below(3); i > 0; --i) {
    group.replies.push_back({.request_id = RandomRequest(dice),
                             .fingerprint = static_cast<uint64_t>(dice.Below(1000)),
                             .revision = model.head() + 1,
                             .time_s = dice.Below(1000),
                             .data = dice.Bytes(500)});
  }
  if (dice.OneIn(3)) group.cursors.push_back({RandomCursor(dice), dice.Bytes(30)});
  return group;
}

Group RandomRuleBreakingGroup(const Storage& model, Dice& dice) {
  Group group = RandomGroup(model, dice);
  if (dice.OneIn(30)) group.entries.clear();
  for (Write& write : group.writes) {
    if (dice.OneIn(40)) write.key = dice.Below(model.last_key(write.kind) + 2);
    if (dice.OneIn(40)) write.id = RandomId(dice);
    if (dice.OneIn(40)) write.data.reset();
  }
  return group;
}

std::string Difference(const Storage& store, const Storage& model) {
  std::string out;
  const auto number = [](int64_t n) { return absl::StatusOr<int64_t>(n); };
  Compare("head", number(store.head()), number(model.head()), &out);
  Compare("first log revision", number(store.first_log_revision()), number(model.first_log_revision()), &out);
  for (const Kind kind : kRandomKinds) {
    const std::string of = " of kind " + std::to_string(kind);
    Compare("last key" + of, number(store.last_key(kind)), number(model.last_key(kind)), &out);
    Compare("records" + of, ReadAll(store, kind), ReadAll(model, kind), &out);
    for (int i = 0; i < kIds; ++i) {
      Compare(IdOf(i) + of, store.FindRecord(kind, IdOf(i)), model.FindRecord(kind, IdOf(i)), &out);
    }
    for (Key key = 0; key <= model.last_key(kind) + 1; ++key) {
      Compare("record " + std::to_string(key) + of, store.Get(kind, key), model.Get(kind, key), &out);
    }
  }
  Compare("log", ReadWholeLog(store), ReadWholeLog(model), &out);
  for (int i = 0; i < kRequests; ++i) {
    Compare(RequestOf(i), store.FindReply(RequestOf(i)), model.FindReply(RequestOf(i)), &out);
  }
  for (int i = 0; i < kCursors; ++i) {
    Compare(CursorOf(i), store.GetCursor(CursorOf(i)), model.GetCursor(CursorOf(i)), &out);
  }
  return out;
}

}  // namespace folio::storage::testing
