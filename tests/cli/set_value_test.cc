// Fields set from text and from JSON.
#include "client/cli/value/set_value.h"

#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/subscription.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace folio::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ValueStyle Style() {
  ValueStyle style;
  style.currency = "EUR";
  style.custom_types = {{"region", v1::CUSTOM_FIELD_TYPE_CHOICE}, {"score", v1::CUSTOM_FIELD_TYPE_NUMBER},
                        {"since", v1::CUSTOM_FIELD_TYPE_DATE},    {"vip", v1::CUSTOM_FIELD_TYPE_FLAG},
                        {"budget", v1::CUSTOM_FIELD_TYPE_MONEY},  {"uses", v1::CUSTOM_FIELD_TYPE_CHOICES},
                        {"remark", v1::CUSTOM_FIELD_TYPE_TEXT}};
  return style;
}

template <typename Message>
absl::Status Set(const std::string& path, const std::string& text, Message* message, const std::string& detail = "") {
  const absl::StatusOr<FieldPath> found = FindPath(*Message::descriptor(), path, detail);
  if (!found.ok()) return found.status();
  return SetFromText(text, *found, Style(), message);
}

template <typename Message>
std::string ReasonOf(const std::string& path, const std::string& text) {
  Message message;
  return FaultOf(Set(path, text, &message)).reason;
}

TEST(SetValueTest, SetsFieldsOfEveryType) {
  v1::Account account;
  ASSERT_TRUE(Set("id", "acme", &account).ok());
  ASSERT_TRUE(Set("display_name", " Société Générale ", &account).ok());
  ASSERT_TRUE(Set("size", "Enterprise", &account).ok());
  ASSERT_TRUE(Set("lifecycle", "LIFECYCLE_ACTIVE", &account).ok());
  ASSERT_TRUE(Set("employee_count", "1 234", &account).ok());
  ASSERT_TRUE(Set("country", "FR", &account).ok());
  ASSERT_TRUE(Set("parent", "holding", &account).ok());
  ASSERT_TRUE(Set("tags", "a, b ,,c", &account).ok());
  ASSERT_TRUE(Set("annual_recurring_revenue", "1 200,50 €", &account).ok());
  ASSERT_TRUE(Set("renewal_date", "2025-06-30", &account).ok());
  ASSERT_TRUE(Set("auto_renew", "oui", &account).ok());
  ASSERT_TRUE(Set("external_ids.salesforce", "001", &account).ok());
  ASSERT_TRUE(Set("external_ids", "hubspot:2, zendesk:3", &account).ok());
  EXPECT_EQ(account.name(), "accounts/acme");
  EXPECT_EQ(account.display_name(), "Société Générale");
  EXPECT_EQ(account.size(), v1::ACCOUNT_SIZE_ENTERPRISE);
  EXPECT_EQ(account.lifecycle(), v1::LIFECYCLE_ACTIVE);
  EXPECT_EQ(account.employee_count(), 1234);
  EXPECT_EQ(account.country_code(), "FR");
  EXPECT_EQ(account.parent(), "accounts/holding");
  EXPECT_THAT(account.tags(), ElementsAre("a", "b", "c"));
  EXPECT_EQ(account.annual_recurring_revenue().units(), 1200);
  EXPECT_EQ(account.annual_recurring_revenue().nanos(), 500'000'000);
  EXPECT_EQ(account.annual_recurring_revenue().currency_code(), "EUR");
  EXPECT_EQ(account.renewal_date().month(), 6);
  EXPECT_TRUE(account.auto_renew());
  ASSERT_EQ(account.external_ids_size(), 3);
  EXPECT_EQ(account.external_ids(0).system(), "salesforce");
  EXPECT_EQ(account.external_ids(2).id(), "3");
}

TEST(SetValueTest, SetsCustomFieldsByTheirTypes) {
  v1::Account account;
  for (const auto& [path, text] : std::map<std::string, std::string>{{"custom_fields.region", "EMEA"},
                                                                     {"custom_fields.score", "4,5"},
                                                                     {"custom_fields.since", "2024-01-31"},
                                                                     {"custom_fields.vip", "yes"},
                                                                     {"custom_fields.budget", "10"},
                                                                     {"custom_fields.uses", "a,b"},
                                                                     {"custom_fields.remark", "x"}}) {
    ASSERT_TRUE(Set(path, text, &account).ok()) << path;
  }
  const auto& custom = account.custom_fields();
  EXPECT_EQ(custom.at("region").choice(), "EMEA");
  EXPECT_EQ(custom.at("score").number(), 4.5);
  EXPECT_EQ(custom.at("since").date().day(), 31);
  EXPECT_TRUE(custom.at("vip").flag());
  EXPECT_EQ(custom.at("budget").money().currency_code(), "EUR");
  EXPECT_THAT(custom.at("uses").choices().values(), ElementsAre("a", "b"));
  EXPECT_EQ(custom.at("remark").text(), "x");
  EXPECT_EQ(ReasonOf<v1::Account>("custom_fields.nothing", "x"), "CUSTOM_FIELD_UNKNOWN");
}

