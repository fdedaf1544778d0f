#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <limits>

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/custom_field.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/health_model.pb.h"
#include "folio/v1/import.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/workspace.pb.h"
#include "server/base/limits.h"
#include "server/base/text.h"
#include "server/model/schema.h"
#include "tests/model/faults.h"

namespace folio::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

v1::Account Account(const std::string& text) { return FromText<v1::Account>("display_name: 'Acme' " + text); }

TEST(ValidateTest, AcceptsAWholeAccount) {
  const v1::Account account = Account(R"(
    name: "accounts/acme" etag: "x" external_ids { system: "salesforce" id: "1" } domain: "acme.com" sector: "FinTech"
    size: ACCOUNT_SIZE_SMALL employee_count: 0 country_code: "FR" parent: "accounts/mother" tags: "a" tags: "b"
    annual_recurring_revenue { currency_code: "EUR" units: 12 nanos: 500000000 }
    renewal_date { year: 2024 month: 2 day: 29 } auto_renew: false seat_count: 3
    custom_fields { key: "region" value { text: "Ouest" } }
    custom_fields { key: "score" value { number: 1.5 } }
    custom_fields { key: "since" value { date { year: 2024 month: 1 day: 1 } } }
    custom_fields { key: "kinds" value { choices { values: "a" values: "b" } } }
    notes: "first\nsecond")");
  EXPECT_TRUE(Validate(account, "account").ok()) << Validate(account, "account");
}

