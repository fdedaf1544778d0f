// The bands of health that accounts showed, by month: shares, ARR, and who moved.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

constexpr Micros kUnit = kMicrosPerUnit;
constexpr char kJanuary[] = "start_date { year: 2025 month: 1 day: 1 } end_date { year: 2025 month: 2 day: 1 } ";
constexpr char kFebruary[] = "start_date { year: 2025 month: 2 day: 1 } end_date { year: 2025 month: 3 day: 1 } ";
const std::vector<std::string> kBandNames = {"green", "yellow", "red"};

class HealthBands : public IndicatorTest {
 protected:
  // The day moves on as the server runs, and what changed is written down.
  void GoTo(const std::string& day) {
    workspace_->Tick();
    clock_.Set(ParseInstant(day + "T10:00:00Z").value());
    workspace_->Tick();
    Settle();
  }

  // An account that shows a score from today on, since somebody has set it.
  void Show(const std::string& account, int score) {
    v1::HealthOverride override;
    const auto request = Parse<v1::UpdateHealthOverrideRequest>(
        "allow_missing: true health_override { name: 'healthOverrides/" + account + "' reason: 'told so' score: " +
        std::to_string(score) + " expire_date " + DateText(FormatDay(workspace_->portfolio().today() + 300)) +
        " } update_mask { paths: 'score' paths: 'reason' paths: 'expire_date' }");
    const auto outcome = Run(engine::kHealthOverride, &engine::Collection::Update, request, &override);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }
  void Hide(const std::string& account) {
    google::protobuf::Empty nothing;
    const auto request = Parse<v1::DeleteHealthOverrideRequest>("name: 'healthOverrides/" + account + "'");
    ASSERT_TRUE(Run(engine::kHealthOverride, &engine::Collection::Delete, request, &nothing).status.ok());
  }

  // An account of which nothing is known but what it pays: no model can score it.
  void AddPayer(const std::string& id, const std::string& sector, int64_t units) {
    AddAccount(id, sector, "annual_recurring_revenue { currency_code: 'EUR' units: " + std::to_string(units) + " }");
  }

  // Six accounts in two sectors, worth 1, 2, 4 ... a year: the amount tells who is in it.
  void AddSix() {
    int64_t worth = 1;
    for (const std::string id : {"a", "b", "c", "d", "e", "f"}) {
      AddPayer(id, worth < 8 ? "FinTech" : "EdTech", worth);
      worth *= 2;
    }
  }
  // December: a, b green, c yellow, d red, e and f nothing. January: a stays, b falls to red, c rises, d rises by one,
  // e begins. February: a is hidden.
  void LiveThreeMonths() {
    AddSix();
    for (const auto& [id, score] : {std::pair("a", 90), std::pair("b", 80), std::pair("c", 79), std::pair("d", 49)}) {
      Show(id, score);
    }
    GoTo("2025-01-10");
    for (const auto& [id, score] : {std::pair("b", 20), std::pair("c", 95), std::pair("d", 50), std::pair("e", 50)}) {
      Show(id, score);
    }
    GoTo("2025-02-10");
    Hide("a");
    GoTo("2025-02-28");
  }

  // The accounts that add to it, with what each adds.
  std::map<std::string, double> Behind(const std::string& id, const std::string& query) {
    std::map<std::string, double> accounts;
    const v1::ListContributionsResponse response = Contributions(id, query);
    for (const v1::IndicatorContribution& contribution : response.contributions()) {
      if (contribution.numerator() != 0) accounts[contribution.account()] = contribution.numerator();
    }
    return accounts;
  }
};