TEST(SetValueTest, AnEmptyTextSetsNothing) {
  v1::Account account;
  ASSERT_TRUE(Set("employee_count", "  ", &account).ok());
  EXPECT_FALSE(account.has_employee_count());
}

TEST(SetValueTest, FindsFieldsOfAFactsDetail) {
  v1::Fact fact;
  ASSERT_TRUE(Set("subscription", "s1", &fact, "usage").ok());
  ASSERT_TRUE(Set("count", "9", &fact, "usage").ok());
  ASSERT_TRUE(Set("usage.duration_seconds", "60", &fact, "usage").ok());
  ASSERT_TRUE(Set("event_time", "2024-01-01", &fact, "usage").ok());
  EXPECT_EQ(fact.subscription(), "subscriptions/s1");
  EXPECT_EQ(fact.usage().count(), 9);
  EXPECT_EQ(fact.usage().duration_seconds(), 60);
  EXPECT_EQ(fact.event_time().seconds(), 1704067200);
  EXPECT_FALSE(FindPath(*v1::Fact::descriptor(), "count", "ticket").ok());
}

TEST(SetValueTest, TellsWhatIsWrong) {
  EXPECT_EQ(ReasonOf<v1::Account>("sectr", "x"), "FIELD_UNKNOWN");
  EXPECT_EQ(ReasonOf<v1::Account>("size", "gigantic"), "ENUM_UNKNOWN");
  EXPECT_EQ(ReasonOf<v1::Account>("auto_renew", "perhaps"), "FLAG_MALFORMED");
  EXPECT_EQ(ReasonOf<v1::Account>("employee_count", "1.5"), "NUMBER_NOT_WHOLE");
  EXPECT_EQ(ReasonOf<v1::Account>("employee_count", "3000000000"), "NUMBER_TOO_LARGE");
  EXPECT_EQ(ReasonOf<v1::Account>("external_ids", "no colon"), "EXTERNAL_ID_MALFORMED");
  EXPECT_EQ(ReasonOf<v1::Account>("display_name", "\xff"), "TEXT_NOT_UTF8");
  EXPECT_EQ(ReasonOf<v1::Fact>("usage", "x"), "FIELD_NOT_SETTABLE");
  v1::Account account;
  const Fault fault = FaultOf(Set("sectr", "x", &account));
  EXPECT_THAT(fault.text.english, HasSubstr("'sector'"));
  EXPECT_THAT(fault.text.french, HasSubstr("est-ce 'sector'"));
  EXPECT_THAT(FaultOf(Set("size", "gigantic", &account)).text.english, HasSubstr("micro, small, medium"));
}

TEST(SetValueTest, TakesPartsAsJson) {
  v1::Fact fact;
  ASSERT_TRUE(Set("items", R"([{"product": "a", "quantity": 2, "amount": {"amount": "1.50", "currency": "USD"}}])",
                  &fact, "order")
                  .ok());
  EXPECT_EQ(fact.order().items(0).product(), "a");
  EXPECT_EQ(fact.order().items(0).quantity(), 2);
  EXPECT_EQ(fact.order().items(0).amount().nanos(), 500'000'000);
  EXPECT_EQ(FaultOf(Set("items", "[{", &fact, "order")).reason, "JSON_MALFORMED");
  EXPECT_EQ(FaultOf(Set("items", "[7]", &fact, "order")).reason, "FIELD_NOT_SETTABLE");
  EXPECT_EQ(FaultOf(Set("items", "a", &fact, "order")).reason, "FIELD_NOT_SETTABLE");
  // Times in a list are texts.
  ASSERT_TRUE(Set("reopen_times", "2024-01-02T00:00:00Z,2024-01-03T00:00:00Z", &fact, "ticket").ok());
  EXPECT_EQ(fact.ticket().reopen_times_size(), 2);
}

TEST(SetValueTest, AContactByAnyIdentifierStaysThat) {
  v1::Fact fact;
  ASSERT_TRUE(Set("contact", "jane@example.com", &fact, "ticket").ok());
  EXPECT_EQ(fact.ticket().contact(), "jane@example.com");
  ASSERT_TRUE(Set("contact", "c1", &fact, "interaction").ok());
  EXPECT_EQ(fact.interaction().contact(), "contacts/c1");
}

