#include "folio/pages.h"

#include "folio/v1/account.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sdk/fake/fake_server.h"

namespace folio {
namespace {

using ::testing::ElementsAre;
using testing::FakeServer;

void Fill(FakeServer& server, int count) {
  for (int i = 0; i < count; ++i) {
    const std::string name = "accounts/" + std::to_string(1000 + i);
    server.accounts[name].set_name(name);
  }
}

v1::ListAccountsRequest PageSize(int size) {
  v1::ListAccountsRequest request;
  request.set_page_size(size);
  return request;
}

TEST(PagesTest, WalksOverAllPages) {
  FakeServer server;
  Fill(server, 25);
  int count = 0;
  Rows<v1::Account> rows = List<v1::Account>(server.client(), &v1::AccountService::Stub::ListAccounts, PageSize(10));
  for (const v1::Account& account : rows) {
    EXPECT_EQ(account.name(), "accounts/" + std::to_string(1000 + count));
    ++count;
  }
  EXPECT_TRUE(rows.status().ok());
  EXPECT_EQ(count, 25);
  EXPECT_EQ(server.calls["ListAccounts"], 3);
}

TEST(PagesTest, NeverFetchesMoreThanItNeeds) {
  FakeServer server;
  Fill(server, 25);
  PageCursor cursor(server.client(), *FindMethod("AccountService.ListAccounts"), PageSize(10));
  for (int i = 0; i < 10; ++i) ASSERT_NE(cursor.Next(), nullptr);
  EXPECT_EQ(server.calls["ListAccounts"], 1);
  ASSERT_NE(cursor.Next(), nullptr);
  EXPECT_EQ(server.calls["ListAccounts"], 2);
}

TEST(PagesTest, AnEmptyListHasNoRows) {
  FakeServer server;
  Rows<v1::Account> rows = List<v1::Account>(server.client(), &v1::AccountService::Stub::ListAccounts, PageSize(10));
  for (const v1::Account& account : rows) ADD_FAILURE() << account.name();
  EXPECT_TRUE(rows.status().ok());
}

TEST(PagesTest, TellsThatAPageCouldNotBeHad) {
  FakeServer server;
  Fill(server, 25);
  server.intercept = [&](const std::string& method) -> std::optional<grpc::Status> {
    if (server.calls[method] < 2) return std::nullopt;
    return grpc::Status(grpc::StatusCode::INTERNAL, "broken");
  };
  PageCursor cursor(server.client(), *FindMethod("AccountService.ListAccounts"), PageSize(10));
  int count = 0;
  while (cursor.Next() != nullptr) ++count;
  EXPECT_EQ(count, 10);
  EXPECT_EQ(cursor.status().code(), absl::StatusCode::kInternal);
  EXPECT_EQ(cursor.Next(), nullptr);
}

TEST(PagesTest, GoesOnBehindAnEmptyPageAndStopsAtARepeatedToken) {
  std::vector<std::string> asked;
  const auto fetch = [&](const std::string& token, google::protobuf::Message* message) {
    asked.push_back(token);
    auto* page = static_cast<v1::ListAccountsResponse*>(message);
    if (asked.size() == 2) page->add_accounts();
    page->set_next_page_token(asked.size() < 3 ? "page" + std::to_string(asked.size()) : "page2");
    return absl::OkStatus();
  };
  PageCursor cursor(fetch, std::make_unique<v1::ListAccountsResponse>());
  EXPECT_NE(cursor.Next(), nullptr);
  EXPECT_EQ(cursor.Next(), nullptr);
  EXPECT_EQ(cursor.status().code(), absl::StatusCode::kInternal);
  EXPECT_THAT(asked, ElementsAre("", "page1", "page2"));
}

}  // namespace
}  // namespace folio