TEST_F(HealthBands, TellTheShareOfTheAccountsThatShowedAScore) {
  LiveThreeMonths();
  const v1::IndicatorValue green = Reconciled("health_green_share", kJanuary);
  EXPECT_EQ(green.number(), 2.0 / 5);
  EXPECT_EQ(green.sample_size(), 5);
  EXPECT_EQ(NumberOf(green, "green"), 2);
  EXPECT_EQ(NumberOf(green, "yellow"), 2);
  EXPECT_EQ(NumberOf(green, "red"), 1);
  EXPECT_FALSE(green.has_interval()) << "they are all there are";
  EXPECT_EQ(Reconciled("health_yellow_share", kJanuary).number(), 2.0 / 5);
  EXPECT_EQ(Reconciled("health_red_share", kJanuary).number(), 1.0 / 5);
  const std::string december = Between("2024-12-01", "2025-01-01");
  EXPECT_EQ(ValueOf("health_green_share", december).number(), 2.0 / 4);
  EXPECT_EQ(ValueOf("health_green_share", kFebruary).number(), 1.0 / 4) << "a shows nothing any more";
}

TEST_F(HealthBands, TellTheirArrAndSumToAllOfIt) {
  LiveThreeMonths();
  EXPECT_EQ(MicrosOf(Reconciled("health_green_arr", kJanuary)), (1 + 4) * kUnit);
  EXPECT_EQ(MicrosOf(Reconciled("health_yellow_arr", kJanuary)), (8 + 16) * kUnit);
  const v1::IndicatorValue red = Reconciled("health_red_arr", kJanuary);
  EXPECT_EQ(MicrosOf(red), 2 * kUnit);
  EXPECT_EQ(AmountOf(red, "unscored"), 32 * kUnit);
  EXPECT_EQ(AmountOf(red, "green") + AmountOf(red, "yellow") + AmountOf(red, "red") + AmountOf(red, "unscored"),
            MicrosOf(ValueOf("arr", kJanuary)));
  EXPECT_EQ(MicrosOf(ValueOf("health_red_arr", Between("2024-12-01", "2025-01-01"))), 8 * kUnit);
}

TEST_F(HealthBands, TellWhoMovedBetweenThem) {
  LiveThreeMonths();
  const v1::IndicatorValue worsened = Reconciled("health_worsened", kJanuary);
  EXPECT_EQ(worsened.number(), 1);
  EXPECT_EQ(worsened.sample_size(), 4) << "e showed nothing before";
  EXPECT_EQ(worsened.parts_size(), 3);
  EXPECT_EQ(NumberOf(worsened, "green_to_red"), 1);
  EXPECT_THAT(Behind("health_worsened", kJanuary), testing::ElementsAre(testing::Pair("accounts/b", 1)));
  EXPECT_EQ(Reconciled("health_improved", kJanuary).number(), 2);
  EXPECT_THAT(Behind("health_improved", kJanuary),
              testing::ElementsAre(testing::Pair("accounts/c", 1), testing::Pair("accounts/d", 1)));
  EXPECT_EQ(MicrosOf(Reconciled("health_worsened_arr", kJanuary)), 2 * kUnit);
  EXPECT_EQ(MicrosOf(Reconciled("health_improved_arr", kJanuary)), (4 + 8) * kUnit);

  const v1::IndicatorValue moved = Reconciled("health_movement", kJanuary);
  EXPECT_EQ(moved.number(), 2 - 1);
  EXPECT_EQ(NumberOf(moved, "green_to_green"), 1);
  EXPECT_EQ(NumberOf(moved, "green_to_red"), 1);
  EXPECT_EQ(NumberOf(moved, "yellow_to_green"), 1);
  EXPECT_EQ(NumberOf(moved, "red_to_yellow"), 1);
  EXPECT_EQ(NumberOf(moved, "none_to_yellow"), 1);
  const v1::IndicatorValue worth = Reconciled("health_movement_arr", kJanuary);
  EXPECT_EQ(MicrosOf(worth), (4 + 8 - 2) * kUnit);
  EXPECT_EQ(AmountOf(worth, "none_to_yellow"), 16 * kUnit);
  EXPECT_EQ(NumberOf(ValueOf("health_movement", kFebruary), "green_to_none"), 1);
}

