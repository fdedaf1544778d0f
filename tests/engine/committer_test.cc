// The committer: groups that are run while the one before is being written.
#include "server/engine/committer.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "folio/v1/account.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/limits.h"
#include "server/engine/feed.h"
#include "server/engine/log_entry.h"
#include "server/engine/resources.h"
#include "storage/memory/memory.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::engine {
namespace {

// Commits when it is told to, and counts its groups.
class GatedStorage final : public portfolio::BorrowedStorage {
 public:
  using BorrowedStorage::BorrowedStorage;

  absl::Status Commit(const storage::Group& group) override {
    {
      std::unique_lock lock(mutex_);
      ++begun_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return begun_ <= allowed_; });
    }
    return BorrowedStorage::Commit(group);
  }

  // Lets the first so many commits through.
  void Allow(int commits) {
    std::lock_guard lock(mutex_);
    allowed_ = commits;
    changed_.notify_all();
  }

  void WaitUntilBegun(int commits) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_ >= commits; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int begun_ = 0;
  int allowed_ = 0;
};

class CommitterTest : public testing::Test {
 protected:
  static constexpr int kGroup = limits::kGroupTransactionsMax;

  ~CommitterTest() override { storage_.Allow(INT_MAX); }

  // Submits a mutation and notes what becomes of it.
  void Submit(std::function<absl::Status(Transaction&)> apply, std::string request_id = "") {
    const size_t place = outcomes_.size();
    outcomes_.emplace_back();
    const absl::Status submitted = committer_.Submit({.actor = "test",
                                                      .request_id = std::move(request_id),
                                                      .apply = std::move(apply),
                                                      .done = [this, place](const Outcome& outcome) {
                                                        outcomes_[place] = outcome;
                                                        ++answered_;
                                                      }});
    ASSERT_TRUE(submitted.ok()) << submitted;
  }

  // Creates an account, or says that it is there.
  static absl::Status Create(Transaction& transaction, const std::string& id) {
    const auto key = transaction.Find(kAccount, id);
    if (!key.ok()) return key.status();
    if (key->has_value()) return absl::AlreadyExistsError(id);
    auto account = std::make_shared<v1::Account>();
    account->set_name("accounts/" + id);
    transaction.Put(kAccount, 0, id, account->SerializeAsString(), account);
    transaction.SetReply(id);
    return absl::OkStatus();
  }
  void SubmitCreate(const std::string& id) {
    Submit([id](Transaction& transaction) { return Create(transaction, id); });
  }

  // Has a first commit wait, one full group behind it, and `more` mutations behind that.
  void FillTwoGroups(const std::function<void()>& more) {
    outcomes_.reserve(2000);
    SubmitCreate("first");
    storage_.WaitUntilBegun(1);
    for (int i = 0; i < kGroup; ++i) SubmitCreate("a" + std::to_string(i));
    more();
    storage_.Allow(1);
    storage_.WaitUntilBegun(2);
  }

  void WaitForAnswers() {
    committer_.RunExclusive([](storage::Storage&) { return absl::OkStatus(); }).IgnoreError();
    while (answered_ < static_cast<int>(outcomes_.size())) std::this_thread::yield();
  }

  size_t Stored() {
    size_t count = 0;
    EXPECT_TRUE(real_.Scan(kAccount, [&](const storage::RecordView&) { return ++count, true; }).ok());
    return count;
  }

