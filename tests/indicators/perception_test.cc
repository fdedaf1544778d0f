// What clients think, and how fast they are answered: nps, csat, ces, first_response_time.
#include <gtest/gtest.h>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class Perception : public IndicatorTest {
 protected:
  Perception() {
    AddAccount("a", "FinTech");
    AddAccount("b", "EdTech");
  }

  void AddCsat(const std::string& id, double score, double minimum, double maximum) {
    AddFact(id, "a", "2024-05-01T10:00:00Z",
            "survey_answer { kind: SURVEY_KIND_CSAT score: " + std::to_string(score) +
                " scale_min: " + std::to_string(minimum) + " scale_max: " + std::to_string(maximum) + " }");
  }
  void AddCes(const std::string& id, double score, double maximum, bool low_is_easy) {
    AddFact(id, "a", "2024-05-01T10:00:00Z",
            "survey_answer { kind: SURVEY_KIND_CES scale_min: 1 score: " + std::to_string(score) +
                " scale_max: " + std::to_string(maximum) + " low_is_easy: " + (low_is_easy ? "true" : "false") + " }");
  }
  void AddTicket(const std::string& id, const std::string& account, const std::string& time, int seconds,
                 const std::string& more = "") {
    AddFact(id, account, time,
            "ticket { " + (seconds < 0 ? std::string() : "first_response_seconds: " + std::to_string(seconds)) + more +
                " }");
  }
};

TEST_F(Perception, NpsTakesTheLastAnswerOfEachRespondent) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 2, "ann");
  AddNps("2", "a", "2024-06-01T10:00:00Z", 10, "ann");
  AddNps("3", "b", "2024-02-01T10:00:00Z", 0, "ann");  // somebody else: of another account
  AddNps("4", "b", "2024-02-02T10:00:00Z", 8);
  AddNps("5", "b", "2024-02-03T10:00:00Z", 9);  // who tells no name is somebody else each time
  const v1::IndicatorValue nps = ValueOf("nps");
  EXPECT_DOUBLE_EQ(nps.number(), 100.0 * (2 - 1) / 4);
  EXPECT_EQ(NumberOf(nps, "promoters"), 2);
  EXPECT_EQ(NumberOf(nps, "passives"), 1);
  EXPECT_EQ(NumberOf(nps, "detractors"), 1);
  EXPECT_DOUBLE_EQ(ValueOf("nps_all_answers").number(), 100.0 * (2 - 2) / 5);
  // The answer of March is the last one of its quarter.
  EXPECT_DOUBLE_EQ(
      ValueOf("nps", "start_date { year: 2024 month: 1 day: 1 } end_date { year: 2024 month: 4 day: 1 }").number(),
      100.0 * (1 - 2) / 4);
}

TEST_F(Perception, NpsCarriesWhatItIs) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 9);
  const v1::IndicatorValue nps = ValueOf("nps", "start_date { year: 2024 month: 1 day: 1 } filter: 'sector = FinTech'");
  EXPECT_EQ(nps.indicator(), "nps");
  EXPECT_EQ(nps.version(), 1);
  EXPECT_EQ(nps.unit(), v1::INDICATOR_UNIT_POINTS);
  EXPECT_TRUE(nps.higher_is_better());
  EXPECT_EQ(nps.sample_size(), 1);
  EXPECT_EQ(nps.filter(), "sector = FinTech");
  EXPECT_EQ(nps.interval().method(), v1::INTERVAL_METHOD_ADJUSTED_WALD);
  EXPECT_EQ(nps.as_of_revision(), store_.head());
  EXPECT_EQ(nps.period().start_date().year(), 2024);
}

TEST_F(Perception, NpsOfNothingIsAbsent) {
  const v1::IndicatorValue nps = ValueOf("nps");
  EXPECT_EQ(nps.value_case(), v1::IndicatorValue::VALUE_NOT_SET);
  EXPECT_EQ(nps.absence(), v1::ABSENCE_NO_DATA);
}

