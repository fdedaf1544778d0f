// Indicators asked of a workspace: scope, groups, periods, what is refused, explanations and contributions.
#include "server/indicators/compute.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Computing : public IndicatorTest {
 protected:
  Computing() {
    AddAccount("a", "FinTech", "size: ACCOUNT_SIZE_SMALL");
    AddAccount("b", "FinTech", "size: ACCOUNT_SIZE_LARGE");
    AddAccount("c", "EdTech", "size: ACCOUNT_SIZE_SMALL tags: 'x' tags: 'y'");
    AddAccount("d");
    AddSubscription("1", "a", "2023-01-01", "", 1'000);
    AddSubscription("2", "b", "2024-06-01", "", 200);
    AddSubscription("3", "c", "2024-12-31", "", 50);
  }

  // Values as "indicator start groups value".
  std::vector<std::string> Told(const v1::ComputeIndicatorsRequest& request) {
    std::vector<std::string> told;
    for (const v1::IndicatorValue& value : Values(request)) {
      std::string text = value.indicator() + " " + FormatDay(FromProto(value.period().start_date()).value()) + " [";
      for (const std::string& group : value.groups()) text += group + ";";
      text += "] ";
      text += value.has_money() ? FormatMicros(MicrosOf(value)) : std::to_string(value.number());
      told.push_back(std::move(text));
    }
    return told;
  }
};

TEST_F(Computing, TheWholeOnTheCurrentDay) {
  EXPECT_THAT(Told(Asking({"arr", "account_count"})),
              ElementsAre("arr 2024-12-31 [] 1250.00", "account_count 2024-12-31 [] 4.000000"));
}

TEST_F(Computing, GroupsByValueAfterTheWhole) {
  EXPECT_THAT(Told(Asking({"arr"}, "group_by: 'sector'")),
              ElementsAre("arr 2024-12-31 [] 1250.00", "arr 2024-12-31 [;] 0.00", "arr 2024-12-31 [EdTech;] 50.00",
                          "arr 2024-12-31 [FinTech;] 1200.00"));
}

TEST_F(Computing, GroupsByTwoFacets) {
  EXPECT_THAT(Told(Asking({"arr"}, "group_by: 'sector' group_by: 'size' filter: 'sector:*'")),
              ElementsAre("arr 2024-12-31 [] 1250.00", "arr 2024-12-31 [EdTech;small;] 50.00",
                          "arr 2024-12-31 [FinTech;large;] 200.00", "arr 2024-12-31 [FinTech;small;] 1000.00"));
}

TEST_F(Computing, AnAccountCountsForEachOfItsTags) {
  EXPECT_THAT(Told(Asking({"arr"}, "group_by: 'tag'")),
              ElementsAre("arr 2024-12-31 [] 1250.00", "arr 2024-12-31 [;] 1200.00", "arr 2024-12-31 [x;] 50.00",
                          "arr 2024-12-31 [y;] 50.00"));
}

TEST_F(Computing, PeriodsInTheirOrder) {
  EXPECT_THAT(Told(Asking({"arr"}, std::string(kYear) + " grain: PERIOD_GRAIN_QUARTER")),
              ElementsAre("arr 2024-01-01 [] 1000.00", "arr 2024-04-01 [] 1200.00", "arr 2024-07-01 [] 1200.00",
                          "arr 2024-10-01 [] 1250.00"));
}

TEST_F(Computing, RefusesWhatCannotBeComputed) {
  EXPECT_EQ(FaultOf(Asking({"arrr"})), "indicators[0] INDICATOR_UNKNOWN");
  EXPECT_EQ(FaultOf(Asking({"arr"}, "group_by: 'sectr'")), "query.group_by GROUP_COLUMN_UNKNOWN");
  EXPECT_THAT(FaultOf(Asking({"arr"}, "filter: 'sector = '")), StartsWith("query.filter FILTER_"));
  EXPECT_EQ(FaultOf(Asking({"arr"}, "start_date { year: 2025 month: 1 day: 1 }")), "query.start_date FUTURE_DATE");
}

