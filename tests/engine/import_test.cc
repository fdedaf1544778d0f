// Imports: counts, policies, rejects, resuming.
#include "server/portfolio/fact_writer.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {

namespace {

class ImportTest : public WorkspaceTest {
 protected:
  static v1::ImportHeader Header(const std::string& collection, const std::string& import_id = "") {
    v1::ImportHeader header;
    header.set_collection(collection);
    header.set_import_id(import_id);
    return header;
  }

  // A chunk of accounts "a{first}" and on.
  static v1::ImportChunk Accounts(int first, int count, const std::string& city = "Lyon") {
    v1::ImportChunk chunk;
    chunk.set_first_row(first);
    chunk.set_row_count(count);
    for (int i = first; i < first + count; ++i) {
      v1::Account* account = chunk.add_accounts();
      account->set_name("accounts/a" + std::to_string(i));
      account->set_display_name("Account " + std::to_string(i));
      account->set_city(city);
    }
    return chunk;
  }
};

TEST_F(ImportTest, CountsWhatWasCreatedChangedAndAlreadyThere) {
  auto results = Import(Header("accounts"), {Accounts(1, 100), Accounts(101, 50)});
  EXPECT_EQ(results.back().counts.created(), 150);
  EXPECT_EQ(results.back().durable_through_row, 150);
  const storage::Revision before = workspace_->storage().head();
  results = Import(Header("accounts"), {Accounts(1, 100), Accounts(101, 50)});
  EXPECT_EQ(results.back().counts.unchanged(), 150);
  EXPECT_EQ(workspace_->storage().head(), before);
  results = Import(Header("accounts"), {Accounts(1, 100, "Paris")});
  EXPECT_EQ(results.back().counts.updated(), 100);
  EXPECT_EQ(GetAccount("accounts/a7")->city(), "Paris");
}

TEST_F(ImportTest, BadRowsAreRejectedAlone) {
  v1::ImportChunk chunk = Accounts(1, 3);
  chunk.mutable_accounts(1)->clear_display_name();
  const auto results = Import(Header("accounts"), {chunk});
  ASSERT_TRUE(results[0].status.ok()) << results[0].status;
  EXPECT_EQ(results[0].counts.created(), 2);
  ASSERT_EQ(results[0].rejected.size(), 1U);
  EXPECT_EQ(results[0].rejected[0].row(), 2);
  EXPECT_EQ(results[0].rejected[0].field(), "account.display_name");
  EXPECT_EQ(results[0].rejected[0].reason(), "FIELD_REQUIRED");
}

TEST_F(ImportTest, GoesOnWhereItWasCutOff) {
  Import(Header("accounts", "file-1"), {Accounts(1, 100)});
  Open();
  auto session = ImportSession::Begin(Header("accounts", "file-1"), kActor, error::Locale::kEnglish,
                                      workspace_->storage(), workspace_->committer(), workspace_->rules());
  ASSERT_TRUE(session.ok());
  EXPECT_EQ((*session)->start().durable_through_row(), 100);
  EXPECT_EQ((*session)->start().counts().created(), 100);
  // What has been written is not written again.
  auto results = Import(Header("accounts", "file-1"), {Accounts(51, 100)});
  EXPECT_EQ(error::ReasonOf(results[0].status), "IMPORT_CHUNK_ORDER");
  results = Import(Header("accounts", "file-1"), {Accounts(101, 50)});
  EXPECT_EQ(results[0].counts.created(), 150);
}

TEST_F(ImportTest, FailedChunkEndsTheSession) {
  auto session = ImportSession::Begin(Header("accounts", "file-1"), kActor, error::Locale::kEnglish,
                                      workspace_->storage(), workspace_->committer(), workspace_->rules());
  ASSERT_TRUE(session.ok());
  const auto write = [&](const v1::ImportChunk& chunk) {
    std::promise<ChunkResult> promise;
    (*session)->Write(std::make_shared<v1::ImportChunk>(chunk),
                      [&](const ChunkResult& result) { promise.set_value(result); });
    return promise.get_future().get();
  };
  commits_fail_ = true;
  EXPECT_TRUE(absl::IsUnavailable(write(Accounts(1, 10)).status));
  commits_fail_ = false;
  // Rows 1 to 10 are not there, so rows 11 to 20 must not pretend that they are.
  EXPECT_FALSE(write(Accounts(11, 10)).status.ok());
  EXPECT_EQ(workspace_->portfolio().snapshot()->row_count(), 0);
  const auto results = Import(Header("accounts", "file-1"), {Accounts(1, 20)});
  EXPECT_EQ(results[0].counts.created(), 20);
}

TEST_F(ImportTest, RehearsalCountsAndWritesNothing) {
  auto header = Header("accounts", "file-1");
  header.set_validate_only(true);
  const storage::Revision before = workspace_->storage().head();
  const auto results = Import(header, {Accounts(1, 10), Accounts(11, 5)});
  ASSERT_TRUE(results[1].status.ok()) << results[1].status;
  EXPECT_EQ(results[1].counts.created(), 15);
  EXPECT_EQ(workspace_->storage().head(), before);
}

TEST_F(ImportTest, PoliciesDecideOnWhatExists) {
  Import(Header("accounts"), {Accounts(1, 2)});
  auto header = Header("accounts");
  header.set_on_conflict(v1::CONFLICT_POLICY_SKIP);
  auto results = Import(header, {Accounts(1, 2, "Paris")});
  EXPECT_EQ(results[0].counts.skipped(), 2);
  header.set_on_conflict(v1::CONFLICT_POLICY_FAIL);
  results = Import(header, {Accounts(1, 2, "Paris")});
  EXPECT_EQ(results[0].counts.rejected(), 2);
  EXPECT_EQ(results[0].rejected[0].reason(), "ROW_CONFLICT");
  EXPECT_EQ(GetAccount("accounts/a1")->city(), "Lyon");
}

TEST_F(ImportTest, DeletedRowsAreRejectedUnlessRestored) {
  Import(Header("accounts"), {Accounts(1, 1)});
  v1::Account account;
  v1::DeleteAccountRequest erase;
  erase.set_name("accounts/a1");
  ASSERT_TRUE(Run(engine::kAccount, &engine::Collection::Delete, erase, &account).status.ok());
  auto header = Header("accounts");
  EXPECT_EQ(Import(header, {Accounts(1, 1)})[0].rejected.at(0).reason(), "RESOURCE_DELETED");
  header.set_on_deleted(v1::DELETED_POLICY_RESTORE);
  const auto results = Import(header, {Accounts(1, 1, "Paris")});
  EXPECT_EQ(results[0].counts.restored(), 1);
  EXPECT_FALSE(GetAccount("accounts/a1")->has_delete_time());
  EXPECT_EQ(GetAccount("accounts/a1")->city(), "Paris");
}

TEST_F(ImportTest, RowsAreMatchedByExternalId) {
  v1::ImportChunk chunk;
  chunk.set_first_row(1);
  chunk.set_row_count(2);
  for (int i = 0; i < 2; ++i) {
    v1::Account* account = chunk.add_accounts();
    account->set_display_name(i == 0 ? "Acme" : "Acme Ltd");
    account->add_external_ids()->set_system("crm");
    account->mutable_external_ids(0)->set_id("42");
  }
  const auto results = Import(Header("accounts"), {chunk});
  EXPECT_EQ(results[0].counts.created(), 1);
  EXPECT_EQ(results[0].counts.updated(), 1);
  EXPECT_EQ(workspace_->portfolio().snapshot()->row_count(), 1);
}

TEST_F(ImportTest, FactsAreUpsertedByTheirSourceId) {
  Import(Header("accounts"), {Accounts(1, 2)});
  v1::ImportChunk chunk;
  chunk.set_first_row(1);
  chunk.set_row_count(3);
  for (int i = 0; i < 3; ++i) {
    v1::Fact* fact = chunk.add_facts();
    fact->set_account("accounts/a1");
    fact->set_source_id(i == 2 ? "u 0" : "u " + std::to_string(i));
    fact->mutable_event_time()->set_seconds(1718000000);
    fact->mutable_usage()->set_count(i + 1);
  }
  auto results = Import(Header("facts"), {chunk});
  EXPECT_EQ(results[0].counts.created(), 2);
  EXPECT_EQ(results[0].counts.updated(), 1);
  const storage::Key account = **workspace_->storage().Find(engine::kAccount, "a1");
  EXPECT_EQ(workspace_->portfolio().FactsOf(account).size(), 2U);
  // A fact that turns out to belong to another account moves there.
  chunk.clear_facts();
  chunk.set_row_count(1);
  v1::Fact* fact = chunk.add_facts();
  fact->set_account("accounts/a2");
  fact->set_source_id("u 0");
  fact->mutable_event_time()->set_seconds(1718000000);
  fact->mutable_usage()->set_count(9);
  results = Import(Header("facts"), {chunk});
  EXPECT_EQ(results[0].counts.updated(), 1);
  EXPECT_EQ(workspace_->portfolio().FactsOf(account).size(), 1U);
}

TEST_F(ImportTest, FactsWithoutAnAccountAreRejected) {
  v1::ImportChunk chunk;
  chunk.set_first_row(1);
  chunk.set_row_count(2);
  for (int i = 0; i < 2; ++i) {
    v1::Fact* fact = chunk.add_facts();
    fact->set_source_id("u" + std::to_string(i));
    fact->mutable_event_time()->set_seconds(1718000000);
    fact->mutable_usage()->set_count(1);
  }
  chunk.mutable_facts(1)->set_subscription("subscriptions/none");
  const auto results = Import(Header("facts"), {chunk});
  ASSERT_EQ(results[0].rejected.size(), 2U);
  EXPECT_EQ(results[0].rejected[0].reason(), "FACT_WITHOUT_ACCOUNT");
  EXPECT_EQ(results[0].rejected[1].reason(), "REFERENCE_NOT_FOUND");
}

}  // namespace

}  // namespace folio::portfolio
