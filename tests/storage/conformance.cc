#include "tests/storage/conformance.h"

#include <algorithm>
#include <utility>

#include "tests/storage/engines.h"

namespace folio::storage::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr Kind kAccount = 1;
constexpr Kind kTask = 4;

TEST_P(ConformanceTest, NewStoreIsEmpty) {
  EXPECT_EQ(storage_->store_id().size(), 32u);
  EXPECT_EQ(storage_->store_id().find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(storage_->head(), 0);
  EXPECT_EQ(storage_->first_log_revision(), 1);
  EXPECT_EQ(storage_->last_key(kAccount), 0);
  EXPECT_EQ(Get(kAccount, 1), std::nullopt);
  EXPECT_EQ(Find(kAccount, "acme"), std::nullopt);
  EXPECT_THAT(AllRecords(*storage_, kAccount), IsEmpty());
  EXPECT_THAT(WholeLog(*storage_), IsEmpty());
}

TEST_P(ConformanceTest, CommitStoresStateAndLogTogether) {
  Commit({.entries = {"first", "second"},
          .writes = {Put(kAccount, 1, "acme", 1, "Acme"), Put(kAccount, 2, "globex", 2, "Globex")}});
  EXPECT_EQ(storage_->head(), 2);
  EXPECT_EQ(storage_->last_key(kAccount), 2);
  EXPECT_EQ(Get(kAccount, 1), (Record{1, "acme", 1, "Acme"}));
  EXPECT_EQ(Find(kAccount, "globex"), 2);
  EXPECT_THAT(AllRecords(*storage_, kAccount),
              ElementsAre(Record{1, "acme", 1, "Acme"}, Record{2, "globex", 2, "Globex"}));
  EXPECT_THAT(WholeLog(*storage_), ElementsAre(Pair(1, "first"), Pair(2, "second")));
}

TEST_P(ConformanceTest, TheKeyOfAnIdIsAmongItsCandidates) {
  Commit({.entries = {"first"}, .writes = {Put(kAccount, 1, "acme", 1, "Acme"), Put(kAccount, 2, "globex", 1, "G")}});
  EXPECT_THAT(storage_->FindCandidates(kAccount, "globex"), Contains(2));
  EXPECT_THAT(storage_->FindCandidates(kTask, "globex"), IsEmpty());
  Commit(GroupOf("moved", {Remove(kAccount, 2, "globex"), Put(kAccount, 3, "globex", 2, "G")}));
  EXPECT_THAT(storage_->FindCandidates(kAccount, "globex"), Contains(3));
  Reopen();
  EXPECT_THAT(storage_->FindCandidates(kAccount, "globex"), Contains(3));
  EXPECT_THAT(storage_->FindCandidates(kAccount, "acme"), Contains(1));
}

TEST_P(ConformanceTest, UpdateReplacesTheRecordUnderItsKey) {
  Commit(GroupOf("made", {Put(kAccount, 1, "acme", 1, "Acme")}));
  Commit(GroupOf("changed", {Put(kAccount, 1, "acme", 2, "Acme Limited")}));
  EXPECT_EQ(Get(kAccount, 1), (Record{1, "acme", 2, "Acme Limited"}));
  EXPECT_EQ(storage_->last_key(kAccount), 1);
}

TEST_P(ConformanceTest, RemovedRecordIsGoneAndItsKeyIsNeverGivenAgain) {
  Commit(GroupOf("made", {Put(kAccount, 1, "acme", 1, "Acme"), Put(kAccount, 2, "globex", 1, "Globex")}));
  Commit(GroupOf("removed", {Remove(kAccount, 2, "globex")}));
  EXPECT_EQ(Get(kAccount, 2), std::nullopt);
  EXPECT_EQ(Find(kAccount, "globex"), std::nullopt);
  EXPECT_THAT(AllRecords(*storage_, kAccount), SizeIs(1));
  Reopen();
  EXPECT_EQ(storage_->last_key(kAccount), 2);
  EXPECT_THAT(storage_->Commit(GroupOf("again", {Put(kAccount, 2, "globex", 3, "Globex")})),
              HasCode(absl::StatusCode::kInvalidArgument));
}

TEST_P(ConformanceTest, RemovingWhatIsNotThereDoesNothing) {
  Commit(GroupOf("removed", {Remove(kAccount, 7, "acme")}));
  EXPECT_EQ(storage_->head(), 1);
  EXPECT_EQ(storage_->last_key(kAccount), 0);
}

TEST_P(ConformanceTest, AnIdCanMoveToANewRecordWithinAGroup) {
  Commit(GroupOf("made", {Put(kAccount, 1, "acme", 1, "old")}));
  Commit(GroupOf("moved", {Put(kAccount, 2, "acme", 2, "new"), Remove(kAccount, 1, "acme")}));
  EXPECT_EQ(Find(kAccount, "acme"), 2);
  EXPECT_EQ(Get(kAccount, 1), std::nullopt);
  Reopen();
  EXPECT_EQ(Find(kAccount, "acme"), 2);
}

TEST_P(ConformanceTest, NewRecordsOfAGroupMayComeInAnyOrderAndLeaveGaps) {
  Commit(
      GroupOf("made", {Put(kAccount, 9, "c", 1, "C"), Put(kAccount, 3, "a", 1, "A"), Put(kAccount, 5, "b", 1, "B")}));
  EXPECT_EQ(storage_->last_key(kAccount), 9);
  const std::vector<Record> records = AllRecords(*storage_, kAccount);
  EXPECT_THAT(records, ElementsAre(Record{3, "a", 1, "A"}, Record{5, "b", 1, "B"}, Record{9, "c", 1, "C"}));
  Commit(GroupOf("largest", {Put(kAccount, kKeyMax, "z", 2, "Z")}));
  EXPECT_EQ(Find(kAccount, "z"), kKeyMax);
  EXPECT_EQ(Get(kAccount, kKeyMax), (Record{kKeyMax, "z", 2, "Z"}));
}

TEST_P(ConformanceTest, RefusedGroupLeavesNothing) {
  Commit(GroupOf("made", {Put(kAccount, 5, "acme", 1, "Acme"), Put(kAccount, 6, "globex", 1, "Globex")}));
  Commit(GroupOf("removed", {Remove(kAccount, 6, "globex")}));
  const std::pair<const char*, std::vector<Write>> bad[] = {
      {"no kind", {Put(0, 1, "x", 3, "")}},
      {"key 0", {Put(kAccount, 0, "x", 3, "")}},
      {"key too large", {Put(kAccount, kKeyMax + 1, "x", 3, "")}},
      {"key below the last", {Put(kAccount, 4, "x", 3, "")}},
      {"key of a removed record", {Put(kAccount, 6, "globex", 3, "")}},
      {"twice", {Put(kAccount, 7, "x", 3, ""), Put(kAccount, 7, "x", 3, "")}},
      {"written and removed", {Put(kAccount, 5, "acme", 3, ""), Remove(kAccount, 5, "acme")}},
      {"id of another", {Put(kAccount, 7, "acme", 3, "")}},
      {"same new id", {Put(kAccount, 7, "x", 3, ""), Put(kAccount, 8, "x", 3, "")}},
      {"changed id", {Put(kAccount, 5, "other", 3, "")}},
      {"removed by another id", {Remove(kAccount, 5, "other")}},
  };
  for (const auto& [name, writes] : bad) {
    SCOPED_TRACE(name);
    Group group = GroupOf("bad", {Put(kTask, 1, "task", 3, "Task")});
    group.writes.insert(group.writes.end(), writes.begin(), writes.end());
    group.replies = {{.request_id = "r", .data = "reply"}};
    group.cursors = {{.name = "c", .value = "cursor"}};
    EXPECT_THAT(storage_->Commit(group), HasCode(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(storage_->Commit(Group()), HasCode(absl::StatusCode::kInvalidArgument));

  EXPECT_EQ(storage_->head(), 2);
  EXPECT_EQ(storage_->last_key(kAccount), 6);
  EXPECT_EQ(storage_->last_key(kTask), 0);
  EXPECT_EQ(Find(kTask, "task"), std::nullopt);
  EXPECT_EQ(Find(kAccount, "x"), std::nullopt);
  EXPECT_EQ(*storage_->FindReply("r"), std::nullopt);
  EXPECT_EQ(*storage_->GetCursor("c"), std::nullopt);
  EXPECT_THAT(AllRecords(*storage_, kAccount), ElementsAre(Record{5, "acme", 1, "Acme"}));
  // And what comes after is accepted as if nothing had been.
  Commit(GroupOf("good", {Put(kAccount, 7, "x", 3, "X"), Put(kTask, 1, "task", 3, "Task")}));
  EXPECT_EQ(Find(kAccount, "x"), 7);
}

TEST_P(ConformanceTest, KindsAreSeparate) {
  Commit(GroupOf("made", {Put(1, 1, "same", 1, "one"), Put(255, 1, "same", 1, "last"), Put(2, 1, "other", 1, "two")}));
  EXPECT_EQ(Get(1, 1)->data, "one");
  EXPECT_EQ(Get(255, 1)->data, "last");
  EXPECT_EQ(Find(2, "same"), std::nullopt);
  EXPECT_THAT(AllRecords(*storage_, 1), SizeIs(1));
  EXPECT_THAT(AllRecords(*storage_, 255), SizeIs(1));
  EXPECT_EQ(storage_->last_key(3), 0);
}

TEST_P(ConformanceTest, AnyBytesComeBackAsTheyWere) {
  const std::string odd("a\0b\xff\xfe\n'", 7);
  const std::string large(1 << 20, 'x');
  std::string noise(300'000, '\0');
  Dice dice(1);
  for (char& byte : noise) byte = static_cast<char>(dice.Below(256));
  Group group = {.entries = {"", odd, large, noise},
                 .writes = {Put(kAccount, 1, odd, 1, odd), Put(kAccount, 2, "", 1, ""), Put(kAccount, 3, "l", 1, large),
                            Put(kAccount, 4, "société", 1, noise)},
                 .replies = {{odd, ~uint64_t{0}, 1, -5, odd}, {"", 0, 1, 0, ""}},
                 .cursors = {{odd, odd}, {"", ""}}};
  Commit(group);
  Reopen();
  EXPECT_EQ(Get(kAccount, *Find(kAccount, odd)), (Record{1, odd, 1, odd}));
  EXPECT_EQ(Get(kAccount, *Find(kAccount, "")), (Record{2, "", 1, ""}));
  EXPECT_EQ(Get(kAccount, 3)->data, large);
  EXPECT_EQ(Get(kAccount, *Find(kAccount, "société"))->data, noise);
  EXPECT_THAT(WholeLog(*storage_), ElementsAre(Pair(1, ""), Pair(2, odd), Pair(3, large), Pair(4, noise)));
  EXPECT_EQ(*storage_->FindReply(odd), group.replies[0]);
  EXPECT_EQ(*storage_->FindReply(""), group.replies[1]);
  EXPECT_EQ(*storage_->GetCursor(odd), odd);
  EXPECT_EQ(*storage_->GetCursor(""), "");
}

TEST_P(ConformanceTest, KeysAndKindsThatCannotBeAreOfNoRecord) {
  Commit(GroupOf("made", {Put(kAccount, 1, "acme", 1, "Acme")}));
  EXPECT_EQ(Get(kAccount, 0), std::nullopt);
  EXPECT_EQ(Get(kAccount, -1), std::nullopt);
  EXPECT_EQ(Get(kAccount, INT64_MAX), std::nullopt);
  EXPECT_EQ(Get(kAccount, INT64_MIN), std::nullopt);
  EXPECT_EQ(Get(0, (int64_t{1} << 48) | 1), std::nullopt);
  EXPECT_EQ(Find(0, "acme"), std::nullopt);
  EXPECT_THAT(AllRecords(*storage_, 0), IsEmpty());
}

TEST_P(ConformanceTest, VisitsEndWhereTheVisitorSaysSo) {
  Commit({.entries = {"1", "2", "3"}, .writes = {Put(kAccount, 1, "a", 1, ""), Put(kAccount, 2, "b", 2, "")}});
  int records = 0;
  EXPECT_THAT(storage_->Scan(kAccount, [&](const RecordView&) { return ++records < 1; }), IsOk());
  EXPECT_EQ(records, 1);
  int entries = 0;
  EXPECT_THAT(storage_->ReadLog(0, [&](Revision, std::string_view) { return ++entries < 2; }), IsOk());
  EXPECT_EQ(entries, 2);
}

TEST_P(ConformanceTest, ScanBeginsAtAnyKey) {
  Commit(GroupOf("made", {Put(kAccount, 2, "a", 1, ""), Put(kAccount, 3, "b", 1, ""), Put(kAccount, 200, "c", 1, ""),
                          Put(kAccount, 201, "d", 1, ""), Put(kTask, 1, "t", 1, "")}));
  Commit(GroupOf("removed", {Remove(kAccount, 3, "b")}));
  const std::vector<Key> all = {2, 200, 201};
  for (const Key first : {INT64_MIN, Key{-5}, Key{0}, Key{1}, Key{2}, Key{3}, Key{4}, Key{200}, Key{201}, Key{202},
                          kKeyMax, kKeyMax + 1, INT64_MAX}) {
    SCOPED_TRACE(first);
    std::vector<Key> seen;
    EXPECT_THAT(storage_->Scan(kAccount, first,
                               [&](const RecordView& record) {
                                 seen.push_back(record.key);
                                 return true;
                               }),
                IsOk());
    EXPECT_EQ(seen, std::vector<Key>(std::lower_bound(all.begin(), all.end(), first), all.end()));
  }
}

TEST_P(ConformanceTest, VisitorsMayCallTheStore) {
  Commit({.entries = {"1", "2"}, .writes = {Put(kAccount, 1, "a", 1, "A"), Put(kAccount, 2, "b", 2, "B")}});
  int seen = 0;
  EXPECT_THAT(storage_->Scan(kAccount,
                             [&](const RecordView& record) {
                               EXPECT_EQ(Get(kAccount, record.key)->data, record.data);
                               return storage_->ReadLog(0, [&](Revision, std::string_view) { return ++seen > 0; }).ok();
                             }),
              IsOk());
  EXPECT_EQ(seen, 4);
}

TEST_P(ConformanceTest, ScanSeesOneStateWhileTheWriterGoesOn) {
  Commit(GroupOf("made", {Put(kAccount, 1, "a", 1, "A"), Put(kAccount, 2, "b", 1, "B")}));
  std::vector<std::string> seen;
  EXPECT_THAT(
      storage_->Scan(
          kAccount,
          [&](const RecordView& record) {
            seen.emplace_back(record.data);
            if (seen.size() == 1) {
              Commit(GroupOf("meanwhile", {Put(kAccount, 2, "b", 2, "changed"), Put(kAccount, 3, "c", 2, "added")}));
            }
            return true;
          }),
      IsOk());
  EXPECT_THAT(seen, ElementsAre("A", "B"));
  EXPECT_EQ(Get(kAccount, 2)->data, "changed");
}

TEST_P(ConformanceTest, LogIsReadFromAnyRevision) {
  Commit({.entries = {"1", "2", "3"}});
  Commit({.entries = {"4"}});
  Commit({.entries = {"5", "6"}});
  const std::vector<std::string> all = {"1", "2", "3", "4", "5", "6"};
  for (Revision after = 0; after <= 7; ++after) {
    SCOPED_TRACE(after);
    const auto entries = LogAfter(*storage_, after);
    ASSERT_THAT(entries, SizeIs(static_cast<size_t>(std::max<Revision>(0, 6 - after))));
    for (size_t i = 0; i < entries.size(); ++i) EXPECT_THAT(entries[i], Pair(after + 1 + i, all[after + i]));
  }
  EXPECT_THAT(LogAfter(*storage_, INT64_MAX), IsEmpty());
  const auto ignore = [](Revision, std::string_view) { return true; };
  EXPECT_THAT(storage_->ReadLog(-1, ignore), HasCode(absl::StatusCode::kOutOfRange));
  EXPECT_THAT(storage_->ReadLog(INT64_MIN, ignore), HasCode(absl::StatusCode::kOutOfRange));
}

TEST_P(ConformanceTest, CompactDropsExactlyWhatIsBefore) {
  for (Revision first = 1; first <= 7; ++first) {
    Commit({.entries = {std::to_string(storage_->head() + 1), std::to_string(storage_->head() + 2)}});
    Commit({.entries = {std::to_string(storage_->head() + 1)}});
    Commit({.entries = {std::to_string(storage_->head() + 1), std::to_string(storage_->head() + 2)}});
    const Revision target = storage_->first_log_revision() + first - 1;
    EXPECT_THAT(storage_->Compact(target), IsOk());
    if (first % 2 == 0) Reopen();
    EXPECT_EQ(storage_->first_log_revision(), target);
    const auto entries = WholeLog(*storage_);
    ASSERT_THAT(entries, SizeIs(static_cast<size_t>(storage_->head() + 1 - target)));
    EXPECT_THAT(entries.front(), Pair(target, std::to_string(target)));
    EXPECT_THAT(storage_->ReadLog(target - 2, [](Revision, std::string_view) { return true; }),
                HasCode(absl::StatusCode::kOutOfRange));
  }
}

TEST_P(ConformanceTest, CompactCanEmptyTheLogAndNothingMore) {
  Commit({.entries = {"1", "2", "3"}, .writes = {Put(kAccount, 1, "acme", 1, "Acme")}});
  EXPECT_THAT(storage_->Compact(5), HasCode(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(storage_->first_log_revision(), 1);
  EXPECT_THAT(storage_->Compact(4), IsOk());
  Reopen();
  EXPECT_EQ(storage_->head(), 3);
  EXPECT_EQ(storage_->first_log_revision(), 4);
  EXPECT_THAT(WholeLog(*storage_), IsEmpty());
  EXPECT_EQ(Get(kAccount, 1)->data, "Acme");
  // Going back does nothing.
  EXPECT_THAT(storage_->Compact(-3), IsOk());
  EXPECT_EQ(storage_->first_log_revision(), 4);
  Commit(GroupOf("4"));
  EXPECT_THAT(WholeLog(*storage_), ElementsAre(Pair(4, "4")));
}

TEST_P(ConformanceTest, RewriteReplacesEntriesAndKeepsTheirRevisions) {
  Commit({.entries = {"one", "two", "three"}});
  Commit({.entries = {"four"}});
  Commit({.entries = {"five", "six"}});
  ASSERT_THAT(storage_->Compact(2), IsOk());
  std::vector<Revision> asked;
  EXPECT_THAT(storage_->RewriteLog([&](Revision revision, std::string_view entry) -> std::optional<std::string> {
    asked.push_back(revision);
    if (entry == "two") return "";
    if (entry == "six") return std::string(100'000, 's');
    return std::nullopt;
  }),
              IsOk());
  EXPECT_THAT(asked, ElementsAre(2, 3, 4, 5, 6));
  Reopen();
  EXPECT_THAT(WholeLog(*storage_), ElementsAre(Pair(2, ""), Pair(3, "three"), Pair(4, "four"), Pair(5, "five"),
                                               Pair(6, std::string(100'000, 's'))));
}

TEST_P(ConformanceTest, RepliesAreKeptUntilForgotten) {
  const Reply first = {.request_id = "a", .fingerprint = 11, .revision = 1, .time_s = 100, .data = "made"};
  const Reply second = {.request_id = "b", .fingerprint = 12, .revision = 1, .time_s = 99, .data = "refused"};
  const Reply third = {.request_id = "c", .fingerprint = 13, .revision = 1, .time_s = 200, .data = ""};
  Commit({.entries = {"1"}, .replies = {first, second, third}});
  EXPECT_EQ(*storage_->FindReply("a"), first);
  EXPECT_EQ(*storage_->FindReply("d"), std::nullopt);
  EXPECT_THAT(storage_->ForgetRepliesBefore(100), IsOk());
  Reopen();
  EXPECT_EQ(*storage_->FindReply("a"), first);
  EXPECT_EQ(*storage_->FindReply("b"), std::nullopt);
  EXPECT_EQ(*storage_->FindReply("c"), third);
  const Reply later = {.request_id = "a", .fingerprint = 21, .revision = 2, .time_s = 300, .data = "again"};
  Commit({.entries = {"2"}, .replies = {second, later}});
  EXPECT_EQ(*storage_->FindReply("a"), later);
  EXPECT_EQ(*storage_->FindReply("b"), second);
  EXPECT_THAT(storage_->ForgetRepliesBefore(INT64_MAX), IsOk());
  EXPECT_EQ(*storage_->FindReply("a"), std::nullopt);
}

TEST_P(ConformanceTest, CursorsMoveWithTheirGroup) {
  Commit({.entries = {"1"}, .cursors = {{"webhooks", "1"}, {"automations", "x"}}});
  Commit({.entries = {"2"}, .cursors = {{"webhooks", "2"}}});
  Reopen();
  EXPECT_EQ(*storage_->GetCursor("webhooks"), "2");
  EXPECT_EQ(*storage_->GetCursor("automations"), "x");
  EXPECT_EQ(*storage_->GetCursor("other"), std::nullopt);
  // Neither cursors nor replies are records of any kind.
  for (int kind = 0; kind <= 255; ++kind) EXPECT_THAT(AllRecords(*storage_, static_cast<Kind>(kind)), IsEmpty());
}

TEST_P(ConformanceTest, CheckCountsWhatItReads) {
  Commit({.entries = {"1", "2"},
          .writes = {Put(kAccount, 1, "a", 1, "A"), Put(kTask, 1, "t", 2, "T")},
          .replies = {{.request_id = "r"}},
          .cursors = {{"c", "1"}}});
  const auto report = storage_->Check([](int64_t) { return true; });
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->records, 2);
  EXPECT_EQ(report->entries, 2);
  EXPECT_EQ(report->corrupt, 0);
}

TEST_P(ConformanceTest, CheckCanBeStopped) {
  Group group = GroupOf("many");
  for (Key key = 1; key <= 10'000; ++key) group.writes.push_back(Put(kAccount, key, std::to_string(key), 1, "x"));
  Commit(group);
  EXPECT_THAT(storage_->Check([](int64_t) { return false; }), HasCode(absl::StatusCode::kCancelled));
}

TEST_P(ConformanceTest, MaintenanceChangesNothing) {
  for (int i = 1; i <= 50; ++i) {
    const Revision revision = storage_->head() + 1;
    Commit(GroupOf(std::to_string(i), {Put(kAccount, i, std::to_string(i), revision, std::string(20'000, 'x'))}));
    EXPECT_THAT(storage_->Maintain(), IsOk());
    if (i % 10 == 0) {
      EXPECT_THAT(storage_->Maintain(), IsOk());
    }
  }
  EXPECT_THAT(AllRecords(*storage_, kAccount), SizeIs(50));
  EXPECT_THAT(WholeLog(*storage_), SizeIs(50));
}

TEST_P(ConformanceTest, StoreKeepsItsIdentity) {
  const std::string id = storage_->store_id();
  Commit({.entries = {"1", "2"}, .writes = {Put(kAccount, 1, "a", 1, "A")}});
  Reopen();
  EXPECT_EQ(storage_->store_id(), id);
  EXPECT_EQ(storage_->head(), 2);
  EXPECT_EQ(Find(kAccount, "a"), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, ConformanceTest, ::testing::ValuesIn(Engines()), NameOf);

}  // namespace
}  // namespace folio::storage::testing
