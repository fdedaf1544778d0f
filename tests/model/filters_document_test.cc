// What docs/filters.md tells people is what the parser does.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>

#include "folio/v1/account.pb.h"
#include "server/model/filter.h"
#include "server/model/schema.h"
#include "tests/base/project_file.h"

namespace folio::model {
namespace {

const std::map<std::string, ColumnType>& TypeNames() {
  static const std::map<std::string, ColumnType> names = {
      {"text", ColumnType::kText},    {"symbol", ColumnType::kSymbol},    {"set", ColumnType::kSymbolSet},
      {"enum", ColumnType::kEnum},    {"whole number", ColumnType::kInt}, {"number", ColumnType::kReal},
      {"money", ColumnType::kMoney},  {"bool", ColumnType::kBool},        {"date", ColumnType::kDate},
      {"instant", ColumnType::kTime},
  };
  return names;
}

// Columns of accounts as the document lists them: name to type.
std::map<std::string, std::string> DocumentedColumns() {
  std::map<std::string, std::string> columns;
  std::string text = ReadProjectFile("docs/filters.md");
  text.erase(0, text.find("## Columns of accounts"));
  const std::regex row(R"(\| `([a-z_]+)` \| ([a-z ]+) \|)");
  for (std::sregex_iterator match(text.begin(), text.end(), row), end; match != end; ++match) {
    columns[(*match)[1]] = (*match)[2];
  }
  return columns;
}

// The documented columns, those of the contract with their enums.
ColumnSet DocumentedColumnSet() {
  const Schema accounts(v1::Account::descriptor());
  ColumnSet columns;
  for (const auto& [name, type] : DocumentedColumns()) {
    const auto index = accounts.columns().Find(name);
    columns.Add(index ? accounts.columns().at(*index) : Column{name, TypeNames().at(type), false, {}, ""});
  }
  return columns;
}

TEST(FiltersDocumentTest, ListsTheColumnsOfTheContract) {
  const Schema accounts(v1::Account::descriptor());
  const auto documented = DocumentedColumns();
  for (int i = 0; i < accounts.columns().size(); ++i) {
    const Column& column = accounts.columns().at(i);
    ASSERT_TRUE(documented.contains(column.name)) << column.name;
    ASSERT_TRUE(TypeNames().contains(documented.at(column.name))) << column.name;
    EXPECT_EQ(TypeNames().at(documented.at(column.name)), column.type) << column.name;
  }
}

TEST(FiltersDocumentTest, EveryExampleIsAFilter) {
  const ColumnSet columns = DocumentedColumnSet();
  std::istringstream lines(ReadProjectFile("docs/filters.md"));
  int examples = 0;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line == "```filter";
    } else if (inside) {
      ++examples;
      EXPECT_TRUE(ParseFilter(line, columns).ok()) << line << ": " << ParseFilter(line, columns).status();
    }
  }
  EXPECT_GT(examples, 20);
}

TEST(FiltersDocumentTest, OrBindsTighter) {
  const ColumnSet columns = DocumentedColumnSet();
  EXPECT_EQ(ParseFilter("sector = FinTech AND country = FR OR country = BE", columns)->canonical,
            ParseFilter("sector = FinTech AND (country = FR OR country = BE)", columns)->canonical);
}

}  // namespace
}  // namespace folio::model
