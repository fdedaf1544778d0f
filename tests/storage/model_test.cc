// Random walks: the same calls to the memory engine and to another, compared step by step.
#include <memory>
#include <string>

#include "storage/memory/memory.h"
#include "storage/sqlite/sqlite.h"
#include "tests/storage/random_group.h"
#include "tests/storage/support.h"

namespace folio::storage::testing {
namespace {

constexpr int kSteps = 4'000;

class Walk {
 public:
  Walk(uint64_t seed, std::string file) : dice_(seed), file_(std::move(file)) { Open(); }

  void Step() {
    switch (dice_.Below(40)) {
      case 0:
        return Reopen();
      case 1:
        return Compact();
      case 2:
        return Rewrite();
      case 3:
        return Forget();
      case 4:
      case 5:
        EXPECT_THAT(store_->Maintain(), IsOk());
        return;
      case 6:
        return CompareEverything();
      default:
        return dice_.OneIn(2) ? Commit() : Look();
    }
  }

  void CompareEverything() {
    EXPECT_EQ(Difference(*store_, model_), "");
    const auto all = [](int64_t) { return true; };
    const auto report = store_->Check(all);
    ASSERT_THAT(report, IsOk());
    EXPECT_EQ(report->corrupt, 0);
    EXPECT_EQ(report->records, model_.Check(all)->records);
    EXPECT_EQ(report->entries, model_.Check(all)->entries);
  }

 private:
  void Open() {
    auto opened = OpenSqlite({.path = file_});
    ASSERT_THAT(opened, IsOk());
    store_ = *std::move(opened);
  }

  void Reopen() {
    store_.reset();
    Open();
  }

  void Commit() {
    const Group group = RandomRuleBreakingGroup(model_, dice_);
    EXPECT_EQ(store_->Commit(group).code(), model_.Commit(group).code());
    EXPECT_EQ(store_->head(), model_.head());
  }

  void Look() {
    const Kind kind = kRandomKinds[dice_.Below(std::size(kRandomKinds))];
    const std::string id = RandomId(dice_);
    EXPECT_EQ(*store_->Find(kind, id), *model_.Find(kind, id));
    const Key key = dice_.Below(model_.last_key(kind) + 3);
    EXPECT_EQ(*store_->Get(kind, key), *model_.Get(kind, key));
    EXPECT_EQ(store_->last_key(kind), model_.last_key(kind));
    const std::string request = RandomRequest(dice_);
    EXPECT_EQ(*store_->FindReply(request), *model_.FindReply(request));
    const std::string cursor = RandomCursor(dice_);
    EXPECT_EQ(*store_->GetCursor(cursor), *model_.GetCursor(cursor));
    const Revision after = model_.first_log_revision() - 1 + dice_.Below(20);
    EXPECT_EQ(LogAfter(*store_, after), LogAfter(model_, after));
  }

  void Compact() {
    const Revision length = model_.head() + 2 - model_.first_log_revision();
    const Revision first = model_.first_log_revision() + dice_.Below(dice_.OneIn(4) ? length + 2 : length / 3 + 1);
    EXPECT_EQ(store_->Compact(first).code(), model_.Compact(first).code());
    EXPECT_EQ(store_->first_log_revision(), model_.first_log_revision());
  }

  void Rewrite() {
    const Revision divisor = 1 + dice_.Below(30);
    const std::string bytes = dice_.Bytes(10'000);
    const auto rewrite = [&](Revision revision, std::string_view entry) -> std::optional<std::string> {
      if (revision % divisor != 0) return std::nullopt;
      return std::string(entry.substr(0, entry.size() / 2)) + bytes;
    };
    EXPECT_THAT(store_->RewriteLog(rewrite), IsOk());
    EXPECT_THAT(model_.RewriteLog(rewrite), IsOk());
  }

  void Forget() {
    const int64_t time_s = dice_.Below(400);
    EXPECT_THAT(store_->ForgetRepliesBefore(time_s), IsOk());
    EXPECT_THAT(model_.ForgetRepliesBefore(time_s), IsOk());
  }

  Dice dice_;
  const std::string file_;
  MemoryStorage model_;
  std::unique_ptr<Storage> store_;
};

TEST(ModelTest, SqliteDoesWhatMemoryDoes) {
  TempFolder folder;
  Walk walk(SeedOfRun(), folder.File("store"));
  for (int i = 0; i < kSteps && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE("step " + std::to_string(i));
    walk.Step();
  }
  if (!::testing::Test::HasFailure()) walk.CompareEverything();
}

}  // namespace
}  // namespace folio::storage::testing