TEST_F(Computing, RefusesMoreValuesThanAnAnswerHoldsButStreamsThem) {
  const std::vector<std::string> ids(40, "arr");
  const std::string days = std::string(kYear) + " grain: PERIOD_GRAIN_DAY group_by: 'sector'";
  EXPECT_EQ(FaultOf(Asking(ids, days)), "query.group_by FIELD_TOO_MANY_ITEMS");
  v1::StreamSeriesRequest request;
  for (const std::string& id : ids) request.add_indicators(id);
  *request.mutable_query() = Parse<v1::IndicatorQuery>(days);
  int messages = 0;
  const auto count = [&messages](const v1::StreamSeriesResponse& message) {
    EXPECT_EQ(message.values_size(), 4);
    return ++messages < 1'000;
  };
  EXPECT_TRUE(StreamSeries(*workspace_, request, error::Locale::kEnglish, count).ok());
  EXPECT_EQ(messages, 1'000) << "it stops where the receiver does";
}

TEST_F(Computing, ListsDefinitionsInTheCallersLanguage) {
  v1::ListIndicatorsResponse english;
  List(error::Locale::kEnglish, &english);
  v1::ListIndicatorsResponse french;
  List(error::Locale::kFrench, &french);
  ASSERT_EQ(english.indicators_size(), french.indicators_size());
  for (int i = 0; i < english.indicators_size(); ++i) {
    const v1::IndicatorDefinition& definition = english.indicators(i);
    EXPECT_NE(definition.description(), french.indicators(i).description()) << definition.id();
    EXPECT_NE(definition.display_name(), "");
    EXPECT_NE(definition.formula(), "");
    EXPECT_FALSE(definition.inputs().empty());
    EXPECT_NE(definition.timing(), v1::INDICATOR_TIMING_UNSPECIFIED);
    EXPECT_EQ(FindIndicator(definition.id())->id, definition.id());
  }
  EXPECT_EQ(FindIndicator("ar"), nullptr);
}

TEST_F(Computing, ExplainsAValueWithItsNumbers) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 9);
  AddNps("2", "b", "2024-03-01T10:00:00Z", 3);
  AddNps("3", "c", "2024-03-01T10:00:00Z", 10);
  v1::ExplainIndicatorRequest request;
  request.set_indicator("nps");
  *request.mutable_query() = Parse<v1::IndicatorQuery>("start_date { year: 2024 month: 1 day: 1 } group_by: 'sector'");
  v1::ExplainIndicatorResponse response;
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kEnglish, &response).ok());
  EXPECT_EQ(response.formula(), "100 × (2 − 1) ÷ 3 = 33.333333");
  EXPECT_EQ(response.definition().id(), "nps");
  request.add_groups("FinTech");
  response.Clear();
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kFrench, &response).ok());
  EXPECT_EQ(response.formula(), "100 × (1 − 1) ÷ 2 = 0");
  EXPECT_THAT(response.notes(0), StartsWith("Intervalle à 95 %"));
  request.set_groups(0, "Nowhere");
  EXPECT_EQ(error::ReasonOf(Explain(*workspace_, request, error::Locale::kFrench, &response)), "GROUP_UNKNOWN");

  request.Clear();
  request.set_indicator("net_new_arr");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(kYear);
  response.Clear();
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kEnglish, &response).ok());
  EXPECT_EQ(response.formula(), "250.00 EUR + 0.00 EUR + 0.00 EUR + 0.00 EUR + 0.00 EUR + 0.00 EUR = 250.00 EUR");
}

