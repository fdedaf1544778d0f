// Who uses the product: active_users, active_accounts, adoption_rate, and how much: stickiness, feature_adoption_rate.
#include <gtest/gtest.h>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

constexpr char kJune[] = "start_date { year: 2024 month: 6 day: 1 } end_date { year: 2024 month: 7 day: 1 }";

class Adoption : public IndicatorTest {
 protected:
  Adoption() {
    AddAccount("a", "FinTech");
    AddAccount("b", "EdTech", "seat_count: 10");
    AddAccount("c", "EdTech");
  }
  void Use(const std::string& id, const std::string& account, const std::string& day, const std::string& who,
           int count = 1, const std::string& feature = "reports") {
    AddFact(id, account, day + "T10:00:00Z",
            "usage { count: " + std::to_string(count) + " user: '" + who + "' feature: '" + feature + "' }");
  }
};

TEST_F(Adoption, CountsEachUserOnce) {
  Use("1", "a", "2024-06-01", "ann");
  Use("2", "a", "2024-06-20", "ann");
  Use("3", "a", "2024-06-20", "bob");
  Use("4", "b", "2024-06-20", "ann");     // another account's
  Use("5", "c", "2024-06-21", "");        // somebody
  Use("6", "c", "2024-06-22", "");        // perhaps the same
  Use("7", "c", "2024-06-23", "eve", 0);  // a record that there was no use
  Use("8", "c", "2024-07-01", "zoe");
  const v1::IndicatorValue users = ValueOf("active_users", kJune);
  EXPECT_EQ(users.number(), 4);
  EXPECT_EQ(users.absence(), v1::ABSENCE_UNSPECIFIED);
  EXPECT_EQ(ValueOf("active_accounts", kJune).number(), 3);
  EXPECT_EQ(ValueOf("active_users", std::string(kYear) + " filter: 'sector = FinTech'").number(), 2);
  const std::vector<v1::IndicatorValue> months =
      Values(Asking({"active_users"},
                    "start_date { year: 2024 month: 6 day: 1 } end_date { year: 2024 month: 8 day: 1 } "
                    "grain: PERIOD_GRAIN_MONTH"));
  ASSERT_EQ(months.size(), 2);
  EXPECT_EQ(months[1].number(), 1);
}

TEST_F(Adoption, IsOfTheSeatsByTheirDays) {
  // 20 seats for a third of June, then 5.
  AddSubscription("1", "a", "2024-01-01", "2024-06-11", 100, "seat_count: 20");
  AddSubscription("2", "a", "2024-06-11", "", 100, "seat_count: 5");
  Use("1", "a", "2024-06-01", "ann");
  Use("2", "a", "2024-06-02", "bob");
  Use("3", "b", "2024-06-03", "cid");
  Use("4", "c", "2024-06-03", "dan");  // seats not known: left out, and told
  const v1::IndicatorValue adoption = ValueOf("adoption_rate", kJune);
  EXPECT_EQ(adoption.numerator(), 3);
  EXPECT_DOUBLE_EQ(adoption.denominator(), (20.0 * 10 + 5 * 20) / 30 + 10);
  EXPECT_DOUBLE_EQ(adoption.number(), 3.0 / 20);
  EXPECT_EQ(NumberOf(adoption, "accounts_without_seats"), 1);
  EXPECT_EQ(ValueOf("adoption_rate", std::string(kJune) + " filter: 'sector = Other'").absence(),
            v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(Adoption, SticksAsOftenAsUsersComeBack) {
  for (int day = 1; day <= 9; ++day) Use("a" + std::to_string(day), "a", "2024-06-0" + std::to_string(day), "ann");
  Use("again", "a", "2024-06-01", "ann");
  Use("1", "a", "2024-06-20", "bob");
  Use("2", "b", "2024-06-20", "bob", 0);
  Use("3", "b", "2024-07-20", "bob");
  EXPECT_DOUBLE_EQ(Reconciled("stickiness", kJune).number(), (9.0 + 1) / (2 * 30));
  EXPECT_EQ(ValueOf("stickiness", kJune).sample_size(), 2);
  EXPECT_EQ(ValueOf("stickiness", std::string(kJune) + "filter: 'sector = EdTech'").absence(),
            v1::ABSENCE_NO_DENOMINATOR);
  MoveTo("2025-01-10T12:00:00Z");
  Use("4", "b", "2025-01-05", "bob");
  EXPECT_DOUBLE_EQ(Reconciled("stickiness", Between("2025-01-01", "2025-02-01")).number(), 1.0 / 10)
      << "of the days that have come";
}

TEST_F(Adoption, OfFeaturesIsOfThoseThatAnybodyUses) {
  Use("1", "a", "2024-06-01", "ann");
  Use("2", "a", "2024-06-02", "bob");
  Use("3", "a", "2024-06-02", "bob", 1, "exports");
  Use("4", "b", "2024-06-02", "eve", 1, "search");
  Use("5", "c", "2024-06-02", "zoe", 1, "");  // a login
  Use("6", "b", "2024-07-02", "eve", 1, "other");
  const v1::IndicatorValue adoption = Reconciled("feature_adoption_rate", kJune);
  EXPECT_DOUBLE_EQ(adoption.number(), (2.0 + 1 + 0) / (3 * 3));
  EXPECT_EQ(adoption.sample_size(), 3);
  EXPECT_DOUBLE_EQ(Reconciled("feature_adoption_rate", std::string(kJune) + "filter: 'sector = FinTech'").number(),
                   2.0 / 3);
  EXPECT_EQ(ValueOf("feature_adoption_rate", Between("2024-01-01", "2024-02-01")).absence(),
            v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(Adoption, NobodyIsNought) {
  EXPECT_EQ(ValueOf("active_users", kJune).number(), 0);
  EXPECT_EQ(ValueOf("adoption_rate", kJune).number(), 0);
}

}  // namespace
}  // namespace folio::indicators
