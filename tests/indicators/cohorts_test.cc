// Customers by the month of their first revenue.
#include <gtest/gtest.h>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class Cohorts : public IndicatorTest {
 protected:
  Cohorts() {
    AddAccount("kept", "FinTech");
    AddSubscription("s1", "kept", "2024-01-10", "", 1'200);
    AddAccount("grown", "EdTech");
    AddSubscription("s2", "grown", "2024-01-20", "2024-03-10", 2'400);
    AddSubscription("s3", "grown", "2024-03-10", "", 3'600);
    AddAccount("lost", "EdTech");
    AddSubscription("s4", "lost", "2024-01-31", "2024-02-15", 600);
    AddAccount("later", "EdTech");
    AddSubscription("s5", "later", "2024-11-05", "", 1'200);
    AddAccount("free");
    AddSubscription("s6", "free", "2024-01-05", "", 0);
    AddSubscription("s7", "free", "2024-01-05", "", 1'200, "trial: true");
  }

  std::vector<v1::CohortMonth> Months(const std::string& request) {
    v1::ComputeCohortsResponse response;
    const absl::Status status =
        ComputeCohorts(*workspace_, Parse<v1::ComputeCohortsRequest>(request), error::Locale::kEnglish, &response);
    EXPECT_TRUE(status.ok()) << status;
    return {response.months().begin(), response.months().end()};
  }
};

TEST_F(Cohorts, AreFollowedMonthByMonth) {
  const auto months =
      Months("start_date { year: 2024 month: 1 day: 15 } end_date { year: 2024 month: 2 day: 1 } months: 3");
  ASSERT_EQ(months.size(), 4);
  const auto tell = [](const v1::CohortMonth& month) {
    return std::vector<double>{static_cast<double>(month.customers()), static_cast<double>(month.mrr().units()),
                               month.customer_retention().value() * 3, month.gross_revenue_retention().value() * 4'200,
                               month.net_revenue_retention().value() * 4'200};
  };
  using testing::Pointwise;
  for (const v1::CohortMonth& month : months) EXPECT_EQ(month.size(), 3);
  EXPECT_THAT(tell(months[0]), Pointwise(testing::DoubleNear(1e-9), std::vector<double>{3, 350, 3, 4'200, 4'200}));
  EXPECT_THAT(tell(months[1]), Pointwise(testing::DoubleNear(1e-9), std::vector<double>{2, 300, 2, 3'600, 3'600}));
  EXPECT_THAT(tell(months[2]), Pointwise(testing::DoubleNear(1e-9), std::vector<double>{2, 400, 2, 3'600, 4'800}));
  EXPECT_FALSE(months[3].partial());
}

TEST_F(Cohorts, EndWithTheCurrentMonth) {
  MoveTo("2025-01-15T12:00:00Z");
  const auto months = Months("start_date { year: 2024 month: 11 day: 1 }");
  ASSERT_EQ(months.size(), 3) << "one cohort: November, December, and January so far";
  EXPECT_EQ(months[0].cohort_date().month(), 11);
  EXPECT_TRUE(months[2].partial());
  EXPECT_EQ(months[2].date().day(), 15);
}

TEST_F(Cohorts, KeepToAFilterAndToARevision) {
  const std::string january = "start_date { year: 2024 month: 1 day: 1 } end_date { year: 2024 month: 2 day: 1 } ";
  EXPECT_EQ(Months(january + "filter: 'sector = \"EdTech\"'").front().size(), 2);
  const int64_t then = workspace_->ledger().state()->revision;
  AddAccount("late");
  AddSubscription("s8", "late", "2024-01-02", "", 1'200);
  EXPECT_EQ(Months(january).front().size(), 4);
  EXPECT_EQ(Months(january + "as_of_revision: " + std::to_string(then)).front().size(), 3);
}

TEST_F(Cohorts, SumToTheWhole) {
  double mrr = 0;
  for (const v1::CohortMonth& month : Months("start_date { year: 2024 month: 1 day: 1 }")) {
    if (month.date().month() == 12 && month.date().year() == 2024) mrr += static_cast<double>(month.mrr().units());
  }
  EXPECT_DOUBLE_EQ(mrr, static_cast<double>(ValueOf("mrr").money().units()));
}

}  // namespace
}  // namespace folio::indicators
