// The feed: what watches read, from memory and from the log.
#include "folio/v1/watch.pb.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {

namespace {

class FeedTest : public WorkspaceTest {
 protected:
  // Everything after a revision, as clients get it.
  v1::WatchResponse Read(const engine::Feed& feed, storage::Revision after) {
    std::string bytes;
    const auto items = feed.Read(after, INT64_MAX);
    EXPECT_TRUE(items.ok()) << items.status();
    for (const auto& item : *items) {
      for (const auto& event : item->events()) bytes += event.frame;
    }
    v1::WatchResponse response;
    EXPECT_TRUE(response.ParseFromString(bytes));
    return response;
  }
};

TEST_F(FeedTest, TellsWhatHappenedInOrder) {
  const storage::Revision start = workspace_->feed().head();
  ASSERT_TRUE(CreateAccount(R"(account_id: "a" account { display_name: "A" })").ok());
  ASSERT_TRUE(UpdateAccount(R"(account { name: "accounts/a" city: "Lyon" })").ok());
  const auto response = Read(workspace_->feed(), start);
  ASSERT_EQ(response.events_size(), 2);
  EXPECT_EQ(response.events(0).type(), v1::CHANGE_TYPE_CREATED);
  EXPECT_EQ(response.events(0).account().display_name(), "A");
  EXPECT_EQ(response.events(0).actor(), kActor);
  EXPECT_EQ(response.events(1).type(), v1::CHANGE_TYPE_UPDATED);
  EXPECT_EQ(response.events(1).account().city(), "Lyon");
  EXPECT_EQ(response.events(1).revision(), response.events(0).revision() + 1);
}

TEST_F(FeedTest, ReadsTheSameFromTheLogAsFromMemory) {
  const storage::Revision start = workspace_->feed().head();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(CreateAccount("account { display_name: \"A" + std::to_string(i) + "\" }").ok());
  }
  const auto from_memory = Read(workspace_->feed(), start);
  ASSERT_TRUE(workspace_->feed().InMemory(start));
  const engine::Feed fresh(workspace_->storage());
  ASSERT_FALSE(fresh.InMemory(start));
  EXPECT_EQ(Read(fresh, start).DebugString(), from_memory.DebugString());
}

TEST_F(FeedTest, SaysSoWhereTheLogIsGone) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(CreateAccount("account { display_name: \"A\" }").ok());
  const storage::Revision head = workspace_->storage().head();
  ASSERT_TRUE(workspace_->committer().RunExclusive([&](storage::Storage& s) { return s.Compact(head); }).ok());
  const engine::Feed fresh(workspace_->storage());
  const auto read = fresh.Read(0, INT64_MAX);
  EXPECT_EQ(error::ReasonOf(read.status()), "LOG_COMPACTED");
}

TEST_F(FeedTest, OldEntriesAreDroppedAfterTheWorkspacesRetention) {
  log_retention_days_ = 30;
  Open();
  ASSERT_TRUE(CreateAccount(R"(account_id: "old" account { display_name: "Old" })").ok());
  const storage::Revision old = workspace_->storage().head();
  clock_.Set(clock_.Now() + 31LL * 86'400 * 1'000'000);
  ASSERT_TRUE(CreateAccount(R"(account_id: "new" account { display_name: "New" })").ok());
  const storage::Revision recent = workspace_->storage().head();
  workspace_->Tick();
  Settle();
  EXPECT_GT(workspace_->storage().first_log_revision(), old);
  EXPECT_LE(workspace_->storage().first_log_revision(), recent);
  EXPECT_EQ(GetAccount("accounts/old")->display_name(), "Old");
}

TEST_F(FeedTest, KindsOfTheContractAreThoseOfTheCode) {
  EXPECT_EQ(engine::FindResource(engine::kAccount)->schema.collection(), "accounts");
  EXPECT_EQ(engine::FindResource(engine::kContact)->schema.collection(), "contacts");
  EXPECT_EQ(engine::FindResource(engine::kSubscription)->schema.collection(), "subscriptions");
  EXPECT_EQ(engine::FindResource(engine::kTask)->schema.collection(), "tasks");
  EXPECT_EQ(engine::FindResource(engine::kCustomField)->schema.collection(), "customFields");
  EXPECT_EQ(engine::FindResource(engine::kHealthModel)->schema.collection(), "healthModels");
  EXPECT_EQ(engine::FindResource(engine::kSignal)->schema.collection(), "signals");
  EXPECT_EQ(engine::FindResource(engine::kOperation)->schema.collection(), "operations");
  EXPECT_EQ(engine::FindResource(engine::kFact)->schema.collection(), "facts");
}

}  // namespace

}  // namespace folio::portfolio
