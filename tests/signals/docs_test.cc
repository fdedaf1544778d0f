// docs/signals.md tells the rules with the thresholds and the evidence that they have.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/signals/rule_files.h"
#include "tests/base/project_file.h"

namespace folio::signals {
namespace {

using ::testing::HasSubstr;

std::string Document() { return ReadProjectFile("docs/signals.md"); }

int Percent(double ratio) { return static_cast<int>(ratio * 100 + 0.5); }

TEST(SignalsDocument, HasARowForEachRule) {
  const std::string document = Document();
  for (const Rule& rule : AllRules()) {
    const char* kind = rule.kind == v1::SIGNAL_KIND_RISK ? "risk" : "opportunity";
    EXPECT_THAT(document, HasSubstr(fmt::format("| `{}` | {} |", rule.id, kind)));
  }
}

TEST(SignalsDocument, TellsTheThresholds) {
  const std::string document = Document();
  EXPECT_THAT(document, HasSubstr(fmt::format("usage of the last {0} days is at least {1} % below that of the {0} days "
                                              "before | medium; from {2} % high; from {3} % critical |",
                                              kUsageWindowDays, Percent(kDropFrom), Percent(kDropHighFrom),
                                              Percent(kDropCriticalFrom))));
  EXPECT_THAT(document,
              HasSubstr(fmt::format("at most {} days away | low; from {} days medium; from {} high; from {} critical;",
                                    kRenewalDays[0], kRenewalDays[1], kRenewalDays[2], kRenewalDays[3])));
  EXPECT_THAT(document, HasSubstr(fmt::format("left or was replaced in the last {} days", kContactChangeDays)));
  EXPECT_THAT(document,
              HasSubstr(fmt::format("grew by at least {} % against the {} days before, or at least {} % of the seats "
                                    "are used | medium; high from {} % growth or {} % of the seats |",
                                    Percent(kRiseFrom), kUsageWindowDays, Percent(kSeatsFrom), Percent(kRiseHighFrom),
                                    Percent(kSeatsHighFrom))));
  EXPECT_THAT(document, HasSubstr(fmt::format("told of a need in the last {} days", kInterestDays)));
  EXPECT_THAT(document, HasSubstr(fmt::format("told of a budget in the last {} days", kInterestDays)));
  EXPECT_THAT(document,
              HasSubstr(fmt::format("at least {} uses on at least {} days", kUsageBaseCount, kUsageBaseDays)));
  EXPECT_THAT(document, HasSubstr(fmt::format("up to {} days", kLookBackDays)));
}

}  // namespace
}  // namespace folio::signals
