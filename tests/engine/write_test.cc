// Writes through the committer: etags, request ids, rehearsals, failing disks.
#include <thread>

#include "server/base/text.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {

namespace {

using testing::HasSubstr;

class WriteTest : public WorkspaceTest {};

TEST_F(WriteTest, CreatedAccountIsReadBack) {
  const auto created = CreateAccount(R"(account_id: "acme" account { display_name: "Acme" sector: "Tools" })");
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->name(), "accounts/acme");
  EXPECT_FALSE(created->etag().empty());
  const auto read = GetAccount("accounts/acme");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->SerializeAsString(), created->SerializeAsString());
}

TEST_F(WriteTest, TakenIdIsRefused) {
  ASSERT_TRUE(CreateAccount(R"(account_id: "acme" account { display_name: "Acme" })").ok());
  const auto again = CreateAccount(R"(account_id: "acme" account { display_name: "Other" })");
  EXPECT_TRUE(absl::IsAlreadyExists(again.status())) << again.status();
  EXPECT_EQ(GetAccount("accounts/acme")->display_name(), "Acme");
}

TEST_F(WriteTest, OfTwoUpdatesWithOneEtagOneIsAborted) {
  const auto created = CreateAccount(R"(account_id: "acme" account { display_name: "Acme" })");
  ASSERT_TRUE(created.ok());
  constexpr int kWriters = 8;
  std::atomic<int> succeeded = 0;
  std::atomic<int> aborted = 0;
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) {
    writers.emplace_back([&, i] {
      v1::UpdateAccountRequest request;
      request.mutable_account()->set_name(created->name());
      request.mutable_account()->set_etag(created->etag());
      request.mutable_account()->set_city("City " + std::to_string(i));
      v1::Account account;
      const auto outcome = Run(engine::kAccount, &engine::Collection::Update, request, &account);
      if (outcome.status.ok()) ++succeeded;
      if (absl::IsAborted(outcome.status)) ++aborted;
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(succeeded, 1);
  EXPECT_EQ(aborted, kWriters - 1);
}

TEST_F(WriteTest, RepeatedRequestGetsTheFirstAnswerAlsoAfterARestart) {
  const std::string request = R"(account { display_name: "Acme" } request_id: "r-1")";
  const auto first = CreateAccount(request);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = CreateAccount(request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->name(), first->name());
  Open();
  const auto third = CreateAccount(request);
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(third->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(workspace_->portfolio().snapshot()->row_count(), 1);
}

TEST_F(WriteTest, RequestIdWithAnotherBodyIsRefused) {
  ASSERT_TRUE(CreateAccount(R"(account { display_name: "Acme" } request_id: "r-1")").ok());
  const auto other = CreateAccount(R"(account { display_name: "Other" } request_id: "r-1")");
  EXPECT_EQ(error::ReasonOf(other.status()), "REQUEST_ID_REUSED");
}

TEST_F(WriteTest, RehearsalAnswersAndWritesNothing) {
  const storage::Revision before = workspace_->storage().head();
  const auto rehearsed =
      CreateAccount(R"(account_id: "acme" account { display_name: "Acme" } validate_only: true request_id: "r-1")");
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.status();
  EXPECT_EQ(rehearsed->name(), "accounts/acme");
  EXPECT_EQ(workspace_->storage().head(), before);
  EXPECT_TRUE(absl::IsNotFound(GetAccount("accounts/acme").status()));
  // The id is free for the real request.
  EXPECT_TRUE(CreateAccount(R"(account_id: "acme" account { display_name: "Acme" } request_id: "r-1")").ok());
}

TEST_F(WriteTest, FailedCommitLeavesNothing) {
  ASSERT_TRUE(CreateAccount(R"(account_id: "first" account { display_name: "First" })").ok());
  const storage::Revision before = workspace_->storage().head();
  commits_fail_ = true;
  const auto failed = CreateAccount(R"(account_id: "second" account { display_name: "Second" })");
  EXPECT_TRUE(absl::IsUnavailable(failed.status())) << failed.status();
  EXPECT_EQ(workspace_->portfolio().snapshot()->row_count(), 1);
  EXPECT_EQ(workspace_->feed().head(), before);
  commits_fail_ = false;
  EXPECT_TRUE(CreateAccount(R"(account_id: "second" account { display_name: "Second" })").ok());
  EXPECT_EQ(workspace_->storage().head(), before + 1);
}

TEST_F(WriteTest, UpdateThatChangesNothingWritesNothing) {
  const auto created = CreateAccount(R"(account_id: "acme" account { display_name: "Acme" city: "Lyon" })");
  const storage::Revision before = workspace_->storage().head();
  const auto same = UpdateAccount(R"(account { name: "accounts/acme" city: "Lyon" })");
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->etag(), created->etag());
  EXPECT_EQ(workspace_->storage().head(), before);
}

TEST_F(WriteTest, MaskedUpdateLeavesOtherFields) {
  ASSERT_TRUE(
      CreateAccount(R"(account_id: "acme" account { display_name: "Acme" city: "Lyon" sector: "Tools" })").ok());
  const auto updated =
      UpdateAccount(R"(account { name: "accounts/acme" city: "Paris" sector: "Other" } update_mask { paths: "city" })");
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->city(), "Paris");
  EXPECT_EQ(updated->sector(), "Tools");
}

TEST_F(WriteTest, DeletedAccountIsHiddenAndComesBack) {
  ASSERT_TRUE(CreateAccount(R"(account_id: "acme" account { display_name: "Acme" })").ok());
  v1::Account account;
  const auto erase = Parse<v1::DeleteAccountRequest>(R"(name: "accounts/acme")");
  ASSERT_TRUE(Run(engine::kAccount, &engine::Collection::Delete, erase, &account).status.ok());
  EXPECT_TRUE(account.has_delete_time());
  v1::ListAccountsResponse listed;
  ASSERT_TRUE(workspace_->collection(engine::kAccount).List(v1::ListAccountsRequest(), &listed).ok());
  EXPECT_EQ(listed.accounts_size(), 0);
  const auto update = UpdateAccount(R"(account { name: "accounts/acme" city: "Paris" })");
  EXPECT_EQ(error::ReasonOf(update.status()), "RESOURCE_DELETED");
  const auto back = Parse<v1::UndeleteAccountRequest>(R"(name: "accounts/acme")");
  ASSERT_TRUE(Run(engine::kAccount, &engine::Collection::Undelete, back, &account).status.ok());
  listed.Clear();
  ASSERT_TRUE(workspace_->collection(engine::kAccount).List(v1::ListAccountsRequest(), &listed).ok());
  EXPECT_EQ(listed.accounts_size(), 1);
}

TEST_F(WriteTest, ExternalIdBelongsToOneAccount) {
  ASSERT_TRUE(
      CreateAccount(R"(account_id: "a" account { display_name: "A" external_ids { system: "crm" id: "7" } })").ok());
  const auto taken =
      CreateAccount(R"(account_id: "b" account { display_name: "B" external_ids { system: "crm" id: "7" } })");
  EXPECT_EQ(error::ReasonOf(taken.status()), "VALUE_TAKEN");
  EXPECT_THAT(std::string(MessageOf(taken.status())), HasSubstr("accounts/a"));
  // Another system may use the same number, and what is let go of is free again.
  EXPECT_TRUE(
      CreateAccount(R"(account_id: "c" account { display_name: "C" external_ids { system: "erp" id: "7" } })").ok());
  ASSERT_TRUE(UpdateAccount(R"(account { name: "accounts/a" } update_mask { paths: "external_ids" })").ok());
  EXPECT_TRUE(
      CreateAccount(R"(account_id: "b" account { display_name: "B" external_ids { system: "crm" id: "7" } })").ok());
}

TEST_F(WriteTest, ReferencesMustExist) {
  const auto orphan = CreateAccount(R"(account { display_name: "A" parent: "accounts/none" })");
  EXPECT_EQ(error::ReasonOf(orphan.status()), "REFERENCE_NOT_FOUND");
  EXPECT_EQ(error::FaultsOf(orphan.status()).front().field, "account.parent");
}

TEST_F(WriteTest, ManyWritersGetDenseRevisionsInLogOrder) {
  constexpr int kWriters = 8;
  constexpr int kEach = 50;
  const storage::Revision before = workspace_->storage().head();
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kEach; ++i) {
        v1::CreateAccountRequest request;
        request.set_account_id("a" + std::to_string(w) + "-" + std::to_string(i));
        request.mutable_account()->set_display_name("Account");
        v1::Account account;
        const auto outcome = Run(engine::kAccount, &engine::Collection::Create, request, &account);
        ASSERT_TRUE(outcome.status.ok()) << outcome.status;
        ASSERT_EQ(account.etag(), engine::EtagOf(outcome.revision));
      }
    });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(workspace_->storage().head(), before + kWriters * kEach);
  storage::Revision expected = before;
  ASSERT_TRUE(workspace_->storage()
                  .ReadLog(before,
                           [&](storage::Revision revision, std::string_view) {
                             EXPECT_EQ(revision, ++expected);
                             return true;
                           })
                  .ok());
  EXPECT_EQ(workspace_->portfolio().snapshot()->row_count(), kWriters * kEach);
}

}  // namespace

}  // namespace folio::portfolio