TEST_F(HealthBands, AreAbsentWhereNoScoreWasShown) {
  AddSix();
  GoTo("2025-01-10");
  for (const char* id : {"health_green_share", "health_red_arr", "health_movement", "health_worsened_arr"}) {
    const v1::IndicatorValue value = ValueOf(id, kJanuary);
    EXPECT_EQ(value.absence(), v1::ABSENCE_NO_DATA) << id;
    EXPECT_FALSE(value.has_number() || value.has_money()) << id;
  }
  EXPECT_EQ(AmountOf(ValueOf("health_red_arr", kJanuary), "unscored"), 63 * kUnit) << "what is known is told";
  Show("a", 90);
  EXPECT_EQ(MicrosOf(ValueOf("health_red_arr", kJanuary)), 0) << "one shows a score, and none shows a red one";
  EXPECT_EQ(ValueOf("health_red_share", kJanuary).absence(), v1::ABSENCE_UNSPECIFIED);
  EXPECT_EQ(ValueOf("health_movement", kJanuary).absence(), v1::ABSENCE_NO_DATA) << "it showed nothing before";
  EXPECT_EQ(ValueOf("health_red_arr", std::string(kJanuary) + "filter: 'sector = EdTech'").absence(),
            v1::ABSENCE_NO_DATA);
}

TEST_F(HealthBands, AreGroupedAndComparedLikeAllOthers) {
  LiveThreeMonths();
  const auto values =
      Values(Asking({"health_green_share", "health_improved"},
                    std::string(kJanuary) + "group_by: 'sector' comparison: COMPARISON_BASE_PREVIOUS_PERIOD"));
  ASSERT_EQ(values.size(), 6);
  EXPECT_EQ(values[1].groups(0), "EdTech");
  EXPECT_EQ(values[1].number(), 0);
  EXPECT_EQ(values[2].number(), 2.0 / 3);
  EXPECT_EQ(values[2].comparison().number(), 2.0 / 3);
  EXPECT_EQ(values[0].comparison().number(), 2.0 / 4);
  EXPECT_EQ(values[4].number() + values[5].number(), values[3].number());
}

TEST_F(HealthBands, AreToldInTheReadersLanguage) {
  LiveThreeMonths();
  v1::ExplainIndicatorRequest request;
  request.set_indicator("health_movement");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(kJanuary);
  v1::ExplainIndicatorResponse response;
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kFrench, &response).ok());
  EXPECT_EQ(response.definition().display_name(), "Mouvement entre couleurs");
  EXPECT_THAT(response.notes(), testing::Contains("Du vert au rouge : 1."));
  request.set_indicator("health_red_share");
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kEnglish, &response).ok());
  EXPECT_EQ(response.formula(), "1 ÷ 5 = 20 %");
}

// What was shown stays what was shown: what comes later, and a restart, change nothing of a month that is over.
TEST_F(HealthBands, OfPastMonthsStayAsTheyWereShown) {
  LiveThreeMonths();
  const std::string query = Between("2024-12-01", "2025-03-01") + "grain: PERIOD_GRAIN_MONTH";
  const std::vector<std::string> ids = {"health_green_share", "health_red_arr", "health_movement"};
  const auto texts = [&](const std::string& more) {
    std::vector<std::string> told;
    for (v1::IndicatorValue value : Values(Asking(ids, query + more))) {
      value.clear_as_of_revision();
      told.push_back(value.ShortDebugString());
    }
    return told;
  };
  const std::vector<std::string> before = texts("");
  const int64_t then = workspace_->ledger().state()->revision;
  EXPECT_EQ(texts(""), before) << "from memos";
  GoTo("2025-03-05");
  for (const char* id : {"a", "b", "c"}) Show(id, 10);
  workspace_->Tick();
  EXPECT_EQ(texts(""), before);
  Open();
  EXPECT_EQ(texts(""), before);
  EXPECT_EQ(texts(" as_of_revision: " + std::to_string(then)), before) << "of a revision that is past too";
  EXPECT_EQ(ValueOf("health_red_share", Between("2025-03-01", "2025-04-01")).number(), 3.0 / 5 + 0);
}

