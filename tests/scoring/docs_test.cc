// docs/health.md tells the measures and the default model as they are.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/scoring/score.h"
#include "tests/base/project_file.h"

namespace folio::scoring {
namespace {

std::string Document() { return ReadProjectFile("docs/health.md"); }

std::string Number(double value) { return fmt::format("{:g}", value); }

std::string KernelOf(const v1::HealthMeasure& measure) {
  if (measure.has_ramp()) {
    return fmt::format("{} → 0, {} → 1", Number(measure.ramp().zero_at()), Number(measure.ramp().full_at()));
  }
  std::string text = fmt::format("below → {}", Number(measure.tiers().below()));
  for (const v1::Tier& tier : measure.tiers().tiers()) {
    text += fmt::format(", from {} → {}", Number(tier.from()), Number(tier.credit()));
  }
  return text;
}

std::string MeasureTable() {
  std::string table = "| measure | unit | window | what it is |\n|---|---|---|---|\n";
  for (const measures::Measure& measure : measures::AllMeasures()) {
    const std::string window =
        measure.default_window_days == 0 ? "–" : fmt::format("{} days", measure.default_window_days);
    table += fmt::format("| `{}` | {} | {} | {} |\n", measure.name, measure.unit, window, measure.description);
  }
  return table;
}

// Of each measure: its share of the whole where everything has data.
std::string ModelTable() {
  std::string table = "| dimension | measure | window | share | kernel | why |\n|---|---|---|---|---|---|\n";
  double whole = 0;
  for (const v1::HealthDimension& dimension : DefaultModel().dimensions()) whole += dimension.weight();
  for (const v1::HealthDimension& dimension : DefaultModel().dimensions()) {
    double part = 0;
    for (const v1::HealthMeasure& measure : dimension.measures()) part += measure.weight();
    table += fmt::format("| **{}** | | | **{:.1f} %** | | |\n", dimension.id(), 100 * dimension.weight() / whole);
    for (const v1::HealthMeasure& measure : dimension.measures()) {
      const std::string window = measure.window_days() == 0 ? "–" : fmt::format("{} days", measure.window_days());
      table +=
          fmt::format("| | `{}` | {} | {:.1f} % | {} | {} |\n", measure.measure(), window,
                      100 * dimension.weight() / whole * measure.weight() / part, KernelOf(measure), measure.reason());
    }
  }
  return table;
}

TEST(HealthDocument, ListsTheMeasures) {
  EXPECT_THAT(Document(), ::testing::HasSubstr(MeasureTable())) << "the table should be:\n" << MeasureTable();
}

TEST(HealthDocument, TellsTheDefaultModel) {
  EXPECT_THAT(Document(), ::testing::HasSubstr(ModelTable())) << "the table should be:\n" << ModelTable();
}

}  // namespace
}  // namespace folio::scoring