  storage::MemoryStorage real_;
  std::atomic<bool> fails_ = false;
  GatedStorage storage_{real_, fails_};
  ManualClock clock_{1'000'000'000};
  Feed feed_{storage_};
  std::vector<Outcome> outcomes_;
  std::atomic<int> answered_ = 0;
  Committer committer_{storage_, clock_, {}, feed_};
};

TEST_F(CommitterTest, AGroupSeesTheOneThatIsBeingWritten) {
  std::string seen;
  std::atomic<bool> evaluated = false;
  FillTwoGroups([&] {
    SubmitCreate("a0");
    Submit([&](Transaction& transaction) {
      const auto record = transaction.FindRecord(kAccount, "a1");
      if (record.ok() && record->has_value()) seen = (*record)->data;
      evaluated = true;
      return absl::OkStatus();
    });
    SubmitCreate("last");
  });
  while (!evaluated) std::this_thread::yield();  // although the second commit still waits
  EXPECT_EQ(answered_, 1);
  EXPECT_EQ(real_.head(), 1);
  storage_.Allow(INT_MAX);
  WaitForAnswers();

  v1::Account account;
  ASSERT_TRUE(account.ParseFromString(seen));
  EXPECT_EQ(account.name(), "accounts/a1");
  const size_t refused = 1 + kGroup;
  EXPECT_TRUE(absl::IsAlreadyExists(outcomes_[refused].status)) << outcomes_[refused].status;
  EXPECT_EQ(outcomes_.back().revision, 2 + kGroup);
  EXPECT_EQ(real_.head(), 2 + kGroup);
  EXPECT_EQ(Stored(), 2u + kGroup);
}

TEST_F(CommitterTest, WhatFollowsAFailedGroupFailsWithIt) {
  std::atomic<bool> evaluated = false;
  FillTwoGroups([&] {
    SubmitCreate("b");
    Submit([&](Transaction&) {
      evaluated = true;
      return absl::OkStatus();
    });
  });
  while (!evaluated) std::this_thread::yield();
  fails_ = true;
  storage_.Allow(2);
  while (answered_ < static_cast<int>(outcomes_.size())) std::this_thread::yield();
  for (size_t i = 1; i < outcomes_.size(); ++i) EXPECT_FALSE(outcomes_[i].status.ok()) << i;
  EXPECT_EQ(Stored(), 1u);

  // And what comes after begins where the store stands.
  fails_ = false;
  storage_.Allow(INT_MAX);
  SubmitCreate("a0");
  WaitForAnswers();
  EXPECT_TRUE(outcomes_.back().status.ok()) << outcomes_.back().status;
  EXPECT_EQ(outcomes_.back().revision, 2);
}

// Mutations write into their group at once, so what one of them leaves there when it is refused has to go again.
TEST_F(CommitterTest, WhatIsRefusedLeavesNothingInItsGroup) {
  outcomes_.reserve(10);
  SubmitCreate("first");
  storage_.WaitUntilBegun(1);
  storage::Key kept = 0;
  Submit([&](Transaction& transaction) {
    transaction.Claim("value");
    kept = transaction.Put(kAccount, 0, "kept", "as it was", nullptr);
    return absl::OkStatus();
  });
  Submit([&](Transaction& transaction) {
    transaction.Put(kAccount, kept, "kept", "changed", nullptr);
    transaction.Remove(kAccount, kept, "kept", "changed");
    transaction.Claim("value");
    const storage::Key again = transaction.Put(kAccount, 0, "kept", "again", nullptr);
    transaction.Remove(kAccount, again, "kept", "again");
    transaction.Put(kAccount, 0, "kept", "once more", nullptr);
    transaction.Put(kAccount, 0, "other", "new", nullptr);
    transaction.Note(log::CHANGE_KIND_TICK, 0, "note");
    return absl::InvalidArgumentError("no");
  });
  std::optional<SeenRecord> seen, other;
  std::optional<storage::Key> claimed;
  Submit([&](Transaction& transaction) {
    seen = transaction.FindRecord(kAccount, "kept").value();
    other = transaction.FindRecord(kAccount, "other").value();
    claimed = transaction.ClaimedBy("value");
    return absl::OkStatus();
  });
  SubmitCreate("other");
  storage_.Allow(INT_MAX);
  WaitForAnswers();
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->key, kept);
  EXPECT_EQ(seen->data, "as it was");
  EXPECT_FALSE(other.has_value());
  EXPECT_EQ(claimed, kept);
  EXPECT_TRUE(absl::IsInvalidArgument(outcomes_[2].status));
  EXPECT_EQ(outcomes_[4].revision, 3);
  EXPECT_EQ(Stored(), 3u);
}

TEST(LogEntry, HasTheLoggedChangesAsTheyAre) {
  const std::vector<Change> changes = {
      {.type = log::CHANGE_KIND_CREATED, .kind = kAccount, .key = 7, .id = "acme", .data = std::string(300, 'd')},
      {.type = log::CHANGE_KIND_UPDATED, .kind = kFact, .key = 8, .id = "kept out", .data = "d", .logged = false},
      {.type = log::CHANGE_KIND_DELETED, .kind = kContact, .key = int64_t{1} << 40, .id = "ann", .data = ""},
      {.type = log::CHANGE_KIND_TICK, .data = "tick"}};
  log::LogEntry entry;
  ASSERT_TRUE(entry.ParseFromString(EncodeLogEntry(12, "apiKeys/a", "request", changes)));
  EXPECT_EQ(entry.time(), 12);
  EXPECT_EQ(entry.actor(), "apiKeys/a");
  EXPECT_EQ(entry.request_id(), "request");
  ASSERT_EQ(entry.changes_size(), 3);
  const size_t places[] = {0, 2, 3};
  for (int i = 0; i < 3; ++i) {
    const Change& change = changes[places[i]];
    EXPECT_EQ(entry.changes(i).change(), change.type);
    EXPECT_EQ(entry.changes(i).kind(), change.kind);
    EXPECT_EQ(entry.changes(i).key(), change.key);
    EXPECT_EQ(entry.changes(i).id(), change.id);
    EXPECT_EQ(entry.changes(i).data(), change.data);
  }
}

TEST_F(CommitterTest, ARequestThatIsBeingWrittenIsNotRunAgain) {
  const auto create = [](Transaction& transaction) { return Create(transaction, "once"); };
  outcomes_.reserve(2000);
  SubmitCreate("first");
  storage_.WaitUntilBegun(1);
  Submit(create, "request");
  for (int i = 1; i < kGroup; ++i) SubmitCreate("a" + std::to_string(i));
  Submit(create, "request");
  storage_.Allow(INT_MAX);
  WaitForAnswers();
  EXPECT_FALSE(outcomes_[1].replayed);
  EXPECT_TRUE(outcomes_.back().replayed);
  EXPECT_TRUE(outcomes_.back().status.ok()) << outcomes_.back().status;
  EXPECT_EQ(outcomes_.back().reply, "once");
  EXPECT_EQ(outcomes_.back().revision, outcomes_[1].revision);
}

TEST_F(CommitterTest, ManyGroupsKeepTheirOrder) {
  storage_.Allow(INT_MAX);
  constexpr int kMutations = 5 * kGroup;
  outcomes_.reserve(kMutations);
  std::vector<int> order;
  for (int i = 0; i < kMutations; ++i) {
    Submit([&order, i](Transaction& transaction) {
      order.push_back(i);
      return Create(transaction, std::to_string(i));
    });
  }
  WaitForAnswers();
  for (int i = 0; i < kMutations; ++i) {
    EXPECT_EQ(order[static_cast<size_t>(i)], i);
    EXPECT_EQ(outcomes_[static_cast<size_t>(i)].revision, i + 1);
  }
  EXPECT_EQ(Stored(), static_cast<size_t>(kMutations));
}

}  // namespace
}  // namespace folio::engine