TEST(ValidateTest, NamesEveryFaultOfAnAccount) {
  struct Case {
    std::string text, fault;
  };
  for (const Case& c : std::vector<Case>{
           {"domain: '" + std::string(255, 'x') + "'", ""},
           {"domain: '" + std::string(256, 'x') + "'", "account.domain FIELD_TOO_LONG"},
           {"notes: '" + std::string(65'536, 'x') + "'", ""},
           {"notes: '" + std::string(65'537, 'x') + "'", "account.notes FIELD_TOO_LONG"},
           {"sector: 'a\\tb\\nc'", ""},
           {"sector: 'a\\rb'", "account.sector FIELD_NOT_TEXT"},
           {"country_code: 'fr'", "account.country_code FIELD_PATTERN"},
           {"country_code: 'FRA'", "account.country_code FIELD_PATTERN"},
           {"country_code: ''", ""},
           {"employee_count: -1", "account.employee_count FIELD_OUT_OF_RANGE"},
           {"employee_count: 2147483647", ""},
           {"parent: 'acme'", "account.parent NAME_MALFORMED"},
           {"parent: 'contacts/a'", "account.parent NAME_MALFORMED"},
           {"parent: 'accounts/'", "account.parent NAME_MALFORMED"},
           {"parent: 'accounts/a/b'", "account.parent NAME_MALFORMED"},
           {"parent: 'accountsxa'", "account.parent NAME_MALFORMED"},
           {"tags: '" + std::string(64, 'x') + "'", ""},
           {"tags: 'ok' tags: '" + std::string(65, 'x') + "'", "account.tags[1] FIELD_TOO_LONG"},
           {"tags: 'a\\001'", "account.tags[0] FIELD_NOT_TEXT"},
           {"renewal_date { year: 2023 month: 2 day: 29 }", "account.renewal_date DATE_INVALID"},
           {"renewal_date { year: 2024 month: 2 }", "account.renewal_date DATE_INVALID"},
           {"renewal_date { }", ""},
           {"annual_recurring_revenue { units: 1 nanos: -1 }", "account.annual_recurring_revenue MONEY_INVALID"},
           {"annual_recurring_revenue { units: 9000000001 }", "account.annual_recurring_revenue MONEY_INVALID"},
           {"external_ids { system: 'CRM' id: '1' }", "account.external_ids[0].system FIELD_PATTERN"},
           {"external_ids { } external_ids { id: '" + std::string(257, 'x') + "' }",
            "account.external_ids[1].id FIELD_TOO_LONG"},
           {"custom_fields { key: 'a b' value { flag: true } }", "account.custom_fields ID_MALFORMED"},
           {"custom_fields { key: '' value { flag: true } }", "account.custom_fields ID_MALFORMED"},
           {"custom_fields { key: 'x' value { number: nan } }", "account.custom_fields.x.number FIELD_NOT_FINITE"},
           {"custom_fields { key: 'x' value { number: -inf } }", "account.custom_fields.x.number FIELD_NOT_FINITE"},
           {"custom_fields { key: 'x' value { date { year: 1 } } }", "account.custom_fields.x.date DATE_INVALID"},
           {"custom_fields { key: 'x' value { money { nanos: 1 } } }", "account.custom_fields.x.money MONEY_INVALID"},
           {"custom_fields { key: 'x' value { text: '" + std::string(4'097, 'x') + "' } }",
            "account.custom_fields.x.text FIELD_TOO_LONG"},
           {"custom_fields { key: 'x' value { choices { values: 'a\\003' } } }",
            "account.custom_fields.x.choices.values[0] FIELD_NOT_TEXT"},
       }) {
    const absl::Status status = Validate(Account(c.text), "account");
    if (c.fault.empty()) {
      EXPECT_TRUE(status.ok()) << c.text.substr(0, 80) << status;
    } else {
      EXPECT_THAT(FaultsIn(status), ElementsAre(c.fault)) << c.text.substr(0, 80);
    }
  }
}

TEST(ValidateTest, UnknownEnumNumbers) {
  v1::Account account = Account("");
  account.set_size(static_cast<v1::AccountSize>(99));
  account.set_lifecycle(static_cast<v1::Lifecycle>(-1));
  EXPECT_THAT(FaultsIn(Validate(account, "account")),
              ElementsAre("account.size ENUM_UNKNOWN", "account.lifecycle ENUM_UNKNOWN"));
  EXPECT_EQ(DetailIn(Validate(account, "account"), "value"), "99");
}

TEST(ValidateTest, TextThatIsNotUtf8) {
  v1::Account account = Account("");
  account.set_city("caf\xE9");
  EXPECT_THAT(FaultsIn(Validate(account, "")), ElementsAre("city FIELD_NOT_TEXT"));
  (*account.mutable_custom_fields())["\xE9"].set_flag(true);
  EXPECT_THAT(FaultsIn(Validate(account, "")), ElementsAre("city FIELD_NOT_TEXT", "custom_fields ID_MALFORMED"));
  EXPECT_TRUE(IsCleanText(MessageOf(Validate(account, ""))));
}

TEST(ValidateTest, CountsItems) {
  v1::Account account = Account("");
  for (int i = 0; i < 50; ++i) account.add_tags("t");
  EXPECT_TRUE(Validate(account, "account").ok());
  account.add_tags("t");
  EXPECT_THAT(FaultsIn(Validate(account, "account")), ElementsAre("account.tags FIELD_TOO_MANY_ITEMS"));
  EXPECT_EQ(DetailIn(Validate(account, "account"), "maximum"), "50");
  account.clear_tags();
  for (int i = 0; i <= limits::kItemsMax; ++i) (*account.mutable_custom_fields())[std::to_string(i)].set_flag(true);
  EXPECT_THAT(FaultsIn(Validate(account, "account")), ElementsAre("account.custom_fields FIELD_TOO_MANY_ITEMS"));
}

TEST(ValidateTest, AllFaultsAtOnceInTheOrderOfTheContract) {
  v1::Account account;
  account.set_country_code("x");
  account.set_seat_count(-1);
  EXPECT_THAT(FaultsIn(Validate(account, "account")),
              ElementsAre("account.display_name FIELD_REQUIRED", "account.country_code FIELD_PATTERN",
                          "account.seat_count FIELD_OUT_OF_RANGE"));
}

TEST(ValidateTest, FieldsOfTheServerAreNotLookedAt) {
  v1::Account account = Account("etag: '\\001' name: 'nonsense' delete_time { nanos: -1 }");
  EXPECT_TRUE(Validate(account, "account").ok());
}

TEST(ValidateTest, RequiredOfEachType) {
  EXPECT_THAT(FaultsIn(Validate(v1::Subscription(), "s")),
              ElementsAre("s.account FIELD_REQUIRED", "s.start_date FIELD_REQUIRED", "s.annual_amount FIELD_REQUIRED"));
  const auto with_empty = FromText<v1::Subscription>("account: 'accounts/a' start_date { } annual_amount { }");
  EXPECT_THAT(FaultsIn(Validate(with_empty, "s")), ElementsAre("s.start_date FIELD_REQUIRED"));
  EXPECT_THAT(FaultsIn(Validate(v1::CustomField(), "f")),
              ElementsAre("f.collection FIELD_REQUIRED", "f.display_name FIELD_REQUIRED", "f.type FIELD_REQUIRED"));
  EXPECT_THAT(FaultsIn(Validate(v1::BatchUpsertFactsRequest(), "")), ElementsAre("facts FIELD_REQUIRED"));
  EXPECT_THAT(FaultsIn(Validate(v1::GetAccountRequest(), "")), ElementsAre("name FIELD_REQUIRED"));
}

TEST(ValidateTest, NestedMessagesAreEntered) {
  const auto model = FromText<v1::HealthModel>(
      "display_name: 'm' dimensions { id: 'd' weight: 1 measures { measure: 'm' weight: 1 window_days: 4000 } }"
      "dimensions { id: 'e' weight: nan measures { } }");
  EXPECT_THAT(FaultsIn(Validate(model, "health_model")),
              ElementsAre("health_model.dimensions[0].measures[0].window_days FIELD_OUT_OF_RANGE",
                          "health_model.dimensions[1].weight FIELD_NOT_FINITE",
                          "health_model.dimensions[1].measures[0].measure FIELD_REQUIRED",
                          "health_model.dimensions[1].measures[0].weight FIELD_REQUIRED"));
}

TEST(ValidateTest, Facts) {
  const std::string begin = "account: 'accounts/a' source_id: '1' event_time { seconds: 5 } ";
  struct Case {
    std::string text, fault;
  };
  for (const Case& c : std::vector<Case>{
           {"ticket { satisfaction: 5 }", ""},
           {"ticket { satisfaction: 6 }", "facts[3].ticket.satisfaction FIELD_OUT_OF_RANGE"},
           {"ticket { satisfaction: 0 }", "facts[3].ticket.satisfaction FIELD_OUT_OF_RANGE"},
           {"ticket { close_time { seconds: 300000000000 } }", "facts[3].ticket.close_time TIME_INVALID"},
           {"ticket { close_time { nanos: 1000000000 } }", "facts[3].ticket.close_time TIME_INVALID"},
           {"ticket { close_time { seconds: -62135596801 } }", "facts[3].ticket.close_time TIME_INVALID"},
           {"ticket { close_time { seconds: -62135596800 nanos: 999999999 } }", ""},
           {"usage { count: -1 }", "facts[3].usage.count FIELD_OUT_OF_RANGE"},
           {"usage { count: 9223372036854775807 }", ""},
           {"payment { amount { units: 1 } }", "facts[3].payment.due_date FIELD_REQUIRED"},
           {"survey_answer { kind: SURVEY_KIND_NPS score: 9 }", ""},
           {"survey_answer { score: 9 }", "facts[3].survey_answer.kind FIELD_REQUIRED"},
           {"source: 'Bad Source'", "facts[3].source FIELD_PATTERN"},
       }) {
    const absl::Status status = Validate(FromText<v1::Fact>(begin + c.text), "facts[3]");
    if (c.fault.empty()) {
      EXPECT_TRUE(status.ok()) << c.text << status;
    } else {
      EXPECT_THAT(FaultsIn(status), ElementsAre(c.fault)) << c.text;
    }
  }
}

TEST(ValidateTest, ResourcesWithinRequestsAreCheckedOnTheirOwn) {
  const auto update = FromText<v1::UpdateAccountRequest>("account { name: 'accounts/a' country_code: 'x' }");
  EXPECT_TRUE(Validate(update, "").ok());
  EXPECT_THAT(FaultsIn(Validate(v1::UpdateAccountRequest(), "")), ElementsAre("account FIELD_REQUIRED"));
  const auto import = FromText<v1::ImportRequest>("chunk { first_row: 1 row_count: 1 accounts { } }");
  EXPECT_TRUE(Validate(import, "").ok());
  EXPECT_THAT(FaultsIn(Validate(FromText<v1::ImportRequest>("header { }"), "")),
              ElementsAre("header.collection FIELD_REQUIRED"));
}

TEST(ValidateTest, MessagesTellTheWayOut) {
  v1::Account account = Account("seat_count: -1");
  EXPECT_EQ(MessageOf(Validate(account, "account")), "account.seat_count is out of range (-1); at least 0 is needed");
  const auto contact = FromText<v1::Contact>("account: 'accounts/a' display_name: 'x' email: 'lea@'");
  EXPECT_EQ(MessageOf(Validate(contact, "contact")),
            "contact.email does not have the form that is accepted; it must match [^@\\s]+@[^@\\s]+");
  const auto workspace = FromText<v1::Workspace>("display_name: 'w' currency_code: 'EUR' fiscal_year_start_month: 13");
  EXPECT_EQ(MessageOf(Validate(workspace, "workspace")),
            "workspace.fiscal_year_start_month is out of range (13); at least 0 is needed; at most 12 is accepted");
}

}  // namespace
}  // namespace folio::model
