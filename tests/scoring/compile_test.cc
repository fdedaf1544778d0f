#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/scoring/models.h"

namespace folio::scoring {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const char kGood[] =
    "dimensions { id: 'a' weight: 1 measures { measure: 'usage_trend' weight: 1 ramp { zero_at: 0 full_at: 1 } } }"
    "dimensions { id: 'b' weight: 1 measures { measure: 'nps_last' weight: 1 tiers { tiers { from: 1 credit: 1 } } } }";

// Paths and reasons of the faults of a model.
std::vector<std::pair<std::string, std::string>> FaultsOf(const v1::HealthModel& model) {
  const absl::Status status = Model::Compile(model).status();
  std::vector<std::pair<std::string, std::string>> faults;
  if (status.ok()) return faults;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  for (const error::Fault& fault : error::FaultsOf(status)) faults.emplace_back(fault.field, fault.reason);
  return faults;
}

class Compile : public ::testing::Test {
 protected:
  v1::HealthModel model_ = ParseModel(kGood);
  v1::HealthMeasure& first() { return *model_.mutable_dimensions(0)->mutable_measures(0); }
  v1::HealthMeasure& second() { return *model_.mutable_dimensions(1)->mutable_measures(0); }
};

TEST_F(Compile, AcceptsAGoodModel) { EXPECT_THAT(FaultsOf(model_), ElementsAre()); }

TEST_F(Compile, RefusesAModelOrADimensionWithoutContent) {
  EXPECT_THAT(FaultsOf(v1::HealthModel()), ElementsAre(Pair("health_model.dimensions", "MODEL_EMPTY")));
  model_.mutable_dimensions(1)->clear_measures();
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[1].measures", "MODEL_EMPTY")));
}

TEST_F(Compile, RefusesWeightsThatAreNotPositiveAndFinite) {
  for (const double weight :
       {0.0, -1.0, 2e6, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    model_ = ParseModel(kGood);
    second().set_weight(weight);
    EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[1].measures[0].weight", "MODEL_WEIGHT")));
    model_ = ParseModel(kGood);
    model_.mutable_dimensions(0)->set_weight(weight);
    EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[0].weight", "MODEL_WEIGHT")));
  }
}

TEST_F(Compile, NamesTheNearestMeasureOfAWrongOne) {
  first().set_measure("usage_trends");
  const absl::Status status = Model::Compile(model_).status();
  EXPECT_THAT(FaultsOf(model_),
              ElementsAre(Pair("health_model.dimensions[0].measures[0].measure", "MODEL_MEASURE_UNKNOWN")));
  EXPECT_THAT(error::Localize(status, error::Locale::kEnglish), ::testing::HasSubstr("usage_trend'?"));
}

TEST_F(Compile, RefusesWindowsThatDoNotFitTheMeasure) {
  first().set_window_days(-1);
  EXPECT_THAT(FaultsOf(model_),
              ElementsAre(Pair("health_model.dimensions[0].measures[0].window_days", "MODEL_WINDOW")));
  first().set_window_days(kWindowDaysMax + 1);
  EXPECT_THAT(FaultsOf(model_),
              ElementsAre(Pair("health_model.dimensions[0].measures[0].window_days", "MODEL_WINDOW")));
  first().set_window_days(kWindowDaysMax);
  EXPECT_THAT(FaultsOf(model_), ElementsAre());
  first().set_measure("champion_present");
  first().set_window_days(30);
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[0].measures[0].window_days", "MODEL_WINDOW")))
      << "it does not look back";
}

TEST_F(Compile, RefusesKernelsThatSayNothing) {
  const auto fault = ElementsAre(Pair("health_model.dimensions[0].measures[0].kernel", "MODEL_KERNEL"));
  first().clear_kernel();
  EXPECT_THAT(FaultsOf(model_), fault);
  first().mutable_ramp()->set_zero_at(2);
  first().mutable_ramp()->set_full_at(2);
  EXPECT_THAT(FaultsOf(model_), fault);
  first().mutable_ramp()->set_full_at(std::numeric_limits<double>::infinity());
  EXPECT_THAT(FaultsOf(model_), fault);
  first().mutable_tiers();
  EXPECT_THAT(FaultsOf(model_), fault) << "no tier";
  v1::Tier& low = *first().mutable_tiers()->add_tiers();
  low.set_credit(1.5);
  EXPECT_THAT(FaultsOf(model_), fault) << "a credit above 1";
  low.set_credit(1);
  EXPECT_THAT(FaultsOf(model_), ElementsAre());
  first().mutable_tiers()->add_tiers()->set_from(0);
  EXPECT_THAT(FaultsOf(model_), fault) << "two tiers from the same value";
}

TEST_F(Compile, RefusesWhatOccursTwice) {
  *model_.mutable_dimensions(0)->add_measures() = first();
  first().set_window_days(30);  // the default of the second one
  model_.mutable_dimensions(1)->set_id("a");
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[0].measures[1].measure", "MODEL_DUPLICATE"),
                                            Pair("health_model.dimensions[1].id", "MODEL_DUPLICATE")));
  first().set_window_days(60);
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[1].id", "MODEL_DUPLICATE")))
      << "the same measure over another window is another figure";
}

TEST_F(Compile, TellsAllFaultsAtOnce) {
  first().set_weight(0);
  second().set_measure("");
  second().clear_kernel();
  EXPECT_THAT(FaultsOf(model_),
              ElementsAre(Pair("health_model.dimensions[0].measures[0].weight", "MODEL_WEIGHT"),
                          Pair("health_model.dimensions[1].measures[0].kernel", "MODEL_KERNEL"),
                          Pair("health_model.dimensions[1].measures[0].measure", "MODEL_MEASURE_UNKNOWN")));
}

}  // namespace
}  // namespace folio::scoring