// Today is told before it is written down.
TEST_F(HealthBands, OfTodayAreThoseThatAreShownNow) {
  AddSix();
  Show("a", 90);
  const std::string december = Between("2024-12-01", "2025-01-01");
  EXPECT_EQ(ValueOf("health_green_share", december).number(), 1);
  Show("a", 60);
  EXPECT_EQ(ValueOf("health_green_share", december).number(), 0);
  EXPECT_EQ(ValueOf("health_yellow_share", december).number(), 1);
}

// Whatever happens: each band at the end is what it was at the start and what moved, by accounts; ARR in the bands and
// outside of them is all of it; what moved for the better and the worse is the movement; groups sum to the whole.
TEST_F(HealthBands, ReconcileWhateverHappens) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  const auto some = [&] { return "a" + std::to_string(below(9)); };
  for (int i = 0; i < 9; ++i) {
    AddAccount("a" + std::to_string(i), i % 2 == 0 ? "FinTech" : "EdTech");
    AddSubscription("s" + std::to_string(i), "a" + std::to_string(i), "2024-06-01",
                    i % 3 == 0 ? FormatDay(ParseDay("2025-01-01").value() + below(150)) : "", 1 + below(1'000));
  }
  std::map<std::string, bool> shown;
  for (Day day = ParseDay("2025-01-05").value(); day < ParseDay("2025-06-20").value(); day += 3 + below(14)) {
    GoTo(FormatDay(day));
    const std::string account = some();
    if (below(4) > 0) {
      Show(account, below(101));
      shown[account] = true;
    } else if (shown[account]) {
      Hide(account);
      shown[account] = false;
    }
  }
  workspace_->Tick();
  const std::string query = Between("2025-01-01", "2025-07-01") + "grain: PERIOD_GRAIN_MONTH group_by: 'sector'";
  const auto of = [&](const std::string& id) { return Values(Asking({id}, query)); };
  const auto moved = of("health_movement");
  const auto worth = of("health_movement_arr");
  const auto shares = of("health_green_share");
  const auto arr = of("health_green_arr");
  const auto all = of("arr");
  const auto improved = of("health_improved");
  const auto worsened = of("health_worsened");
  constexpr size_t kGroups = 3;
  ASSERT_EQ(moved.size(), 6 * kGroups);
  for (size_t i = 0; i < moved.size(); ++i) {
    SCOPED_TRACE(moved[i].ShortDebugString());
    ASSERT_EQ(moved[i].number(), improved[i].number() - worsened[i].number());
    Micros in_bands = AmountOf(arr[i], "unscored");
    for (const std::string& band : kBandNames) {
      double to = 0;
      double from = 0;
      Micros worth_of_band = 0;
      for (const std::string other : {"green", "yellow", "red", "none"}) {
        to += NumberOf(moved[i], other + "_to_" + band);
        from += NumberOf(moved[i], band + "_to_" + other);
        worth_of_band += AmountOf(worth[i], other + "_to_" + band);
      }
      ASSERT_EQ(to, NumberOf(shares[i], band));
      if (i >= kGroups) {
        ASSERT_EQ(from, NumberOf(shares[i - kGroups], band)) << "as the month before ended";
      }
      ASSERT_EQ(worth_of_band, AmountOf(arr[i], band));
      in_bands += worth_of_band;
    }
    ASSERT_EQ(in_bands, MicrosOf(all[i]));
    const size_t whole = i - i % kGroups;
    ASSERT_EQ(moved[whole].number(), moved[whole + 1].number() + moved[whole + 2].number());
  }
}

}  // namespace
}  // namespace folio::indicators
