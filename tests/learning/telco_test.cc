// Real figures: the churn of 7 043 customers of IBM's sample telephone company, from all that is known of them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "server/learning/cross_validation.h"
#include "tests/learning/random_data.h"

namespace folio::learning {
namespace {

// $FOLIO_SHARED/data/telco_ibm, or beside the project.
std::filesystem::path TelcoFile() {
  const char* shared = std::getenv("FOLIO_SHARED");
  const std::filesystem::path beside = std::filesystem::path(FOLIO_SOURCE_DIR).parent_path() / "shared";
  return (shared == nullptr ? beside : std::filesystem::path(shared)) / "data" / "telco_ibm" /
         "WA_Fn-UseC_-Telco-Customer-Churn.csv";
}

// No field of the file is quoted.
std::vector<std::string> Split(std::string line) {
  if (line.ends_with('\r')) line.pop_back();
  std::vector<std::string> cells;
  std::stringstream stream(line + ",");
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

std::vector<std::vector<std::string>> ReadRows(std::ifstream& file) {
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) rows.push_back(Split(line));
  return rows;
}

// Numbers as they are (a blank charge, of customers of no month, as 0), and a column for each choice of the others.
Data Encode(const std::vector<std::string>& names, const std::vector<std::vector<std::string>>& rows) {
  const std::set<std::string> numbers = {"SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"};
  std::vector<std::set<std::string>> choices(names.size());
  for (const auto& row : rows) {
    for (size_t column = 1; column + 1 < names.size(); ++column) choices[column].insert(row[column]);
  }
  Data data;
  for (const auto& row : rows) {
    for (size_t column = 1; column + 1 < names.size(); ++column) {
      if (numbers.contains(names[column])) {
        data.values.push_back(std::atof(row[column].c_str()));
        continue;
      }
      for (const std::string& choice : choices[column]) data.values.push_back(row[column] == choice ? 1 : 0);
    }
    data.outcomes.push_back(row.back() == "Yes" ? 1 : 0);
  }
  data.columns = data.values.size() / rows.size();
  return data;
}

TEST(TelcoTest, ChurnIsPredictedAsWellAsPublished) {
  std::ifstream file(TelcoFile());
  if (!file) {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no data in " << TelcoFile();
    GTEST_SKIP() << "no data in " << TelcoFile() << " (set FOLIO_SHARED)";
  }
  std::string header;
  std::getline(file, header);
  const Data data = Encode(Split(header), ReadRows(file));
  ASSERT_EQ(data.outcomes.size(), 7'043u);
  ASSERT_EQ(CountClasses(data.outcomes).events, 1'869);

  const auto learned = Learn(data.view(), {});
  ASSERT_TRUE(learned.ok()) << learned.status();
  const CrossValidation& validation = learned->validation;
  std::printf("%zu columns, penalty %g: area under ROC %.4f (%.4f to %.4f), pooled %.4f, log-loss %.4f, Brier %.4f\n",
              data.columns, learned->chosen.choice.penalty, validation.mean_area.value,
              validation.mean_area.interval.low, validation.mean_area.interval.high, validation.pooled_area.value,
              validation.log_loss, validation.brier.score);
  EXPECT_GE(validation.mean_area.value, 0.84);
  EXPECT_GE(validation.pooled_area.value, 0.84);
  EXPECT_LE(validation.mean_area.value, 0.86) << "too good: does the outcome leak into the features?";
  EXPECT_LE(validation.brier.score, 0.14);
}

}  // namespace
}  // namespace folio::learning
