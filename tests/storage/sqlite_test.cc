// What only the SQLite engine promises: its file, its lock, its housekeeping.
#include "storage/sqlite/sqlite.h"

#include <SQLiteCpp/Database.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "storage/broken.h"
#include "tests/storage/support.h"

namespace folio::storage::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Kind kAccount = 1;

std::string ReadFile(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

class SqliteTest : public ::testing::Test {
 protected:
  std::unique_ptr<Storage> Open() {
    auto store = OpenSqlite({.path = file_});
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  // Runs SQL on the closed file, as somebody else might.
  void Meddle(const std::string& sql) {
    SQLite::Database(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }

  TempFolder folder_;
  const std::string file_ = folder_.File("store");
};

TEST_F(SqliteTest, SecondOpenIsRefusedAndNamesTheFile) {
  auto store = Open();
  const auto second = OpenSqlite({.path = file_});
  EXPECT_THAT(second, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(file_));
  EXPECT_THAT(store->Commit(GroupOf("still good")), IsOk());
  store.reset();
  EXPECT_EQ(Open()->head(), 1);
}

TEST_F(SqliteTest, OtherProcessIsRefused) {
  auto store = Open();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const bool refused = absl::IsFailedPrecondition(OpenSqlite({.path = file_}).status());
    ::_exit(refused ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(SqliteTest, NothingIsMadeWhereItIsNotToBe) {
  EXPECT_THAT(OpenSqlite({.path = file_, .create = false}), HasCode(absl::StatusCode::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_FALSE(std::filesystem::exists(file_ + ".lock"));
}

TEST_F(SqliteTest, FolderMustExist) {
  EXPECT_THAT(OpenSqlite({.path = folder_.File("none/store")}), HasCode(absl::StatusCode::kUnavailable));
}

TEST_F(SqliteTest, FileOfAnotherProgramIsRefusedAndLeftAlone) {
  Meddle("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
  const std::string before = ReadFile(file_);
  EXPECT_THAT(OpenSqlite({.path = file_}), HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(ReadFile(file_), before);
}

TEST_F(SqliteTest, FileThatIsNoDatabaseIsRefusedAndLeftAlone) {
  const std::string text(10'000, 't');
  std::ofstream(file_) << text;
  EXPECT_THAT(OpenSqlite({.path = file_}), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_EQ(ReadFile(file_), text);
}

TEST_F(SqliteTest, NewerSchemaIsRefused) {
  Open();
  Meddle("PRAGMA user_version = 99");
  const auto store = OpenSqlite({.path = file_});
  EXPECT_THAT(store, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(store.status().message()), HasSubstr("newer"));
}

TEST_F(SqliteTest, HalfMadeFileIsMadeWhole) {
  // What a crash between the first two writes of a new store leaves.
  Meddle("PRAGMA journal_mode = WAL");
  EXPECT_THAT(Open()->Commit(GroupOf("first")), IsOk());
}

TEST_F(SqliteTest, RecordThatWasMeddledWithIsNotReturned) {
  Open()
      ->Commit(GroupOf("made", {Put(kAccount, 1, "acme", 1, "Acme"), Put(kAccount, 2, "globex", 1, "Globex")}))
      .IgnoreError();
  Meddle("UPDATE records SET data = CAST('Evil' AS BLOB) WHERE id = 'acme'");
  auto store = Open();
  EXPECT_THAT(store->Get(kAccount, 1), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Find(kAccount, "acme"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Scan(kAccount, [](const RecordView&) { return true; }), HasCode(absl::StatusCode::kDataLoss));
  // The rest can be read, but nothing is written any more.
  EXPECT_EQ((*store->Get(kAccount, 2))->data, "Globex");
  const absl::Status more = store->Commit(GroupOf("more"));
  EXPECT_THAT(more, HasCode(absl::StatusCode::kDataLoss));
  EXPECT_FALSE(IsBroken(more)) << "what does not fit its checksum is no fault of a write";
  EXPECT_EQ(store->Check([](int64_t) { return true; })->corrupt, 1);
}

TEST_F(SqliteTest, RecordThatVanishedIsNotNothing) {
  Open()
      ->Commit(GroupOf("made", {Put(kAccount, 1, "acme", 1, "Acme"), Put(kAccount, 2, "globex", 1, "Globex")}))
      .IgnoreError();
  Meddle("DELETE FROM records WHERE id = 'acme'");
  auto store = Open();
  EXPECT_THAT(store->Get(kAccount, 1), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Find(kAccount, "acme"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Scan(kAccount, [](const RecordView&) { return true; }), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_EQ(*store->Find(kAccount, "globex"), 2);
  EXPECT_GT(store->Check([](int64_t) { return true; })->corrupt, 0);
}

TEST_F(SqliteTest, RecordThatVanishesUnderAnOpenStoreIsNotNothing) {
  auto store = Open();
  EXPECT_THAT(store->Commit(GroupOf("made", {Put(kAccount, 1, "a", 1, "A"), Put(kAccount, 2, "b", 1, "B"),
                                             Put(kAccount, 3, "c", 1, "C")})),
              IsOk());
  Meddle("DELETE FROM records WHERE id = 'b'");
  const auto all = [](const RecordView&) { return true; };
  EXPECT_THAT(store->Get(kAccount, 2), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Find(kAccount, "b"), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Scan(kAccount, 1, all), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Scan(kAccount, 2, all), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->Scan(kAccount, 3, all), IsOk());
  EXPECT_EQ((*store->Get(kAccount, 3))->data, "C");
}

TEST_F(SqliteTest, ScanNoticesARecordThatCameBack) {
  auto store = Open();
  EXPECT_THAT(store->Commit(GroupOf("made", {Put(kAccount, 1, "a", 1, "A"), Put(kAccount, 2, "b", 1, "B")})), IsOk());
  // What an older copy of a page would show: a row that fits its checksum, and is no more.
  const std::string sum = SQLite::Database(file_).execAndGet("SELECT sum FROM records WHERE id = 'b'").getString();
  EXPECT_THAT(store->Commit(GroupOf("removed", {Remove(kAccount, 2, "b")})), IsOk());
  const std::string key = std::to_string((int64_t{kAccount} << 48) + 2);
  Meddle("INSERT INTO records (key, revision, sum, id, data) VALUES (" + key + ", 1, " + sum +
         ", 'b', CAST('B' AS BLOB))");
  EXPECT_THAT(store->Scan(kAccount, [](const RecordView&) { return true; }), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_GT(store->Check([](int64_t) { return true; })->corrupt, 0);
}

TEST_F(SqliteTest, LogThatLostASegmentIsNotSkipped) {
  {
    auto store = Open();
    for (const char* entry : {"1", "2", "3"}) EXPECT_THAT(store->Commit(GroupOf(entry)), IsOk());
  }
  Meddle("DELETE FROM log WHERE first = 2");
  auto store = Open();
  std::string seen;
  const auto see = [&](Revision, std::string_view entry) { return !(seen += entry).empty(); };
  EXPECT_THAT(store->ReadLog(0, see), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_EQ(seen, "1");
  EXPECT_THAT(store->ReadLog(1, see), HasCode(absl::StatusCode::kDataLoss));
  EXPECT_THAT(store->ReadLog(2, see), IsOk());
  EXPECT_EQ(seen, "13");
}

TEST_F(SqliteTest, RepetitiveLogIsCompressed) {
  auto store = Open();
  EXPECT_THAT(store->Commit({.entries = std::vector<std::string>(2'000, "the same change, over and over again")}),
              IsOk());
  store.reset();
  EXPECT_LT(std::filesystem::file_size(file_), 40'000u);
  EXPECT_EQ(WholeLog(*Open()).size(), 2'000u);
}

TEST_F(SqliteTest, MaintenanceKeepsTheWalShort) {
  auto store = Open();
  const std::string wal = file_ + "-wal";
  uintmax_t longest = 0;
  for (int i = 1; i <= 60; ++i) {
    EXPECT_THAT(store->Commit(GroupOf("e", {Put(kAccount, i, std::to_string(i), i, std::string(500'000, 'x'))})),
                IsOk());
    EXPECT_THAT(store->Maintain(), IsOk());
    longest = std::max(longest, std::filesystem::file_size(wal));
  }
  EXPECT_GT(longest, 1u << 20);
  EXPECT_LT(longest, 8u << 20);
  // When nothing has been written since, there is time to empty it.
  EXPECT_THAT(store->Maintain(), IsOk());
  EXPECT_EQ(std::filesystem::file_size(wal), 0u);
}

TEST_F(SqliteTest, MaintenanceWaitsForNoReader) {
  auto store = Open();
  EXPECT_THAT(store->Commit(GroupOf("e", {Put(kAccount, 1, "a", 1, "A"), Put(kAccount, 2, "b", 1, "B")})), IsOk());
  std::string seen;
  EXPECT_THAT(store->Scan(kAccount,
                          [&](const RecordView& record) {
                            seen += record.data;
                            EXPECT_THAT(store->Commit(GroupOf("f", {Put(kAccount, 2, "b", 2, "changed")})), IsOk());
                            EXPECT_THAT(store->Maintain(), IsOk());
                            EXPECT_THAT(store->Maintain(), IsOk());
                            return true;
                          }),
              IsOk());
  EXPECT_EQ(seen, "AB");
  EXPECT_THAT(store->Maintain(), IsOk());
  EXPECT_EQ(std::filesystem::file_size(file_ + "-wal"), 0u);
}

// A reader that meets the WAL's index half-written takes the writer's lock for a moment.
TEST_F(SqliteTest, CommitOutwaitsAReaderWithTheWritersLock) {
  auto store = Open();
  SQLite::Database other(file_, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    other.exec("ROLLBACK");
  });
  EXPECT_THAT(store->Commit(GroupOf("patient")), IsOk());
  release.join();
}

TEST_F(SqliteTest, WhatIsErasedIsNoLongerInTheFiles) {
  const std::string name = "Alice Example";
  auto store = Open();
  EXPECT_THAT(store->Commit({.entries = {"made for " + name},
                             .writes = {Put(kAccount, 1, "acme", 1, "contact: " + name)},
                             .replies = {{.request_id = "r", .time_s = 1, .data = "reply to " + name}}}),
              IsOk());
  EXPECT_THAT(store->Maintain(), IsOk());
  EXPECT_THAT(store->Commit(GroupOf("removed", {Put(kAccount, 1, "acme", 2, "contact: gone")})), IsOk());
  EXPECT_THAT(store->ForgetRepliesBefore(2), IsOk());
  EXPECT_THAT(store->RewriteLog([&](Revision, std::string_view entry) -> std::optional<std::string> {
    return entry.find(name) == entry.npos ? std::nullopt : std::optional<std::string>("made for somebody");
  }),
              IsOk());
  EXPECT_THAT(store->Maintain(), IsOk());
  EXPECT_THAT(ReadFile(file_), Not(HasSubstr(name)));
  EXPECT_THAT(ReadFile(file_ + "-wal"), Not(HasSubstr(name)));
}

}  // namespace
}  // namespace folio::storage::testing