TEST_F(Perception, OnlyWholeAnswersFromNoughtToTenAreTaken) {
  for (const std::string score : {"11", "-1", "7.5"}) {
    const auto fact = Parse<v1::Fact>(
        "account: 'accounts/a' source_id: 'x' event_time { seconds: 1 } survey_answer { "
        "kind: SURVEY_KIND_NPS score: " +
        score + " }");
    EXPECT_EQ(error::ReasonOf(TryFact(fact)), "SCORE_OUT_OF_SCALE") << score;
  }
}

TEST_F(Perception, ALateAnswerRestatesItsMonthOnly) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 10);
  AddNps("2", "a", "2024-04-01T10:00:00Z", 10);
  const std::string months = std::string(kYear) + " grain: PERIOD_GRAIN_MONTH";
  Values(Asking({"nps"}, months));
  const int64_t misses = workspace_->ledger().memos().misses();
  AddNps("3", "a", "2024-03-31T22:30:00Z", 0);
  const std::vector<v1::IndicatorValue> values = Values(Asking({"nps"}, months));
  EXPECT_DOUBLE_EQ(values[2].number(), 0);
  EXPECT_DOUBLE_EQ(values[3].number(), 100);
  EXPECT_EQ(workspace_->ledger().memos().misses() - misses, 3)
      << "the month's figure and its sums, and the scope of the new revision";
}

TEST_F(Perception, AFactThatMovesLeavesNothingBehind) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 10);
  AddNps("1", "b", "2024-07-01T10:00:00Z", 0);
  EXPECT_DOUBLE_EQ(ValueOf("nps").number(), -100);
  EXPECT_EQ(ValueOf("nps", std::string(kYear) + " filter: 'sector = FinTech'").sample_size(), 0);
  DeleteFact("facts/survey_answer~default~1");
  EXPECT_EQ(ValueOf("nps").absence(), v1::ABSENCE_NO_DATA);
}

TEST_F(Perception, AnswersOfNobodyCountWithoutAFilter) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 10);
  auto fact = Parse<v1::Fact>("source_id: 'x' survey_answer { kind: SURVEY_KIND_NPS score: 0 }");
  *fact.mutable_event_time() = ToProtoTime(ParseInstant("2024-03-01T10:00:00Z").value());
  ASSERT_TRUE(TryFact(fact).ok());
  EXPECT_EQ(ValueOf("nps").sample_size(), 2);
  EXPECT_EQ(ValueOf("nps", std::string(kYear) + " filter: 'sector:*'").sample_size(), 1);
  const std::vector<v1::IndicatorValue> groups = Values(Asking({"nps"}, std::string(kYear) + " group_by: 'sector'"));
  ASSERT_EQ(groups.size(), 4);
  EXPECT_EQ(groups[1].groups(0), "");
  EXPECT_DOUBLE_EQ(groups[1].number(), -100);
}

TEST_F(Perception, CsatIsThirtyOfFifty) {
  for (int i = 0; i < 50; ++i) AddCsat(std::to_string(i), i < 30 ? 4 + i % 2 : 1 + i % 3, 1, 5);
  const v1::IndicatorValue csat = ValueOf("csat");
  EXPECT_DOUBLE_EQ(csat.number(), 0.6);
  EXPECT_EQ(csat.numerator(), 30);
  EXPECT_EQ(csat.denominator(), 50);
  EXPECT_EQ(csat.interval().method(), v1::INTERVAL_METHOD_WILSON);
}

TEST_F(Perception, CsatTakesEachAnswerOnItsOwnScale) {
  AddCsat("1", 3, 1, 5);   // not
  AddCsat("2", 4, 1, 5);   // satisfied
  AddCsat("3", 7, 1, 10);  // not
  AddCsat("4", 8, 1, 10);  // satisfied
  AddFact("5", "a", "2024-05-01T10:00:00Z", "ticket { satisfaction: 5 }");
  EXPECT_DOUBLE_EQ(ValueOf("csat").number(), 3.0 / 5);
  EXPECT_NEAR(ValueOf("csat_mean").number(), (50 + 75 + 100 * 6.0 / 9 + 100 * 7.0 / 9 + 100) / 5, 1e-4);
}