TEST(SetValueTest, MultipliesByAFactor) {
  ValueStyle style = Style();
  style.factor = Decimal::FromUnits(60);
  v1::Fact fact;
  ASSERT_TRUE(
      SetFromText("74", *FindPath(*v1::Fact::descriptor(), "first_response_seconds", "ticket"), style, &fact).ok());
  EXPECT_EQ(fact.ticket().first_response_seconds(), 4440);
}

TEST(JsonTest, IsExactAndReadable) {
  v1::Subscription subscription;
  subscription.set_name("subscriptions/s1");
  ASSERT_TRUE(Set("annual_amount", "121915296.10 USD", &subscription).ok());
  ASSERT_TRUE(Set("start_date", "2024-01-02", &subscription).ok());
  ASSERT_TRUE(Set("billing_period", "annual", &subscription).ok());
  const Json json = ToJson(subscription);
  EXPECT_EQ(json["annual_amount"]["amount"], "121915296.10");
  EXPECT_EQ(json["annual_amount"]["currency"], "USD");
  EXPECT_EQ(json["start_date"], "2024-01-02");
  EXPECT_EQ(json["billing_period"], "annual");
  EXPECT_EQ(json["trial"], false);
  EXPECT_FALSE(json.contains("end_date"));
  EXPECT_FALSE(json.contains("seat_count"));
}

TEST(JsonTest, ReadsBackWhatItWrites) {
  v1::Account account;
  for (const auto& [path, text] : std::map<std::string, std::string>{{"id", "acme"},
                                                                     {"display_name", "Acme"},
                                                                     {"tags", "a,b"},
                                                                     {"size", "small"},
                                                                     {"external_ids.crm", "7"},
                                                                     {"annual_recurring_revenue", "0.10"},
                                                                     {"renewal_date", "2025-06-30"},
                                                                     {"auto_renew", "no"},
                                                                     {"custom_fields.region", "EMEA"},
                                                                     {"custom_fields.uses", "a,b"},
                                                                     {"custom_fields.budget", "1.5"}}) {
    ASSERT_TRUE(Set(path, text, &account).ok()) << path;
  }
  v1::Account copy;
  ValueStyle nothing_known;
  const absl::Status status = FromJson(Json::parse(ToJson(account).dump()), nothing_known, &copy);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(copy.ShortDebugString(), account.ShortDebugString());
}

TEST(JsonTest, TakesWhatPeopleAndProgramsWrite) {
  v1::Account account;
  std::vector<std::string> paths;
  const Json json = Json::parse(R"({"displayName": "Acme", "annual_recurring_revenue": "1200 EUR", "size": "LARGE",
      "renewal_date": {"year": 2025, "month": 6, "day": 30}, "etag": "x", "notes": null,
      "custom_fields": {"score": 4.5, "vip": true, "region": "EMEA", "uses": ["a"], "old": null}})");
  const absl::Status status = FromJson(json, Style(), &account, &paths);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(account.display_name(), "Acme");
  EXPECT_EQ(account.annual_recurring_revenue().units(), 1200);
  EXPECT_EQ(account.renewal_date().day(), 30);
  EXPECT_EQ(account.custom_fields().at("region").choice(), "EMEA");
  EXPECT_EQ(account.custom_fields().at("score").number(), 4.5);
  EXPECT_EQ(account.etag(), "");
  EXPECT_THAT(paths, ElementsAre("display_name", "annual_recurring_revenue", "size", "renewal_date", "notes",
                                 "custom_fields.score", "custom_fields.vip", "custom_fields.region",
                                 "custom_fields.uses", "custom_fields.old"));
}

TEST(JsonTest, TellsWhatIsWrong) {
  const auto reason = [](const char* text) {
    v1::Account account;
    return FaultOf(FromJson(Json::parse(text), Style(), &account)).reason;
  };
  EXPECT_EQ(reason("[]"), "JSON_TYPE");
  EXPECT_EQ(reason(R"({"tags": "a"})"), "JSON_TYPE");
  EXPECT_EQ(reason(R"({"display_name": ["a"]})"), "JSON_TYPE");
  EXPECT_EQ(reason(R"({"nothing": 1})"), "FIELD_UNKNOWN");
  EXPECT_EQ(reason(R"({"renewal_date": "30 février 2024"})"), "DATE_MALFORMED");
}

TEST(NearestTest, ForgivesLittle) {
  EXPECT_EQ(Nearest("sectr", {"sector", "size"}), "sector");
  EXPECT_EQ(Nearest("x", {"sector", "display_name"}), "");
}

}  // namespace
}  // namespace folio::cli
