// What clients are promised about single writes and watches, against a real server that is killed in between.
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/crash/chaos.h"
#include "tests/crash/server_process.h"

namespace folio::crash {
namespace {

using ::testing::UnorderedElementsAre;

v1::CreateAccountRequest CreateRequest(const std::string& id, const std::string& request_id) {
  v1::CreateAccountRequest request;
  request.set_account_id(id);
  request.set_request_id(request_id);
  request.mutable_account()->set_display_name("Company " + id);
  return request;
}

absl::StatusOr<v1::Account> Create(const Client& client, const v1::CreateAccountRequest& request) {
  return client.Call(&v1::AccountService::Stub::CreateAccount, request);
}

absl::StatusOr<v1::Account> Rename(const Client& client, v1::Account account, const std::string& name) {
  v1::UpdateAccountRequest request;
  account.set_display_name(name);
  *request.mutable_account() = std::move(account);
  request.mutable_update_mask()->add_paths("display_name");
  return client.Call(&v1::AccountService::Stub::UpdateAccount, request);
}

absl::StatusOr<v1::Account> Get(const Client& client, const std::string& name) {
  v1::GetAccountRequest request;
  request.set_name(name);
  return client.Call(&v1::AccountService::Stub::GetAccount, request);
}

TEST(Promises, OfTwoUpdatesWithOneEtagOneIsAborted) {
  ServerProcess server;
  server.Start();
  const Client one = server.Connect();
  const Client other = server.Connect();
  ASSERT_TRUE(Create(one, CreateRequest("shared", "")).ok());
  for (int i = 0; i < 50; ++i) {
    const absl::StatusOr<v1::Account> read = Get(one, "accounts/shared");
    ASSERT_TRUE(read.ok()) << read.status();
    absl::StatusOr<v1::Account> first;
    absl::StatusOr<v1::Account> second;
    std::thread rival([&] { first = Rename(one, *read, "by the one " + std::to_string(i)); });
    second = Rename(other, *read, "by the other " + std::to_string(i));
    rival.join();
    ASSERT_THAT((std::vector{first.status().code(), second.status().code()}),
                UnorderedElementsAre(absl::StatusCode::kOk, absl::StatusCode::kAborted));
    const absl::StatusOr<v1::Account>& winner = first.ok() ? first : second;
    ASSERT_EQ(Get(one, "accounts/shared")->display_name(), winner->display_name());
    ASSERT_EQ(ErrorOf(first.ok() ? second.status() : first.status()).reason, "ETAG_MISMATCH");
  }
}

TEST(Promises, TheSameRequestTwiceHasOneEffectAndOneAnswerAlsoAfterAKill) {
  ServerProcess server;
  server.Start();
  const absl::StatusOr<v1::Account> first = Create(server.Connect(), CreateRequest("", "the-request"));
  ASSERT_TRUE(first.ok()) << first.status();
  const absl::StatusOr<v1::Account> again = Create(server.Connect(), CreateRequest("", "the-request"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->DebugString(), first->DebugString());

  server.Kill();
  server.Reap();
  server.Start();
  const Client client = server.Connect();
  const absl::StatusOr<v1::Account> later = Create(client, CreateRequest("", "the-request"));
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->DebugString(), first->DebugString());

  const absl::StatusOr<v1::ListAccountsResponse> all =
      client.Call(&v1::AccountService::Stub::ListAccounts, v1::ListAccountsRequest());
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->accounts_size(), 1);
  const absl::StatusOr<v1::Account> reused = Create(client, CreateRequest("another", "the-request"));
  EXPECT_EQ(reused.status().code(), absl::StatusCode::kInvalidArgument) << reused.status();
}

// Follows the changes of accounts from a token until the server dies or `wanted` names have come. Records each event.
struct Follower {
  std::string token;
  std::vector<std::pair<int64_t, int>> positions;  // revision and ordinal of each event, as they came
  std::multiset<std::string> names;

  void Follow(const Client& client, const std::set<std::string>& wanted) {
    v1::WatchRequest request;
    request.add_collections("accounts");
    if (token.empty()) {
      request.set_after_revision(0);
    } else {
      request.set_resume_token(token);
    }
    v1::WatchService::Stub stub(client.channel());
    const auto context = client.NewStreamContext();
    const auto stream = stub.Watch(context.get(), request);
    for (v1::WatchResponse answer; !Has(wanted) && stream->Read(&answer);) {
      for (const v1::ChangeEvent& event : answer.events()) {
        positions.emplace_back(event.revision(), event.ordinal());
        names.insert(event.name());
      }
      token = answer.resume_token();
    }
    context->TryCancel();
    stream->Finish();
  }

  bool Has(const std::set<std::string>& wanted) const {
    return !wanted.empty() && std::includes(names.begin(), names.end(), wanted.begin(), wanted.end());
  }
};

TEST(Promises, AWatchResumedAfterAKillMissesNothingAndRepeatsNothing) {
  std::mt19937_64 generator = SeededGenerator();
  const int kills = KillCount() / 5;
  ServerProcess server;
  Follower follower;
  std::set<std::string> acknowledged;
  int next = 0;
  for (int i = 0; i < kills; ++i) {
    server.Start();
    const Client client = server.Connect();
    std::thread watch([&] { follower.Follow(client, {}); });
    std::thread killer([&server, delay = RandomDelay(generator, std::chrono::milliseconds(200))] {
      std::this_thread::sleep_for(delay);
      server.Kill();
    });
    // Straight through the stub: the SDK would try again after the kill, and an id must be tried only once.
    v1::AccountService::Stub stub(client.channel());
    for (bool alive = true; alive;) {
      const auto context = client.NewContext();
      v1::Account account;
      alive = stub.CreateAccount(context.get(), CreateRequest("n" + std::to_string(next++), ""), &account).ok();
      if (alive) acknowledged.insert(account.name());
    }
    killer.join();
    watch.join();
    server.Reap();
  }
  server.Start();
  const Client client = server.Connect();
  const absl::StatusOr<v1::Account> last = Create(client, CreateRequest("last", ""));
  ASSERT_TRUE(last.ok()) << last.status();
  acknowledged.insert(last->name());
  follower.Follow(client, acknowledged);

  EXPECT_TRUE(follower.Has(acknowledged));
  EXPECT_TRUE(std::is_sorted(follower.positions.begin(), follower.positions.end()));
  EXPECT_EQ(std::adjacent_find(follower.positions.begin(), follower.positions.end()), follower.positions.end());
  const std::set<std::string> distinct(follower.names.begin(), follower.names.end());
  EXPECT_EQ(distinct.size(), follower.names.size()) << "an account was told of twice";
}

}  // namespace
}  // namespace folio::crash