TEST_F(Perception, CesIsLowWhereItIsEasy) {
  AddCes("1", 2, 7, true);
  AddCes("2", 6, 7, false);  // the same effort told the other way round: 2
  AddCes("3", 5, 7, true);
  const v1::IndicatorValue ces = ValueOf("ces");
  EXPECT_DOUBLE_EQ(ces.number(), 3);
  EXPECT_FALSE(ces.higher_is_better());
  EXPECT_NEAR(ValueOf("ces_ease").number(), 100 * (5.0 / 6 + 5.0 / 6 + 2.0 / 6) / 3, 1e-4);
}

TEST_F(Perception, CesRefusesOtherScalesAndSaysWhich) {
  AddCes("1", 2, 7, true);
  AddCes("2", 4, 5, true);
  const v1::IndicatorValue ces = ValueOf("ces");
  EXPECT_EQ(ces.value_case(), v1::IndicatorValue::VALUE_NOT_SET);
  EXPECT_EQ(ces.fault().reason(), "SCALES_MIXED");
  EXPECT_NE(ces.fault().message().find("1 to 5"), std::string::npos) << ces.fault().message();
  EXPECT_NEAR(ValueOf("ces_ease").number(), 100 * (5.0 / 6 + 1.0 / 4) / 2, 1e-4);
}

TEST_F(Perception, FirstResponseTimeLeavesOutWhatWaitsAndTellsIt) {
  AddTicket("1", "a", "2024-05-01T10:00:00Z", 600);
  AddTicket("2", "a", "2024-05-02T10:00:00Z", 1'200);
  AddTicket("3", "b", "2024-05-03T10:00:00Z", 6'000);
  AddTicket("4", "b", "2024-12-31T00:00:00Z", -1);
  AddTicket("5", "b", "2024-05-04T10:00:00Z", -1, " close_time { seconds: 1715000000 }");  // closed without an answer
  const v1::IndicatorValue mean = ValueOf("first_response_time");
  EXPECT_DOUBLE_EQ(mean.number(), 2'600);
  EXPECT_EQ(mean.sample_size(), 3);
  EXPECT_EQ(NumberOf(mean, "unanswered"), 1);
  EXPECT_EQ(NumberOf(mean, "oldest_unanswered"), 24 * 3'600) << "by the end of the day";
  EXPECT_DOUBLE_EQ(ValueOf("first_response_time_median").number(), 1'200);
  EXPECT_DOUBLE_EQ(ValueOf("first_response_time_p90").number(), 1'200 + 0.8 * 4'800);
  EXPECT_EQ(ValueOf("first_response_time_p90", "filter: 'country = FR'").absence(), v1::ABSENCE_NO_DATA);
}

TEST_F(Perception, ComparisonsTellWhetherAChangeIsMoreThanChance) {
  for (int i = 0; i < 60; ++i) {
    AddNps("old" + std::to_string(i), "a", "2023-05-01T10:00:00Z", i % 2 == 0 ? 0 : 9);
    AddNps("new" + std::to_string(i), "a", "2024-05-01T10:00:00Z", i % 6 == 0 ? 0 : 9);
  }
  const v1::IndicatorValue nps = ValueOf("nps", std::string(kYear) + " comparison: COMPARISON_BASE_YEAR_BEFORE");
  EXPECT_DOUBLE_EQ(nps.comparison().number(), 0);
  EXPECT_NEAR(nps.comparison().change(), 100.0 * (50 - 10) / 60, 1e-9);
  EXPECT_EQ(nps.comparison().relative_change().absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_TRUE(nps.comparison().significant());
  const v1::IndicatorValue none = ValueOf("nps", std::string(kYear) +
                                                     " comparison: COMPARISON_BASE_PREVIOUS_PERIOD "
                                                     "filter: 'sector = EdTech'");
  EXPECT_EQ(none.comparison().absence(), v1::ABSENCE_NO_DATA);
  EXPECT_FALSE(none.comparison().has_significant());
}

}  // namespace
}  // namespace folio::indicators
