// Lifetime values of models: the figures of their papers through the catalogue, and refusals where data are thin.
#include <gtest/gtest.h>

#include <random>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class Lifetime : public IndicatorTest {
 protected:
  // Customers of ten years before 2012 who leave after so many renewals: of 1 000, those left after each year.
  void AddCohort(const std::vector<int>& left) {
    int before = 1'000;
    int number = 0;
    for (size_t year = 0; year <= left.size(); ++year) {
      const int after = year < left.size() ? left[year] : 0;
      const std::string end = year < left.size() ? std::to_string(2001 + year) + "-01-01" : "";
      for (; before > after; --before) {
        const std::string id = "c" + std::to_string(number++);
        AddAccount(id);
        AddSubscription(id, id, "2000-01-01", end, 100);
      }
    }
  }

  static constexpr char kEnd2007[] =
      "start_date { year: 2007 month: 1 day: 1 } end_date { year: 2008 month: 1 day: 1 } settings { gross_margin: 0.5 ";
};

TEST_F(Lifetime, ContractsAreThoseOfThePaper) {
  // The High-End segment of Fader and Hardie, seven renewals.
  AddCohort({869, 743, 653, 593, 551, 517, 491});
  const v1::IndicatorValue value = ValueOf("clv_contractual", std::string(kEnd2007) + "}");
  EXPECT_NEAR(NumberOf(value, "alpha"), 0.668, 5e-4);
  EXPECT_NEAR(NumberOf(value, "beta"), 3.806, 5e-4);
  EXPECT_NEAR(NumberOf(value, "log_likelihood"), -1611.158147, 1e-5);
  EXPECT_GT(NumberOf(value, "alpha_error"), 0);
  EXPECT_EQ(value.sample_size(), 491);
  // S(8) ÷ S(7) of the model.
  EXPECT_NEAR(NumberOf(value, "next_renewal"), 0.941775, 1e-5);
  EXPECT_LT(std::abs(NumberOf(value, "hold_out_error")), 0.05);
  // Without discount and with one year to come: half of 100 a year for who renews.
  const v1::IndicatorValue next =
      ValueOf("clv_contractual", std::string(kEnd2007) + "lifetime_horizon_days: 365 lifetime_discount_rate: 0 }");
  EXPECT_NEAR(static_cast<double>(MicrosOf(next)) / kMicrosPerUnit, 50 * 0.941775, 1e-3);
}

TEST_F(Lifetime, ModelsRefuseWhatIsTooThin) {
  AddAccount("a");
  AddSubscription("a", "a", "2020-01-01", "", 100);
  AddFact("1", "a", "2024-05-01T10:00:00Z", "order { " + AmountText(10) + " }");
  const std::string query = std::string(kYear) + " settings { gross_margin: 0.5 }";
  const v1::IndicatorValue contracts = ValueOf("clv_contractual", query);
  EXPECT_EQ(contracts.fault().reason(), "RENEWALS_TOO_FEW");
  EXPECT_EQ(contracts.value_case(), v1::IndicatorValue::VALUE_NOT_SET);
  EXPECT_EQ(ValueOf("clv_transactional", query).fault().reason(), "PURCHASES_TOO_FEW");
  EXPECT_EQ(MicrosOf(ValueOf("clv_historic", query)), 10 * kMicrosPerUnit);
}

TEST_F(Lifetime, WithoutCustomersThereIsNoData) {
  const std::string query = std::string(kYear) + " settings { gross_margin: 0.5 }";
  for (const std::string id : {"clv_contractual", "clv_transactional", "clv_historic"}) {
    EXPECT_EQ(ValueOf(id, query).absence(), v1::ABSENCE_NO_DATA) << id;
  }
}

TEST_F(Lifetime, PurchasesAreToldPerAccountAndPerSegment) {
  std::mt19937 random(7);
  for (int i = 0; i < 150; ++i) {
    const std::string id = "c" + std::to_string(i);
    AddAccount(id, i % 2 == 0 ? "Retail" : "Energy");
    // Each at a pace of its own, and some for a while only.
    const int pace = 10 + static_cast<int>(random() % 90);
    const int stop = random() % 3 == 0 ? 120 : 360;
    for (int day = static_cast<int>(random() % 60), n = 0; day < stop;
         day += pace / 2 + static_cast<int>(random() % static_cast<unsigned>(pace)), ++n) {
      AddFact(id + "-" + std::to_string(n), id, FormatDay(ParseDay("2024-01-01").value() + day) + "T10:00:00Z",
              "order { " + AmountText(20 + static_cast<int>(random() % 60) + i % 50) + " }");
    }
  }
  const std::string query = std::string(kYear) + " settings { gross_margin: 0.5 lifetime_horizon_days: 182 } ";
  const v1::IndicatorValue whole = Reconciled("clv_transactional", query);
  ASSERT_TRUE(whole.fault().reason().empty()) << whole.fault().message();
  EXPECT_EQ(whole.sample_size(), 150);
  EXPECT_GT(NumberOf(whole, "r"), 0);
  EXPECT_GT(NumberOf(whole, "q_error"), 0);
  const double alive = NumberOf(whole, "probability_alive");
  EXPECT_TRUE(alive > 0 && alive < 1);
  const auto groups = Values(Asking({"clv_transactional"}, query + "group_by: 'sector'"));
  ASSERT_EQ(groups.size(), 3);
  EXPECT_NEAR(groups[1].numerator() + groups[2].numerator(), whole.numerator(), 1e-6);
  const v1::IndicatorValue one = ValueOf("clv_transactional", query + "filter: 'display_name = c3'");
  EXPECT_EQ(one.sample_size(), 1);
  EXPECT_EQ(NumberOf(one, "r"), NumberOf(whole, "r")) << "one model of all accounts";
}

}  // namespace
}  // namespace folio::indicators
