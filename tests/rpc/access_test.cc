#include <sys/stat.h>

#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/error.h"
#include "server/rpc/access_store.h"
#include "server/rpc/secret_file.h"
#include "storage/memory/memory.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

TEST(ApiKey, IsReadAsItWasWritten) {
  const ApiKeyText key = NewApiKey();
  const auto read = ParseApiKey(FormatApiKey(key));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->id, key.id);
  EXPECT_EQ(read->secret, key.secret);
  EXPECT_NE(NewApiKey().secret, key.secret);
}

TEST(ApiKey, EveryChangedCharacterIsNoticed) {
  const std::string text = FormatApiKey(NewApiKey());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string wrong = text;
    wrong[i] = wrong[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(ParseApiKey(wrong).ok()) << i;
  }
  EXPECT_FALSE(ParseApiKey("").ok());
  EXPECT_FALSE(ParseApiKey(text + "0").ok());
  EXPECT_FALSE(ParseApiKey(text.substr(1)).ok());
}

TEST(ApiKey, ADigestDependsOnKeyAndPepper) {
  const ApiKeyText key = NewApiKey();
  const Pepper pepper(32, 'p');
  EXPECT_TRUE(SameDigest(DigestOf(key, pepper), DigestOf(key, pepper)));
  EXPECT_FALSE(SameDigest(DigestOf(key, pepper), DigestOf(key, Pepper(32, 'q'))));
  EXPECT_FALSE(SameDigest(DigestOf(key, pepper), DigestOf(NewApiKey(), pepper)));
  EXPECT_FALSE(SameDigest("", DigestOf(key, pepper)));
}

