#include "server/model/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "folio/v1/account.pb.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/custom_field.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/health_model.pb.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/task.pb.h"
#include "folio/v1/workspace.pb.h"
#include "tests/model/faults.h"

namespace folio::model {
namespace {

using testing::ElementsAre;

const Schema& Accounts() {
  static const Schema schema(v1::Account::descriptor());
  return schema;
}

TEST(SchemaTest, ReadsTheResource) {
  EXPECT_EQ(Accounts().collection(), "accounts");
  EXPECT_EQ(Accounts().singular(), "account");
  EXPECT_EQ(Accounts().kind(), 1);
  EXPECT_TRUE(Accounts().soft_delete());
  EXPECT_TRUE(Accounts().has_custom_fields());
  EXPECT_EQ(Accounts().custom_fields()->name(), "custom_fields");
  const Schema subscriptions(v1::Subscription::descriptor());
  EXPECT_EQ(subscriptions.kind(), 3);
  EXPECT_FALSE(subscriptions.soft_delete());
  EXPECT_FALSE(subscriptions.has_custom_fields());
  EXPECT_TRUE(Schema(v1::Task::descriptor()).has_custom_fields());
}

TEST(SchemaTest, EveryResourceOfTheContractHasOne) {
  std::map<int, std::string> kinds;
  for (const auto* descriptor :
       {v1::Account::descriptor(), v1::ApiKey::descriptor(), v1::Contact::descriptor(), v1::CustomField::descriptor(),
        v1::Fact::descriptor(), v1::HealthModel::descriptor(), v1::Signal::descriptor(), v1::Subscription::descriptor(),
        v1::Task::descriptor(), v1::Workspace::descriptor()}) {
    const Schema schema(descriptor);
    EXPECT_TRUE(kinds.emplace(schema.kind(), schema.collection()).second) << schema.collection();
  }
}

TEST(SchemaTest, ColumnsOfAccounts) {
  const std::map<std::string, ColumnType> expected = {
      {"create_time", ColumnType::kTime},   {"update_time", ColumnType::kTime}, {"display_name", ColumnType::kText},
      {"domain", ColumnType::kText},        {"sector", ColumnType::kSymbol},    {"size", ColumnType::kEnum},
      {"employee_count", ColumnType::kInt}, {"country", ColumnType::kSymbol},   {"city", ColumnType::kSymbol},
      {"owner", ColumnType::kSymbol},       {"parent", ColumnType::kSymbol},    {"lifecycle", ColumnType::kEnum},
      {"tag", ColumnType::kSymbolSet},      {"plan", ColumnType::kSymbol},      {"contract_start", ColumnType::kDate},
      {"renewal", ColumnType::kDate},       {"auto_renew", ColumnType::kBool},  {"seats", ColumnType::kInt},
  };
  std::map<std::string, ColumnType> columns;
  for (const FieldColumn& field : Accounts().field_columns()) {
    const Column& column = Accounts().columns().at(field.column);
    columns[column.name] = column.type;
  }
  EXPECT_EQ(columns, expected);
  EXPECT_EQ(Accounts().columns().size(), static_cast<int>(expected.size()));
  const Column& size = Accounts().columns().at(*Accounts().columns().Find("size"));
  EXPECT_TRUE(size.facet);
  EXPECT_THAT(size.enum_names, ElementsAre("", "micro", "small", "medium", "large", "enterprise"));
  EXPECT_EQ(size.enum_prefix, "account_size_");
  EXPECT_FALSE(Accounts().columns().at(*Accounts().columns().Find("renewal")).facet);
}

TEST(SchemaTest, ColumnsOfOthers) {
  const Schema subscriptions(v1::Subscription::descriptor());
  EXPECT_EQ(subscriptions.columns().at(*subscriptions.columns().Find("annual_amount")).type, ColumnType::kMoney);
  EXPECT_EQ(subscriptions.columns().at(*subscriptions.columns().Find("account")).type, ColumnType::kSymbol);
  const Schema contacts(v1::Contact::descriptor());
  EXPECT_EQ(contacts.columns().at(*contacts.columns().Find("email")).type, ColumnType::kText);
}

TEST(SchemaTest, Names) {
  EXPECT_EQ(Accounts().NameOf("acme"), "accounts/acme");
  EXPECT_EQ(*Accounts().IdOf("accounts/a.B_1~-", "name"), "a.B_1~-");
  EXPECT_THAT(FaultsIn(Accounts().IdOf("", "account.name").status()), ElementsAre("account.name FIELD_REQUIRED"));
  for (const std::string name : {"acme", "accounts", "accounts/", "account/acme", "accounts/a/b", "contacts/a",
                                 "/accounts/a", "accounts/a b", "accountsxa", "accounts/é"}) {
    const absl::Status status = Accounts().IdOf(name, "name").status();
    EXPECT_THAT(FaultsIn(status), ElementsAre("name NAME_MALFORMED")) << name;
    EXPECT_EQ(DetailIn(status, "expected"), "accounts/{account}");
  }
}

TEST(SchemaDeathTest, AMessageThatIsNoResource) {
  EXPECT_DEATH(Schema(v1::CreateAccountRequest::descriptor()), "has no \\(resource\\) option");
}

// --- Cells ---

Cell Read(const v1::Account& account, const std::string& field) {
  for (const FieldColumn& column : Accounts().field_columns()) {
    if (column.field->name() == field) {
      return ReadCell(account, *column.field, Accounts().columns().at(column.column).type);
    }
  }
  ADD_FAILURE() << field;
  return {};
}

TEST(CellTest, UnsetFieldsAreMissing) {
  for (const FieldColumn& column : Accounts().field_columns()) {
    EXPECT_EQ(ReadCell(v1::Account(), *column.field, Accounts().columns().at(column.column).type), Cell())
        << column.field->name();
  }
}

TEST(CellTest, ReadsEachType) {
  v1::Account account;
  account.set_display_name("Société");
  account.set_sector("FinTech");
  account.set_size(v1::ACCOUNT_SIZE_SMALL);
  account.set_employee_count(0);
  account.set_auto_renew(false);
  account.add_tags("a");
  account.add_tags("b");
  account.mutable_renewal_date()->set_year(1970);
  account.mutable_renewal_date()->set_month(1);
  account.mutable_renewal_date()->set_day(2);
  account.mutable_contract_start_date();
  account.mutable_create_time()->set_seconds(1);
  EXPECT_EQ(Read(account, "display_name"), Cell(std::string("Société")));
  EXPECT_EQ(Read(account, "sector"), Cell(std::string("FinTech")));
  EXPECT_EQ(Read(account, "size"), Cell(int64_t{2}));
  EXPECT_EQ(Read(account, "employee_count"), Cell(int64_t{0}));
  EXPECT_EQ(Read(account, "auto_renew"), Cell(int64_t{0}));
  EXPECT_EQ(Read(account, "tags"), Cell(std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Read(account, "renewal_date"), Cell(int64_t{1}));
  EXPECT_EQ(Read(account, "contract_start_date"), Cell());
  EXPECT_EQ(Read(account, "create_time"), Cell(int64_t{1'000'000}));
}

TEST(CellTest, PlainBoolIsAlwaysSetAndMoneyIsMicros) {
  v1::Subscription subscription;
  const auto* trial = v1::Subscription::descriptor()->FindFieldByName("trial");
  const auto* amount = v1::Subscription::descriptor()->FindFieldByName("annual_amount");
  EXPECT_EQ(ReadCell(subscription, *trial, ColumnType::kBool), Cell(int64_t{0}));
  EXPECT_EQ(ReadCell(subscription, *amount, ColumnType::kMoney), Cell());
  subscription.set_trial(true);
  subscription.mutable_annual_amount()->set_units(12);
  EXPECT_EQ(ReadCell(subscription, *trial, ColumnType::kBool), Cell(int64_t{1}));
  EXPECT_EQ(ReadCell(subscription, *amount, ColumnType::kMoney), Cell(int64_t{12'000'000}));
}

// --- Columns ---

TEST(ColumnSetTest, FindsAndGuesses) {
  EXPECT_FALSE(Accounts().columns().Find("sectr").has_value());
  EXPECT_FALSE(Accounts().columns().Find("Sector").has_value());
  EXPECT_EQ(Accounts().columns().Nearest("sectr"), "sector");
  EXPECT_EQ(Accounts().columns().Nearest("country_code"), "");
  EXPECT_EQ(ColumnSet().Nearest("x"), "");
}

}  // namespace
}  // namespace folio::model
