// bench: a load that keeps its rate, and figures that do not flatter.
#include <atomic>
#include <cmath>
#include <random>
#include <thread>

#include "client/cli/bench/histogram.h"
#include "client/cli/bench/run_bench.h"
#include "client/cli/value/json.h"
#include "gmock/gmock.h"
#include "tests/cli/program.h"

namespace folio::cli {
namespace {

using std::chrono::nanoseconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(HistogramTest, KnowsPercentilesToOnePerCent) {
  std::mt19937_64 random(7);
  std::vector<int64_t> values;
  Histogram histogram;
  Histogram half;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<int64_t>(std::exp(std::uniform_real_distribution<>(0, 25)(random))));
    (i % 2 == 0 ? histogram : half).Add(nanoseconds(values.back()));
  }
  histogram.Add(half);
  std::sort(values.begin(), values.end());
  EXPECT_EQ(histogram.count(), 20'000);
  EXPECT_EQ(histogram.min().count(), values.front());
  EXPECT_EQ(histogram.max().count(), values.back());
  for (const double percent : {1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto exact = static_cast<double>(values[static_cast<size_t>(std::ceil(20'000 * percent / 100)) - 1]);
    const auto found = static_cast<double>(histogram.Percentile(percent).count());
    EXPECT_GE(found, exact) << percent;
    EXPECT_LE(found, exact * 1.01) << percent;
  }
}

TEST(HistogramTest, HoldsNothingAndExtremes) {
  Histogram histogram;
  EXPECT_EQ(histogram.Percentile(50).count(), 0);
  EXPECT_EQ(histogram.mean().count(), 0);
  histogram.Add(nanoseconds(-5));
  histogram.Add(std::chrono::hours(100));
  EXPECT_EQ(histogram.min().count(), 0);
  EXPECT_EQ(histogram.max(), std::chrono::minutes(30));
}

TEST(ArrivalsTest, AreEvenOrRandomAtTheSameRate) {
  BenchPlan plan{.rate = 1000, .duration = std::chrono::seconds(10), .warm_up = std::chrono::seconds(1)};
  const std::vector<nanoseconds> even = ArrivalsOf(plan);
  ASSERT_EQ(even.size(), 11'000u);
  EXPECT_EQ(even[0].count(), 0);
  EXPECT_EQ(even[10'999], std::chrono::milliseconds(10'999));
  plan.poisson = true;
  const std::vector<nanoseconds> random = ArrivalsOf(plan);
  EXPECT_NEAR(static_cast<double>(random.size()), 11'000, 500);  // the seed is fixed
  EXPECT_EQ(random, ArrivalsOf(plan));
  EXPECT_TRUE(std::is_sorted(random.begin(), random.end()));
}

// One call that stalls delays those behind it, and they are charged from when they were due.
TEST(BenchTest, ChargesCallsFromWhenTheyWereDue) {
  const BenchPlan plan{
      .rate = 1000, .duration = std::chrono::milliseconds(100), .warm_up = std::chrono::seconds(0), .concurrency = 1};
  const PrepareCall stall_once = [](int64_t number) {
    return [number] {
      if (number == 0) std::this_thread::sleep_for(std::chrono::milliseconds(200));
      return absl::OkStatus();
    };
  };
  const BenchResult result = RunBench(plan, stall_once, {});
  EXPECT_EQ(result.calls, 100);
  EXPECT_EQ(result.failed, 0);
  EXPECT_GE(result.late, 99);
  // Every other call was due within the stall: half of them at least 100 ms before it could begin.
  EXPECT_GE(result.latency.Percentile(50), std::chrono::milliseconds(100));
  EXPECT_GE(result.latency.min(), std::chrono::milliseconds(100));
}

TEST(BenchTest, CountsFailuresAndLeavesTheWarmUpOut) {
  const BenchPlan plan{
      .rate = 1000, .duration = std::chrono::milliseconds(40), .warm_up = std::chrono::milliseconds(10)};
  std::atomic<int> made = 0;
  const PrepareCall fail_odd = [&](int64_t number) {
    return [&, number] {
      ++made;
      return number % 2 == 0 ? absl::OkStatus() : absl::UnavailableError("gone");
    };
  };
  const BenchResult result = RunBench(plan, fail_odd, {});
  EXPECT_EQ(made, 50);
  EXPECT_EQ(result.calls, 40);
  EXPECT_EQ(result.failed, 20);
  EXPECT_EQ(result.errors.at("UNAVAILABLE"), 20);
  EXPECT_EQ(result.latency.count(), 20);
}

TEST(BenchTest, EndsWhereItIsStopped) {
  std::stop_source stop;
  stop.request_stop();
  const BenchResult result = RunBench(
      {.rate = 1, .duration = std::chrono::hours(1)}, [](int64_t) { return [] { return absl::OkStatus(); }; },
      stop.get_token());
  EXPECT_EQ(result.calls, 0);
}

class BenchCommandTest : public ProgramTest {};

TEST_F(BenchCommandTest, CallsAServerAndTellsFigures) {
  server_.accounts["accounts/acme"].set_name("accounts/acme");
  ASSERT_EQ(Run({"bench", "--rate", "500", "--duration", "0.1", "--warm-up", "0", "-o", "json"}), 0) << err_;
  const Json json = Json::parse(out_);
  EXPECT_EQ(json["calls"], 50);
  EXPECT_EQ(json["failed"], 0);
  EXPECT_EQ(server_.calls["GetAccount"], 50);
  EXPECT_GE(json["latency_us"]["p99_9"], json["latency_us"]["p50"]);
  ASSERT_EQ(Run({"bench", "AccountService.GetAccount", "-d", R"({"name": "accounts/acme"})", "--rate", "100",
                 "--duration", "0.05", "--warm-up", "0"}),
            0);
  EXPECT_THAT(out_, HasSubstr("p99.99"));
}

TEST_F(BenchCommandTest, DoesNotTryAgain) {
  server_.accounts["accounts/acme"].set_name("accounts/acme");
  server_.intercept = [](const std::string& method) -> std::optional<grpc::Status> {
    if (method != "GetAccount") return std::nullopt;
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone");
  };
  EXPECT_EQ(Run({"bench", "--rate", "100", "--duration", "0.05", "--warm-up", "0"}), 7);
  EXPECT_EQ(server_.calls["GetAccount"], 5);
}

TEST_F(BenchCommandTest, RefusesWhatCannotBeMeasured) {
  EXPECT_EQ(Run({"bench", "ImportService.Import"}), 2);
  EXPECT_EQ(Run({"bench", "AccountService.GetAccount", "-d", "{"}), 2);
  EXPECT_EQ(Run({"bench"}), 2);  // no accounts
  EXPECT_THAT(err_, HasSubstr("folio demo load"));
  EXPECT_EQ(Run({"bench", "AccountService.CreateAccount"}), 2);  // writes, and nobody has said yes
  EXPECT_THAT(err_, HasSubstr("--yes"));
  EXPECT_THAT(server_.accounts, IsEmpty());
}

}  // namespace
}  // namespace folio::cli