TEST_F(Computing, FormulasNameOnlyWhatThereIs) {
  for (const Indicator& indicator : AllIndicators()) {
    v1::ExplainIndicatorRequest request;
    request.set_indicator(std::string(indicator.id));
    v1::ExplainIndicatorResponse response;
    ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kEnglish, &response).ok());
    for (const Part& part : indicator.parts) {
      EXPECT_THAT(response.formula(), ::testing::Not(HasSubstr(std::string(part.id) + "_"))) << indicator.id;
    }
    EXPECT_THAT(response.formula(), ::testing::Not(HasSubstr("{"))) << indicator.id;
    // What is told of a model is there where there is one.
    if (response.value().value_case() == v1::IndicatorValue::VALUE_NOT_SET) continue;
    EXPECT_EQ(response.value().parts_size(), std::ssize(indicator.parts)) << indicator.id;
  }
}

TEST_F(Computing, ContributionsAddUpToTheValue) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 9, "ann");
  AddNps("2", "a", "2024-04-01T10:00:00Z", 3, "ann");
  AddNps("3", "b", "2024-03-01T10:00:00Z", 8);
  AddNps("4", "c", "2024-03-02T10:00:00Z", 10);
  AddFact("t1", "a", "2024-05-01T10:00:00Z", "ticket { first_response_seconds: 60 satisfaction: 2 }");
  AddFact("t2", "b", "2024-05-01T10:00:00Z", "ticket { first_response_seconds: 90 satisfaction: 5 }");
  AddFact("c1", "b", "2024-05-01T10:00:00Z",
          "survey_answer { kind: SURVEY_KIND_CES score: 2 scale_min: 1 scale_max: 7 low_is_easy: true }");
  for (const Indicator& indicator : AllIndicators()) {
    for (const std::string group : {"", "FinTech"}) {
      v1::ListContributionsRequest request;
      request.set_indicator(std::string(indicator.id));
      *request.mutable_query() = Parse<v1::IndicatorQuery>(std::string(kYear) + " group_by: 'sector'");
      if (!group.empty()) request.add_groups(group);
      request.set_page_size(1);
      double numerator = 0;
      double denominator = 0;
      Micros money = 0;
      int64_t count = 0;
      v1::ListContributionsResponse page;
      do {
        request.set_page_token(page.next_page_token());
        page.Clear();
        ASSERT_TRUE(ListContributions(*workspace_, request, error::Locale::kEnglish, &page).ok());
        for (const v1::IndicatorContribution& each : page.contributions()) {
          EXPECT_THAT(each.account(), StartsWith("accounts/"));
          EXPECT_EQ(each.fact().empty() && each.record().empty(), !each.has_event_time());
          numerator += each.numerator();
          denominator += each.denominator();
          if (each.has_money()) money += FromProto(each.money()).value();
          ++count;
        }
      } while (!page.next_page_token().empty());
      EXPECT_EQ(count, page.total_size()) << indicator.id;
      EXPECT_NEAR(numerator, page.value().numerator(), 1e-5) << indicator.id << group;
      EXPECT_NEAR(denominator, page.value().denominator(), 1e-5) << indicator.id << group;
      EXPECT_EQ(money, page.value().has_money() ? MicrosOf(page.value()) : 0) << indicator.id << group;
    }
  }
}

TEST_F(Computing, ContributionsOfNpsAreTheLastAnswers) {
  AddNps("1", "a", "2024-03-01T10:00:00Z", 9, "ann");
  AddNps("2", "a", "2024-04-01T10:00:00Z", 3, "ann");
  v1::ListContributionsRequest request;
  request.set_indicator("nps");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(kYear);
  v1::ListContributionsResponse response;
  ASSERT_TRUE(ListContributions(*workspace_, request, error::Locale::kEnglish, &response).ok());
  ASSERT_EQ(response.contributions_size(), 1);
  EXPECT_EQ(response.contributions(0).fact(), "facts/survey_answer~default~2");
  EXPECT_EQ(response.contributions(0).account(), "accounts/a");
  EXPECT_EQ(response.contributions(0).numerator(), -1);
}

}  // namespace
}  // namespace folio::indicators
