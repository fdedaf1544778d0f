// Bits that rot: whatever is wrong in the file, a store gives a right answer or none.
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "storage/memory/memory.h"
#include "storage/sqlite/sqlite.h"
#include "tests/storage/fault_vfs.h"
#include "tests/storage/random_group.h"
#include "tests/storage/support.h"

namespace folio::storage::testing {
namespace {

constexpr int kGroups = 120;
constexpr int kDamages = 300;
constexpr size_t kPage = 4096;

std::string ReadFile(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

bool IsHonestRefusal(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsFailedPrecondition(status) || absl::IsUnavailable(status);
}

// Counts refusals, and fails the test at an answer that is not the model's.
class Examiner {
 public:
  Examiner(const Storage& store, const Storage& model) : store_(store), model_(model) {}

  void ExamineEverything() {
    EXPECT_EQ(store_.store_id().size(), 32u);
    EXPECT_EQ(store_.head(), model_.head());
    EXPECT_EQ(store_.first_log_revision(), model_.first_log_revision());
    for (const Kind kind : kRandomKinds) ExamineKind(kind);
    for (int i = 0; i < 100; ++i) {
      const std::string request = "request" + std::to_string(i);
      Examine("reply", store_.FindReply(request), model_.FindReply(request));
      Examine("cursor", store_.GetCursor("cursor" + std::to_string(i)), model_.GetCursor("cursor" + std::to_string(i)));
    }
    ExamineLog();
  }

  int refusals() const { return refusals_; }

 private:
  template <typename T>
  void Examine(const char* what, const absl::StatusOr<T>& got, const absl::StatusOr<T>& wanted) {
    if (got.ok()) {
      EXPECT_EQ(*got, *wanted) << what;
    } else {
      Refused(got.status());
    }
  }

  void Refused(const absl::Status& status) {
    ++refusals_;
    EXPECT_TRUE(IsHonestRefusal(status)) << status;
  }

  void ExamineKind(Kind kind) {
    EXPECT_EQ(store_.last_key(kind), model_.last_key(kind));
    for (Key key = 1; key <= model_.last_key(kind) + 1; ++key) {
      Examine("record", store_.Get(kind, key), model_.Get(kind, key));
    }
    for (int i = 0; i < 60; ++i) {
      const std::string id = "id" + std::to_string(i);
      Examine("id", store_.FindRecord(kind, id), model_.FindRecord(kind, id));
    }
    for (const Key first : {Key{1}, model_.last_key(kind) / 2}) ExamineScan(kind, first);
  }

  void ExamineScan(Kind kind, Key first) {
    std::vector<Record> seen;
    const absl::Status status = store_.Scan(kind, first, [&](const RecordView& view) {
      seen.push_back({view.key, std::string(view.id), view.revision, std::string(view.data)});
      return true;
    });
    std::vector<Record> wanted = AllRecords(model_, kind);
    std::erase_if(wanted, [&](const Record& record) { return record.key < first; });
    if (!status.ok()) {
      // What was visited before the end is right, one by one.
      Refused(status);
      std::erase_if(wanted,
                    [&](const Record& record) { return std::find(seen.begin(), seen.end(), record) == seen.end(); });
    }
    EXPECT_EQ(seen, wanted) << "scan of kind " << int{kind} << " from " << first;
  }

  void ExamineLog() {
    std::vector<std::pair<Revision, std::string>> seen;
    const absl::Status status =
        store_.ReadLog(model_.first_log_revision() - 1, [&](Revision revision, std::string_view entry) {
          seen.emplace_back(revision, entry);
          return true;
        });
    std::vector<std::pair<Revision, std::string>> wanted = WholeLog(model_);
    if (!status.ok()) {
      Refused(status);
      ASSERT_LE(seen.size(), wanted.size());
      wanted.resize(seen.size());
    }
    EXPECT_EQ(seen, wanted);
  }

  const Storage& store_;
  const Storage& model_;
  int refusals_ = 0;
};

class CorruptionTest : public ::testing::Test {
 protected:
  // A closed store with a bit of everything in it: records come, change and go, and the log has lost its beginning.
  void SetUp() override {
    auto store = OpenSqlite({.path = file_});
    ASSERT_THAT(store, IsOk());
    for (int i = 0; i < kGroups; ++i) {
      const Group group = RandomGroup(model_, dice_);
      ASSERT_THAT((*store)->Commit(group), IsOk());
      ASSERT_THAT(model_.Commit(group), IsOk());
    }
    ASSERT_THAT((*store)->Compact(50), IsOk());
    ASSERT_THAT(model_.Compact(50), IsOk());
    store->reset();
    content_ = ReadFile(file_);
    ASSERT_GT(content_.size(), 20 * kPage);
  }

  // The file's content with something wrong in it.
  std::string Damaged() {
    std::string content = content_;
    const auto pages = static_cast<int64_t>(content.size() / kPage);
    switch (dice_.Below(20)) {
      case 0:  // a page of nothing
        content.replace(dice_.Below(pages) * kPage, kPage, std::string(kPage, '\0'));
        break;
      case 1:  // the end is missing
        content.resize(static_cast<size_t>(dice_.Below(static_cast<int64_t>(content.size()))));
        break;
      case 2: {  // a page where another should be
        const std::string page = content.substr(dice_.Below(pages) * kPage, kPage);
        content.replace(dice_.Below(pages) * kPage, kPage, page);
        break;
      }
      case 3:  // a bit of the first page, which holds the settings of the file
        content[dice_.Below(200)] ^= static_cast<char>(1 << dice_.Below(8));
        break;
      default:
        content[dice_.Below(static_cast<int64_t>(content.size()))] ^= static_cast<char>(1 << dice_.Below(8));
    }
    return content;
  }

  TempFolder folder_;
  const std::string file_ = folder_.File("store");
  MemoryStorage model_;
  std::string content_;
  Dice dice_{SeedOfRun()};
};

TEST_F(CorruptionTest, NoAnswerIsWrong) {
  int refused = 0;
  for (int i = 0; i < kDamages && !HasFailure(); ++i) {
    SCOPED_TRACE("damage " + std::to_string(i));
    TempFolder copy;
    const std::string file = copy.File("store");
    WriteFile(file, Damaged());
    auto store = OpenSqlite({.path = file, .create = false});
    if (!store.ok()) {
      EXPECT_TRUE(IsHonestRefusal(store.status()) || absl::IsNotFound(store.status())) << store.status();
      ++refused;
      continue;
    }
    Examiner examiner(**store, model_);
    examiner.ExamineEverything();
    const auto report = (*store)->Check([](int64_t) { return true; });
    ASSERT_THAT(report, IsOk());
    // A check finds whatever a reader would.
    if (examiner.refusals() > 0) {
      ++refused;
      EXPECT_GT(report->corrupt, 0);
    }
    // What can be written does not make it worse.
    if ((*store)->Commit(GroupOf("more", {Put(7, 1, "new", model_.head() + 1, std::string(9'000, 'n'))})).ok()) {
      for (const Kind kind : kRandomKinds) {
        if ((*store)->Scan(kind, [](const RecordView&) { return true; }).ok()) {
          EXPECT_EQ(AllRecords(**store, kind), AllRecords(model_, kind));
        }
      }
    }
  }
  // Most of the file is content.
  EXPECT_GT(refused, kDamages / 2);
}

// The same, with bits that rot under an open store, which has read them once as they should be.
TEST_F(CorruptionTest, NoAnswerIsWrongWhereAnOpenFileRots) {
  int refused = 0;
  FaultVfs vfs;
  auto store = OpenSqlite({.path = file_, .vfs = vfs.name()});
  ASSERT_THAT(store, IsOk());
  for (int i = 0; i < kDamages && !HasFailure(); ++i) {
    SCOPED_TRACE("rot " + std::to_string(i));
    // A commit has readers forget what they have in memory.
    const Group group = GroupOf("tick");
    ASSERT_THAT((*store)->Commit(group), IsOk());
    ASSERT_THAT(model_.Commit(group), IsOk());
    vfs.Rot(dice_.Below(static_cast<int64_t>(content_.size())), static_cast<uint8_t>(1 << dice_.Below(8)));
    Examiner examiner(**store, model_);
    examiner.ExamineEverything();
    refused += examiner.refusals() > 0;
    vfs.Rot(0, 0);
  }
  EXPECT_GT(refused, kDamages / 3);
}

}  // namespace
}  // namespace folio::storage::testing
