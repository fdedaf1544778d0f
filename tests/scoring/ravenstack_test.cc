// The default model on a real data set that has nothing but subscriptions, usage and tickets.
#include "tests/account/ravenstack.h"

#include <gtest/gtest.h>

#include "server/scoring/score.h"

namespace folio::scoring {
namespace {

TEST(RavenStackData, TheDefaultModelTellsAccountsApart) {
  const account::RavenStack data;
  FOLIO_NEEDS_RAVENSTACK(data);
  const Model model = Model::Compile(DefaultModel()).value();
  const Day today = DayOf({2024, 12, 31});
  int bands[4] = {};
  int red_fintech = 0;
  double least_coverage = 1;
  for (const auto& [id, account] : data.accounts()) {
    std::vector<Contribution> parts;
    const Score score = model.Run(account.ViewOn(today), &parts);
    ASSERT_FALSE(score.absent) << id;
    double sum = 0;
    for (const Contribution& part : parts) sum += part.points;
    ASSERT_EQ(sum, score.raw) << id;
    ++bands[score.band];
    red_fintech += score.band == v1::HEALTH_BAND_RED && account.sector == "FinTech" ? 1 : 0;
    least_coverage = std::min(least_coverage, score.coverage);
  }
  RecordProperty("red", bands[v1::HEALTH_BAND_RED]);
  RecordProperty("yellow", bands[v1::HEALTH_BAND_YELLOW]);
  RecordProperty("green", bands[v1::HEALTH_BAND_GREEN]);
  // Half of the model's weight is about facts that this company does not record, and most of its accounts are fine.
  EXPECT_GT(least_coverage, 0.2);
  EXPECT_GT(bands[v1::HEALTH_BAND_RED], 10);
  EXPECT_GT(bands[v1::HEALTH_BAND_YELLOW], 100);
  EXPECT_GT(bands[v1::HEALTH_BAND_GREEN], 50);
  EXPECT_GT(red_fintech, 0);
}

}  // namespace
}  // namespace folio::scoring
