// Rows at a limited rate, on a clock of the test's own.
#include "client/cli/import/pace.h"

#include "gtest/gtest.h"

namespace folio::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PaceTest : public ::testing::Test {
 protected:
  Pace Of(int64_t rows_per_second) {
    return {rows_per_second, [this] { return now_; },
            [this](Pace::Time time, const std::stop_token&) { now_ = std::max(now_, time); }};
  }
  void Send(Pace* pace, int rows) {
    for (int i = 0; i < rows; ++i) pace->AwaitNext({});
  }
  double Seconds() const { return std::chrono::duration<double>(now_ - Pace::Time()).count(); }

  Pace::Time now_;
};

TEST_F(PaceTest, SendsSoManyRowsASecond) {
  for (const int rate : {1, 7, 1'000, 200'000}) {
    now_ = {};
    Pace pace = Of(rate);
    Send(&pace, 10 * rate + 1);
    EXPECT_NEAR(Seconds(), 10, 0.05) << rate;
  }
}

TEST_F(PaceTest, DoesNotMakeUpForASlowServer) {
  Pace pace = Of(100);
  Send(&pace, 100);
  now_ += seconds(60);
  const double before = Seconds();
  Send(&pace, 101);
  EXPECT_NEAR(Seconds() - before, 1, 0.05);
}

TEST_F(PaceTest, WithoutALimitNothingWaits) {
  Pace pace = Of(0);
  Send(&pace, 1'000);
  EXPECT_EQ(Seconds(), 0);
}

TEST(PaceStopTest, EndsWaitingWhenSomebodyAsksToStop) {
  std::stop_source stop;
  stop.request_stop();
  Pace pace(1);  // the thousandth row would be due in a quarter of an hour
  for (int i = 0; i < 1'000; ++i) pace.AwaitNext(stop.get_token());
}

}  // namespace
}  // namespace folio::cli