TEST(Pepper, IsMadeOnceAndForThisUserOnly) {
  TemporaryFolder folder;
  const auto pepper = LoadOrCreatePepper(folder.File("pepper"));
  ASSERT_TRUE(pepper.ok()) << pepper.status();
  EXPECT_EQ(*LoadOrCreatePepper(folder.File("pepper")), *pepper);
  struct stat status = {};
  ASSERT_EQ(::stat(folder.File("pepper").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ::chmod(folder.File("pepper").c_str(), 0644);
  EXPECT_EQ(LoadOrCreatePepper(folder.File("pepper")).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Pepper, ADamagedOneIsRefused) {
  TemporaryFolder folder;
  ASSERT_TRUE(WriteSecretFile(folder.File("pepper"), "short").ok());
  EXPECT_EQ(LoadOrCreatePepper(folder.File("pepper")).status().code(), absl::StatusCode::kFailedPrecondition);
}

class AccessStoreTest : public ::testing::Test {
 protected:
  AccessStoreTest() {
    access_ = *AccessStore::Open(std::make_unique<storage::MemoryStorage>(), Pepper(32, 'p'), clock_);
    v1::Workspace workspace;
    workspace.set_display_name("Demo");
    workspace.set_currency_code("EUR");
    EXPECT_TRUE(access_->CreateWorkspace("demo", workspace, "test").ok());
  }

  absl::StatusOr<v1::Workspace> Update(const v1::Workspace& workspace, const std::string& path,
                                       const std::string& request_id = "") {
    v1::UpdateWorkspaceRequest request;
    *request.mutable_workspace() = workspace;
    request.mutable_workspace()->set_name("workspaces/demo");
    request.mutable_update_mask()->add_paths(path);
    request.set_request_id(request_id);
    return access_->UpdateWorkspace(request, "test",
                                    [](const v1::Workspace&, const v1::Workspace&) { return absl::OkStatus(); });
  }

  ManualClock clock_{1'000'000};
  std::unique_ptr<AccessStore> access_;
};

TEST_F(AccessStoreTest, AKeyIsBoundToItsWorkspaceAndRole) {
  v1::ApiKey wanted;
  wanted.set_workspace("workspaces/demo");
  wanted.set_role(v1::ROLE_EDITOR);
  const auto key = access_->CreateKey(wanted, "test");
  ASSERT_TRUE(key.ok()) << key.status();
  const auto principal = access_->Authenticate(key->secret());
  ASSERT_TRUE(principal.ok()) << principal.status();
  EXPECT_EQ((*principal)->actor, key->name());
  EXPECT_EQ((*principal)->workspace, "demo");
  EXPECT_EQ((*principal)->role, v1::ROLE_EDITOR);
  for (const v1::ApiKey& listed : access_->ListKeys("")) {
    EXPECT_TRUE(listed.secret().empty());
    EXPECT_TRUE(listed.secret_digest().empty());
  }
}

TEST_F(AccessStoreTest, TheIdOfAKeyDoesNotReplaceItsSecret) {
  v1::ApiKey wanted;
  wanted.set_workspace("workspaces/demo");
  wanted.set_role(v1::ROLE_READER);
  const auto key = access_->CreateKey(wanted, "test");
  const ApiKeyText forged{.id = ParseApiKey(key->secret())->id, .secret = NewApiKey().secret};
  EXPECT_EQ(error::ReasonOf(access_->Authenticate(FormatApiKey(forged)).status()), "KEY_UNKNOWN");
}

TEST_F(AccessStoreTest, AKeyThatWasKnownIsHeldToEverythingAgain) {
  v1::ApiKey wanted;
  wanted.set_workspace("workspaces/demo");
  wanted.set_role(v1::ROLE_READER);
  *wanted.mutable_expire_time() = ToProtoTime(3'000'000);
  const auto key = access_->CreateKey(wanted, "test");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(access_->Authenticate(key->secret()).ok()) << i;

  const ApiKeyText forged{.id = ParseApiKey(key->secret())->id, .secret = NewApiKey().secret};
  EXPECT_EQ(error::ReasonOf(access_->Authenticate(FormatApiKey(forged)).status()), "KEY_UNKNOWN");
  EXPECT_EQ(error::ReasonOf(access_->Authenticate(key->secret() + "0").status()), "KEY_MALFORMED");
  clock_.Set(3'000'000);
  EXPECT_EQ(error::ReasonOf(access_->Authenticate(key->secret()).status()), "KEY_EXPIRED");
  clock_.Set(2'000'000);
  EXPECT_TRUE(access_->Authenticate(key->secret()).ok());
  ASSERT_TRUE(access_->RevokeKey(key->name(), "test").ok());
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(error::ReasonOf(access_->Authenticate(key->secret()).status()), "KEY_REVOKED") << i;
  }
}

TEST_F(AccessStoreTest, AKeyNeedsARoleAndAWorkspaceThatExists) {
  v1::ApiKey wanted;
  wanted.set_workspace("workspaces/demo");
  EXPECT_EQ(error::ReasonOf(access_->CreateKey(wanted, "test").status()), "FIELD_REQUIRED");
  wanted.set_role(v1::ROLE_READER);
  wanted.set_workspace("workspaces/none");
  EXPECT_EQ(error::ReasonOf(access_->CreateKey(wanted, "test").status()), "REFERENCE_NOT_FOUND");
  EXPECT_TRUE(absl::IsNotFound(access_->RevokeKey("apiKeys/none", "test").status()));
}

TEST_F(AccessStoreTest, AWorkspaceIsCheckedWhereverItIsSet) {
  v1::Workspace workspace;
  workspace.set_display_name("X");
  workspace.set_currency_code("EUR");
  EXPECT_TRUE(absl::IsAlreadyExists(access_->CreateWorkspace("demo", workspace, "test").status()));
  for (const char* id : {"", "Demo", "a b", "../x"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(access_->CreateWorkspace(id, workspace, "test").status())) << id;
  }
  workspace.set_time_zone("Mars/Base");
  EXPECT_EQ(error::ReasonOf(access_->CreateWorkspace("x", workspace, "test").status()), "TIME_ZONE_UNKNOWN");
  EXPECT_EQ(error::ReasonOf(Update(workspace, "time_zone").status()), "TIME_ZONE_UNKNOWN");
  workspace.set_currency_code("euro");
  EXPECT_EQ(error::ReasonOf(Update(workspace, "currency_code").status()), "FIELD_PATTERN");
}

TEST_F(AccessStoreTest, AnUpdateChangesWhatItsMaskNamesAndTheEtag) {
  v1::Workspace sent;
  sent.set_display_name("Nouveau");
  sent.set_currency_code("USD");
  const std::string etag = access_->GetWorkspace("demo")->etag();
  const auto updated = Update(sent, "display_name");
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->display_name(), "Nouveau");
  EXPECT_EQ(updated->currency_code(), "EUR");
  EXPECT_NE(updated->etag(), etag);
  sent.set_etag(etag);
  EXPECT_EQ(error::ReasonOf(Update(sent, "display_name").status()), "ETAG_MISMATCH");
}

TEST_F(AccessStoreTest, TheSameRequestIsAnsweredTheSame) {
  v1::Workspace sent;
  sent.set_display_name("One");
  const auto first = Update(sent, "display_name", "r1");
  const auto again = Update(sent, "display_name", "r1");
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->etag(), again->etag());
  sent.set_display_name("Two");
  EXPECT_EQ(error::ReasonOf(Update(sent, "display_name", "r1").status()), "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace folio::rpc
