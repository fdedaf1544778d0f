#include "folio/watch.h"

#include <latch>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sdk/fake/fake_server.h"

namespace folio {
namespace {

using ::testing::ElementsAre;
using testing::ErrorWith;
using testing::FakeServer;

v1::WatchResponse Response(int64_t revision) {
  v1::WatchResponse response;
  response.add_events()->set_revision(revision);
  response.set_resume_token("token" + std::to_string(revision));
  return response;
}

// Watches until the last of these revisions has come; returns what has been seen.
std::vector<int64_t> WatchThrough(FakeServer& server, int64_t last, absl::Status* status) {
  std::vector<int64_t> seen;
  v1::WatchRequest request;
  request.set_snapshot(true);
  *status = Watch(server.client(), request, [&](const v1::WatchResponse& response) {
    seen.push_back(response.events(0).revision());
    return seen.back() >= last ? absl::CancelledError("enough") : absl::OkStatus();
  });
  return seen;
}

TEST(WatchTest, EndsWithTheErrorOfWhoReadsIt) {
  FakeServer server;
  server.watch_streams = {{Response(1), Response(2), Response(3)}};
  absl::Status status;
  EXPECT_THAT(WatchThrough(server, 2, &status), ElementsAre(1, 2));
  EXPECT_EQ(status, absl::CancelledError("enough"));
}

TEST(WatchTest, IsCancelledByAStopWhileItWaitsForAServer) {
  FakeServer server;
  server.watch_streams = {{Response(1)}};
  server.watch_ends = {ErrorWith(grpc::StatusCode::UNAVAILABLE, "cut", "", {}, "", 60'000)};
  std::stop_source stop;
  std::latch read(1);
  const std::jthread stopper([&] {
    read.wait();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // so that it waits; where it does not yet, no less
    stop.request_stop();
  });
  const auto each = [&read](const v1::WatchResponse&) {
    read.count_down();
    return absl::OkStatus();
  };
  EXPECT_EQ(Watch(server.client(), {}, each, {.stop = stop.get_token()}).code(), absl::StatusCode::kCancelled);
}

TEST(WatchTest, GoesOnBehindTheLastMessageWhereTheConnectionIsLost) {
  FakeServer server;
  server.watch_streams = {{Response(1), Response(2)}, {Response(3)}, {Response(4)}};
  server.watch_ends = {{grpc::StatusCode::UNAVAILABLE, "cut"}, grpc::Status::OK};
  absl::Status status;
  EXPECT_THAT(WatchThrough(server, 4, &status), ElementsAre(1, 2, 3, 4));
  ASSERT_EQ(server.watch_requests.size(), 3u);
  EXPECT_TRUE(server.watch_requests[0].snapshot());
  EXPECT_EQ(server.watch_requests[1].resume_token(), "token2");
  EXPECT_EQ(server.watch_requests[2].resume_token(), "token3");
}

TEST(WatchTest, GoesOnAtOnceWhereItHasFallenBehind) {
  FakeServer server;
  server.watch_streams = {{Response(1)}, {Response(2)}};
  server.watch_ends = {ErrorWith(grpc::StatusCode::OUT_OF_RANGE, "too slow", "FELL_BEHIND")};
  absl::Status status;
  EXPECT_THAT(WatchThrough(server, 2, &status), ElementsAre(1, 2));
  EXPECT_EQ(server.watch_requests[1].resume_token(), "token1");
}

TEST(WatchTest, TellsThatTheLogDoesNotReachBack) {
  FakeServer server;
  server.watch_streams = {{Response(1)}};
  server.watch_ends = {ErrorWith(grpc::StatusCode::OUT_OF_RANGE, "gone", "LOG_COMPACTED")};
  absl::Status status;
  EXPECT_THAT(WatchThrough(server, 2, &status), ElementsAre(1));
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ErrorOf(status).reason, "LOG_COMPACTED");
}

TEST(WatchTest, GivesUpWhenItsPatienceEnds) {
  ClientOptions options;
  options.server = "127.0.0.1:1";
  WatchOptions impatient;
  impatient.patience = std::chrono::milliseconds(0);
  const auto ignore = [](const v1::WatchResponse&) { return absl::OkStatus(); };
  EXPECT_EQ(Watch(*Client::Connect(options), v1::WatchRequest(), ignore, impatient).code(),
            absl::StatusCode::kUnavailable);
}

TEST(WatchTest, OfThePortfolioGoesOnBehindItsLastMessageToo) {
  FakeServer server;
  v1::WatchPortfolioResponse first;
  first.set_resume_token("one");
  v1::WatchPortfolioResponse second;
  second.set_resume_token("two");
  server.portfolio_streams = {{first}, {second}};
  server.portfolio_ends = {ErrorWith(grpc::StatusCode::OUT_OF_RANGE, "too slow", "FELL_BEHIND")};
  v1::WatchPortfolioRequest request;
  request.set_filter("health < 50");
  const absl::Status status = WatchPortfolio(server.client(), request, [](const v1::WatchPortfolioResponse& response) {
    return response.resume_token() == "two" ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(status, absl::CancelledError("enough"));
  ASSERT_EQ(server.portfolio_requests.size(), 2u);
  EXPECT_EQ(server.portfolio_requests[1].resume_token(), "one");
  EXPECT_EQ(server.portfolio_requests[1].filter(), "health < 50");
}

TEST(WatchTest, StopsWhenAsked) {
  FakeServer server;
  server.watch_streams = {{Response(1)}};
  std::stop_source stop;
  WatchOptions options;
  options.stop = stop.get_token();
  const auto stop_now = [&](const v1::WatchResponse&) {
    stop.request_stop();
    return absl::OkStatus();
  };
  EXPECT_EQ(Watch(server.client(), v1::WatchRequest(), stop_now, options).code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace folio
