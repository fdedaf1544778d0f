// Mapping files, and rows turned into messages by them.
#include "client/cli/import/mapping.h"

#include <fstream>
#include <sstream>

#include "client/cli/import/converter.h"
#include "client/cli/value/fault.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/subscription.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace folio::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

ValueStyle Base() {
  ValueStyle style;
  style.currency = "EUR";
  return style;
}

RowType Type(const std::string& collection, const std::string& detail = "") { return *FindRowType(collection, detail); }

SourceRow Row(std::vector<std::string> cells) {
  SourceRow row;
  row.position = 1;
  row.line = 2;
  row.cells = std::move(cells);
  return row;
}

// Converts one row by a mapping; the faults' reasons are in reasons_, with their fields.
class MappingTest : public ::testing::Test {
 protected:
  template <typename Message>
  Message Convert(const std::string& toml, const std::vector<std::string>& columns, std::vector<std::string> cells,
                  const RowType& type) {
    Message message;
    const absl::StatusOr<Mapping> mapping = ParseMapping(toml, "map.toml");
    EXPECT_TRUE(mapping.ok()) << mapping.status();
    const absl::StatusOr<Converter> converter = Converter::Bind(*mapping, columns, type, Base(), false);
    EXPECT_TRUE(converter.ok()) << converter.status();
    faults_.clear();
    if (!converter.ok()) return message;
    for (const RowFault& fault : converter->Convert(Row(std::move(cells)), &message)) {
      faults_.push_back(fault.field + " " + fault.fault.reason);
    }
    return message;
  }

  std::vector<std::string> faults_;
};

std::string ParseReason(const std::string& toml) {
  const absl::Status status = ParseMapping(toml, "map.toml").status();
  return status.ok() ? "" : FaultOf(status).text.english;
}

std::string BindReason(const std::string& toml, const std::vector<std::string>& columns, bool ignore_unknown = false) {
  const auto converter =
      Converter::Bind(*ParseMapping(toml, "map.toml"), columns, Type("accounts"), Base(), ignore_unknown);
  return converter.ok() ? "" : FaultOf(converter.status()).reason;
}

