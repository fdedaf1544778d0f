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

TEST_F(Compile, LetsOnlyMeasuresOfAdditiveDimensionsTakeAway) {
  model_.mutable_dimensions(0)->set_combination(v1::HEALTH_COMBINATION_ADDITIVE);
  model_.mutable_dimensions(0)->set_base(0.5);
  first().set_weight(-0.3);
  EXPECT_THAT(FaultsOf(model_), ElementsAre());
  first().set_weight(0);
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[0].measures[0].weight", "MODEL_WEIGHT")));
  first().set_weight(1);
  model_.mutable_dimensions(0)->set_base(1.5);
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[0].base", "MODEL_BASE")));
  model_.mutable_dimensions(0)->set_base(0.5);
  model_.mutable_dimensions(0)->set_combination(v1::HEALTH_COMBINATION_WORST_OF);
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[0].base", "MODEL_BASE")));
}

TEST_F(Compile, WantsDaysToCarryWhereItCarriesAndOnlyThere) {
  const auto fault = ElementsAre(Pair("health_model.dimensions[0].measures[0].carry_days", "MODEL_CARRY"));
  first().set_carry_days(5);
  EXPECT_THAT(FaultsOf(model_), fault);
  first().set_missing(v1::MISSING_POLICY_CARRY);
  EXPECT_THAT(FaultsOf(model_), ElementsAre());
  for (const int days : {0, -1, kCarryDaysMax + 1}) {
    first().set_carry_days(days);
    EXPECT_THAT(FaultsOf(model_), fault) << days;
  }
}

TEST_F(Compile, RefusesStatesAndChoicesThatSayNothing) {
  const auto fault = ElementsAre(Pair("health_model.dimensions[0].measures[0].kernel", "MODEL_KERNEL"));
  first().mutable_three_state()->set_good_from(3);
  EXPECT_THAT(FaultsOf(model_), ElementsAre());
  first().mutable_three_state()->set_bad_from(3);
  EXPECT_THAT(FaultsOf(model_), fault) << "the same end for good and bad";
  first().mutable_choices()->add_choices()->set_choice("a");
  EXPECT_THAT(FaultsOf(model_), ElementsAre(Pair("health_model.dimensions[0].measures[0].kernel", "MODEL_KERNEL_TYPE")))
      << "usage has no choices";
}

v1::CustomField Field(v1::CustomFieldType type, std::vector<std::string> choices = {}) {
  v1::CustomField field;
  field.set_collection("accounts");
  field.set_type(type);
  field.mutable_choices()->Add(choices.begin(), choices.end());
  return field;
}

class CompileCustom : public ::testing::Test {
 protected:
  CompileCustom() {
    fields_.Define("plan", Field(v1::CUSTOM_FIELD_TYPE_CHOICE, {"basic", "pro"}));
    fields_.Define("notes", Field(v1::CUSTOM_FIELD_TYPE_TEXT));
    fields_.Define("seats_used", Field(v1::CUSTOM_FIELD_TYPE_NUMBER));
  }

  // Reason of the only fault of a model of one measure, and its English text; empty where it is accepted.
  std::pair<std::string, std::string> FaultOf(const std::string& measure) {
    const absl::Status status =
        Model::Compile(ParseModel("dimensions { id: 'fit' weight: 1 measures { weight: 1 " + measure + " } }"),
                       &fields_)
            .status();
    return {error::ReasonOf(status), status.ok() ? "" : error::Localize(status, error::Locale::kEnglish)};
  }

  account::CustomFields fields_;
};

TEST_F(CompileCustom, AcceptsFieldsWithAKernelThatFits) {
  EXPECT_EQ(FaultOf("measure: 'custom.seats_used' ramp { zero_at: 0 full_at: 10 }").first, "");
  EXPECT_EQ(FaultOf("measure: 'custom.plan' choices { choices { choice: 'pro' credit: 1 } }").first, "");
}

TEST_F(CompileCustom, SaysWhatIsWrongAndHowToMendIt) {
  using ::testing::HasSubstr;
  const auto [unknown, unknown_text] = FaultOf("measure: 'custom.seat_used' ramp { zero_at: 0 full_at: 10 }");
  EXPECT_EQ(unknown, "MODEL_MEASURE_UNKNOWN");
  EXPECT_THAT(unknown_text, HasSubstr("did you mean 'custom.seats_used'?"));
  EXPECT_THAT(unknown_text, HasSubstr("in dimension 'fit'"));
  EXPECT_EQ(FaultOf("measure: 'custom.notes' ramp { zero_at: 0 full_at: 10 }").first, "MODEL_MEASURE_TYPE");
  const auto [kernel, kernel_text] = FaultOf("measure: 'custom.plan' ramp { zero_at: 0 full_at: 10 }");
  EXPECT_EQ(kernel, "MODEL_KERNEL_TYPE");
  EXPECT_THAT(kernel_text, HasSubstr("(measure 'custom.plan' of dimension 'fit')"));
  EXPECT_EQ(FaultOf("measure: 'custom.plan' choices { choices { choice: 'gold' credit: 1 } }").first, "CHOICE_UNKNOWN");
  EXPECT_EQ(
      FaultOf("measure: 'custom.plan' choices { choices { choice: 'pro' credit: 1 } choices { choice: 'pro' } }").first,
      "MODEL_KERNEL");
  EXPECT_EQ(FaultOf("measure: 'custom.seats_used' window_days: 30 ramp { zero_at: 0 full_at: 10 }").first,
            "MODEL_WINDOW");
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
