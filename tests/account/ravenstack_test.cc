// Revenue against the published figures of a real data set.
#include "tests/account/ravenstack.h"

#include <gtest/gtest.h>

#include "server/account/points.h"
#include "server/account/revenue.h"

namespace folio::account {
namespace {

// From FACTS.md of the data set: MRR at each month end of 2023 and 2024.
constexpr int64_t kMonthlyRevenue[] = {4684,    15763,   41648,   83191,   169110,  242921,  363115,  528050,
                                       644272,  821288,  1014948, 1262113, 1522685, 1873778, 2276266, 2707236,
                                       3316249, 3833405, 4513192, 5120881, 6035345, 7098896, 8460824, 10159608};

TEST(RavenStackData, RevenueAtEachMonthEndIsThePublishedOne) {
  const RavenStack data;
  FOLIO_NEEDS_RAVENSTACK(data);
  ASSERT_EQ(data.accounts().size(), 500u);
  const Day last = DayOf({2024, 12, 31});
  std::vector<Micros> sums(std::size(kMonthlyRevenue));
  for (const auto& [id, account] : data.accounts()) {
    const std::vector<Micros> amounts = MonthlyArr(account.ViewOn(last), last, std::size(kMonthlyRevenue));
    ASSERT_EQ(amounts.size(), sums.size());
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += amounts[i];
  }
  for (size_t i = 0; i < sums.size(); ++i) {
    EXPECT_EQ(sums[i], kMonthlyRevenue[i] * 12 * kMicrosPerUnit) << "month " << i + 1;
  }
}

TEST(RavenStackData, UsageOfTheLastThirtyDaysIsThePublishedOne) {
  const RavenStack data;
  FOLIO_NEEDS_RAVENSTACK(data);
  size_t accounts = 0;
  size_t accounts_of_quarter = 0;
  for (const auto& [id, account] : data.accounts()) {
    const View view = account.ViewOn(DayOf({2024, 12, 31}));
    accounts += PointsInLast(view, PointKind::kUsage, 30).empty() ? 0 : 1;
    accounts_of_quarter += PointsInLast(view, PointKind::kUsage, 90).empty() ? 0 : 1;
  }
  EXPECT_EQ(accounts, 425u);
  EXPECT_EQ(accounts_of_quarter, 497u);
}

}  // namespace
}  // namespace folio::account