TEST_F(MappingTest, TakesTheCurrencyFromAColumnBesideTheAmount) {
  const std::string automatic = "automatic = true";
  const auto own =
      Convert<v1::Account>(automatic, {"id", "arr", "arr_currency"}, {"a", "12.5", "USD"}, Type("accounts"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(own.annual_recurring_revenue().currency_code(), "USD");
  EXPECT_EQ(own.annual_recurring_revenue().units(), 12);
  const std::vector<std::string> columns = {"id", "annual_amount", "Devise"};
  const RowType& subscriptions = Type("subscriptions");
  EXPECT_EQ(
      Convert<v1::Subscription>(automatic, columns, {"a", "7", " CHF "}, subscriptions).annual_amount().currency_code(),
      "CHF");
  // What the amount says itself counts, and without any currency that of the workspace.
  EXPECT_EQ(Convert<v1::Subscription>(automatic, columns, {"a", "7 USD", "CHF"}, subscriptions)
                .annual_amount()
                .currency_code(),
            "USD");
  EXPECT_EQ(
      Convert<v1::Subscription>(automatic, columns, {"a", "7", ""}, subscriptions).annual_amount().currency_code(),
      "EUR");
  EXPECT_FALSE(Convert<v1::Subscription>(automatic, columns, {"a", "", "CHF"}, subscriptions).has_annual_amount());
  const std::string mapped = "[fields]\nid = \"id\"\nannual_amount = { column = \"mrr\", currency_column = \"c\" }";
  EXPECT_EQ(Convert<v1::Subscription>(mapped, {"id", "mrr", "c"}, {"a", "7", "SEK"}, subscriptions)
                .annual_amount()
                .currency_code(),
            "SEK");
  EXPECT_EQ(BindReason("[fields]\nid = \"id\"\nannual_recurring_revenue = { column = \"id\", currency_column = \"c\" }",
                       {"id"}),
            "COLUMN_MISSING");
  EXPECT_EQ(BindReason(automatic, {"id", "size_currency"}), "COLUMN_UNKNOWN");
}

TEST_F(MappingTest, FeedsFieldsFromColumnsConstantsAndTemplates) {
  const auto account =
      Convert<v1::Account>(R"(
      [fields]
      id = { template = "rv-{ref}" }
      display_name = "nom"
      owner = { constant = "lea@example.com" }
      tags = [ "secteur", { constant = "imported" } ]
      external_ids.crm = "ref"
      external_ids.old = { template = "{ref}/{{{nom}" }
      sector = { column = "secteur", values = { Banque = "FinTech", "*" = "Other" } }
      city = { column = "ville", default = "Paris" }
      )",
                           {"ref", "nom", "secteur", "ville"}, {"7", "Acme", "Banque", ""}, Type("accounts"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(account.name(), "accounts/rv-7");
  EXPECT_EQ(account.display_name(), "Acme");
  EXPECT_EQ(account.owner(), "lea@example.com");
  EXPECT_THAT(account.tags(), ElementsAre("Banque", "imported"));
  EXPECT_EQ(account.sector(), "FinTech");
  EXPECT_EQ(account.city(), "Paris");
  ASSERT_EQ(account.external_ids_size(), 2);
  EXPECT_EQ(account.external_ids(0).system(), "crm");
  EXPECT_EQ(account.external_ids(1).id(), "7/{Acme");
}

TEST_F(MappingTest, ReadsFrenchNumbersAndDates) {
  const auto account =
      Convert<v1::Account>(R"(
      [formats]
      date = "DD/MM/YYYY"
      decimal = ","
      currency = "EUR"
      true = ["Actif"]
      false = ["Inactif"]
      separator = "|"
      [fields]
      id = "id"
      annual_recurring_revenue = "ca"
      renewal_date = "fin"
      contract_start_date = { column = "debut", date = "D MMM YYYY" }
      auto_renew = "etat"
      tags = "mots"
      )",
                           {"id", "ca", "fin", "debut", "etat", "mots"},
                           {"7", "12\u00a0000,50", "03/04/2025", "1 août 2024", "actif", "a,b|c"}, Type("accounts"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(account.annual_recurring_revenue().units(), 12000);
  EXPECT_EQ(account.renewal_date().month(), 4);
  EXPECT_EQ(account.contract_start_date().month(), 8);
  EXPECT_TRUE(account.auto_renew());
  EXPECT_THAT(account.tags(), ElementsAre("a,b", "c"));
}

TEST_F(MappingTest, TellsEveryFaultOfARow) {
  Convert<v1::Account>(R"(
      [fields]
      id = "id"
      size = "taille"
      renewal_date = "fin"
      employee_count = "effectif"
      )",
                       {"id", "taille", "fin", "effectif"}, {"7", "énorme", "31/02/2025", "beaucoup"},
                       Type("accounts"));
  EXPECT_THAT(faults_, UnorderedElementsAre("size ENUM_UNKNOWN", "renewal_date DATE_MALFORMED",
                                            "employee_count NUMBER_MALFORMED"));
}

TEST_F(MappingTest, AnEmptyColumnLeavesATemplateEmpty) {
  const auto account = Convert<v1::Account>("[fields]\nid = {template = \"x-{id}\"}\n", {"id"}, {""}, Type("accounts"));
  EXPECT_EQ(account.name(), "");
}

TEST_F(MappingTest, MatchesColumnsByTheirNames) {
  const auto account = Convert<v1::Account>(
      "automatic = true\nignore = [\"x\"]\n",
      {"Identifiant", "Raison sociale", "Secteur", "pays", "x", "external_ids.crm", "etag", "_line", "_reason", ""},
      {"7", "Acme", "Banque", "FR", "?", "c7", "server's", "3", "OLD", ""}, Type("accounts"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(account.name(), "accounts/7");
  EXPECT_EQ(account.display_name(), "Acme");
  EXPECT_EQ(account.sector(), "Banque");
  EXPECT_EQ(account.country_code(), "FR");
  EXPECT_EQ(account.external_ids(0).id(), "c7");
  EXPECT_EQ(account.etag(), "");
}

TEST_F(MappingTest, KnowsTheHeadingsOfFrenchTables) {
  const auto account = Convert<v1::Account>(
      "automatic = true\n", {"Identifiant", "Nom de l'entreprise", "Salari\u00e9s", "Date de renouvellement"},
      {"7", "Acme", "12", "2025-04-13"}, Type("accounts"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(account.display_name(), "Acme");
  EXPECT_EQ(account.employee_count(), 12);
  EXPECT_EQ(account.renewal_date().month(), 4);
  // As Excel on a Mac writes it: the apostrophe curved, the accent a character of its own.
  EXPECT_EQ(Convert<v1::Account>("automatic = true\n", {"Nom de l\u2019entreprise", "Salarie\u0301s"}, {"Acme", "12"},
                                 Type("accounts"))
                .employee_count(),
            12);
  EXPECT_EQ(Convert<v1::Contact>("automatic = true\n", {"Nom", "T\u00e9l\u00e9phone"}, {"L\u00e9a", "0102030405"},
                                 Type("contacts"))
                .phone(),
            "0102030405");
}

TEST_F(MappingTest, TakesNameForTheDisplayNameWhereThereIsNone) {
  EXPECT_EQ(Convert<v1::Account>("automatic = true", {"id", "name"}, {"7", "Acme"}, Type("accounts")).display_name(),
            "Acme");
  EXPECT_EQ(Convert<v1::Account>("automatic = true", {"display_name", "name"}, {"Acme", "accounts/7"}, Type("accounts"))
                .name(),
            "accounts/7");
}

TEST_F(MappingTest, ATicketOfTheDetailIsOfItsKindAlsoWhereItIsEmpty) {
  const auto fact = Convert<v1::Fact>("[fields]\nsource_id = \"id\"\n", {"id"}, {"T1"}, Type("facts", "ticket"));
  EXPECT_TRUE(fact.has_ticket());
}

TEST(MappingFaultsTest, AreToldWithTheirLine) {
  EXPECT_THAT(ParseReason("[fields]\nid = \n"), HasSubstr("map.toml:2"));
  EXPECT_THAT(ParseReason("feilds = 1\n"), HasSubstr("map.toml:1: unknown key 'feilds'"));
  EXPECT_THAT(ParseReason("[fields]\nid = { column = \"a\", vlaues = {} }\n"), HasSubstr("unknown key 'vlaues'"));
  EXPECT_THAT(ParseReason("[fields]\nid = { column = \"a\", constant = \"b\" }\n"), HasSubstr("only one of"));
  EXPECT_THAT(ParseReason("[fields]\nid = { template = \"{a\" }\n"), HasSubstr("not closed"));
  EXPECT_THAT(ParseReason("[formats]\ndecimal = \"x\"\n[fields]\nid=\"a\"\n"), HasSubstr("map.toml:2"));
  EXPECT_THAT(ParseReason("rows = \"accounts\"\n"), HasSubstr("no [fields]"));
  EXPECT_THAT(ParseReason("[fields]\ncity = { column = \"a\", factor = \"x\" }\n"), HasSubstr("factor"));
  EXPECT_THAT(ParseReason("[fields]\nid = \"a\"\n[csv]\ndelimiter = \"::\"\n"), HasSubstr("map.toml:4"));
}

TEST(MappingFaultsTest, AreToldBeforeAnyRow) {
  EXPECT_EQ(BindReason("[fields]\nid = \"reff\"\n", {"ref"}), "COLUMN_MISSING");
  EXPECT_EQ(BindReason("[fields]\nid = \"ref\"\n", {"ref", "more"}), "COLUMN_UNKNOWN");
  EXPECT_EQ(BindReason("[fields]\nid = \"ref\"\n", {"ref", "more"}, true), "");
  EXPECT_EQ(BindReason("ignore = \"*\"\n[fields]\nid = \"ref\"\n", {"ref", "more"}), "");
  EXPECT_EQ(BindReason("ignore = [\"more\"]\n[fields]\nid = \"ref\"\n", {"ref", "more"}), "");
  EXPECT_EQ(BindReason("[fields]\nidd = \"ref\"\n", {"ref"}), "FIELD_UNKNOWN");
  EXPECT_EQ(BindReason("[fields]\netag = \"ref\"\n", {"ref"}), "FIELD_NOT_SETTABLE");
  EXPECT_EQ(BindReason("[fields]\nid = \"ref\"\nname = \"ref\"\n", {"ref"}), "FIELD_FED_TWICE");
  EXPECT_EQ(BindReason("[formats]\ntime_zone = \"Mars\"\n[fields]\nid = \"ref\"\n", {"ref"}), "TIME_ZONE_UNKNOWN");
}

TEST(RowTypeTest, KnowsCollectionsAndKinds) {
  EXPECT_EQ(Type("facts", "usage").name(), "facts/usage");
  EXPECT_FALSE(FindRowType("facts", "nothing").ok());
  EXPECT_FALSE(FindRowType("nothing", "").ok());
}

TEST(IdentityTest, IsTheIdOrTheSourceId) {
  const auto accounts =
      Converter::Bind(*ParseMapping("[fields]\nid = \"a\"\n", "m"), {"a"}, Type("accounts"), Base(), false);
  EXPECT_EQ(accounts->IdentityOf(Row({"7"})), "7");
  EXPECT_EQ(accounts->IdentityOf(Row({"accounts/7"})), "7");
  EXPECT_EQ(accounts->IdentityOf(Row({""})), "");
  const auto facts = Converter::Bind(*ParseMapping("[fields]\nsource = {constant = \"s\"}\nsource_id = \"a\"\n", "m"),
                                     {"a"}, Type("facts", "usage"), Base(), false);
  EXPECT_EQ(facts->IdentityOf(Row({"7"})), "s\n7");
}

TEST(JsonConverterTest, TakesObjectsAsTheyAreWritten) {
  SourceRow row;
  row.object = Json::parse(
      R"({"name": "accounts/7", "display_name": "Acme", "etag": "x", "external_ids": [{"system": "s", "id": "1"}]})");
  v1::Account account;
  EXPECT_THAT(Converter::ForJson(Type("accounts"), Base()).Convert(row, &account), IsEmpty());
  EXPECT_EQ(account.name(), "accounts/7");
  EXPECT_EQ(account.external_ids(0).id(), "1");
  EXPECT_EQ(Converter::ForJson(Type("accounts"), Base()).IdentityOf(row), "7");
  row.object["nothing"] = 1;
  EXPECT_THAT(Converter::ForJson(Type("accounts"), Base()).Convert(row, &account), SizeIs(1));
}

TEST(JsonConverterTest, FlattensObjectsForAMapping) {
  const auto mapping =
      ParseMapping("ignore = [\"skip\"]\n[fields]\nid = \"ref\"\ncity = \"address.city\"\ntags = \"tags\"\n", "m");
  const auto converter = Converter::ForJson(*mapping, Type("accounts"), Base(), false);
  ASSERT_TRUE(converter.ok()) << converter.status();
  SourceRow row;
  row.object = Json::parse(R"({"ref": 7, "address": {"city": "Lyon"}, "tags": ["a", "b"], "skip": null})");
  v1::Account account;
  EXPECT_THAT(converter->Convert(row, &account), IsEmpty());
  EXPECT_EQ(account.name(), "accounts/7");
  EXPECT_EQ(account.city(), "Lyon");
  EXPECT_THAT(account.tags(), ElementsAre("a", "b"));
  row.object["more"] = 1;
  const auto faults = converter->Convert(row, &account);
  ASSERT_THAT(faults, SizeIs(1));
  EXPECT_EQ(faults[0].fault.reason, "COLUMN_UNKNOWN");
}

// --- the mappings of RavenStack, that the project ships -------------------------------------------------------------

class RavenStackTest : public MappingTest {
 protected:
  static std::string MappingText(const std::string& name) {
    std::ifstream file(std::string(FOLIO_SOURCE_DIR) + "/tests/data/ravenstack/" + name + ".toml");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
};

TEST_F(RavenStackTest, Accounts) {
  const auto account = Convert<v1::Account>(
      MappingText("accounts"),
      {"account_id", "account_name", "industry", "country", "signup_date", "referral_source", "plan_tier", "seats",
       "is_trial", "churn_flag"},
      {"A-2e4581", "Company_0", "EdTech", "UK", "2024-10-16", "partner", "Basic", "9", "False", "False"},
      Type("accounts"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(account.name(), "accounts/A-2e4581");
  EXPECT_EQ(account.external_ids(0).system(), "ravenstack");
  EXPECT_EQ(account.country_code(), "GB");
  EXPECT_EQ(account.seat_count(), 9);
}

TEST_F(RavenStackTest, Subscriptions) {
  const auto subscription = Convert<v1::Subscription>(
      MappingText("subscriptions"),
      {"subscription_id", "account_id", "start_date", "end_date", "plan_tier", "seats", "mrr_amount", "arr_amount",
       "is_trial", "upgrade_flag", "downgrade_flag", "churn_flag", "billing_frequency", "auto_renew_flag"},
      {"S-8cec59", "A-3c1a3f", "2023-12-23", "2024-04-12", "Enterprise", "14", "2786", "33432", "False", "False",
       "False", "True", "monthly", "True"},
      Type("subscriptions"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(subscription.account(), "accounts/A-3c1a3f");
  EXPECT_EQ(subscription.annual_amount().units(), 33432);
  EXPECT_EQ(subscription.annual_amount().currency_code(), "USD");
  EXPECT_EQ(subscription.end_date().day(), 12);
  EXPECT_EQ(subscription.billing_period(), v1::BILLING_PERIOD_MONTHLY);
  EXPECT_TRUE(subscription.auto_renew());
}

TEST_F(RavenStackTest, Usage) {
  const auto fact = Convert<v1::Fact>(MappingText("usage"),
                                      {"usage_id", "subscription_id", "usage_date", "feature_name", "usage_count",
                                       "usage_duration_secs", "error_count", "is_beta_feature"},
                                      {"U-1c6c24", "S-0fcf7d", "2023-07-27", "feature_20", "9", "5004", "0", "False"},
                                      Type("facts", "usage"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(fact.source(), "ravenstack");
  EXPECT_EQ(fact.subscription(), "subscriptions/S-0fcf7d");
  EXPECT_EQ(fact.event_time().seconds(), 1690416000);
  EXPECT_EQ(fact.usage().duration_seconds(), 5004);
}

TEST_F(RavenStackTest, Tickets) {
  const auto fact = Convert<v1::Fact>(
      MappingText("tickets"),
      {"ticket_id", "account_id", "submitted_at", "closed_at", "resolution_time_hours", "priority",
       "first_response_time_minutes", "satisfaction_score", "escalation_flag"},
      {"T-0024de", "A-712f1c", "2023-07-27", "2023-07-28 03:00:00", "27.0", "high", "74", "4.0", "False"},
      Type("facts", "ticket"));
  EXPECT_THAT(faults_, IsEmpty());
  EXPECT_EQ(fact.ticket().first_response_seconds(), 4440);
  EXPECT_EQ(fact.ticket().satisfaction(), 4);
  EXPECT_EQ(fact.ticket().close_time().seconds() - fact.event_time().seconds(), 27 * 3600);
  EXPECT_EQ(fact.ticket().priority(), v1::TICKET_PRIORITY_HIGH);
}

}  // namespace
}  // namespace folio::cli
