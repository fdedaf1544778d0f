// Health models from draft to publication.
#include <algorithm>
#include <string>
#include <vector>

#include "server/portfolio/preview.h"
#include "tests/engine/health_fixture.h"

namespace folio::portfolio {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(HealthTest, ADraftScoresNobodyUntilItIsPublished) {
  Account("acme");
  Use("acme", "2024-06-10", 5);
  const int before = Entry("acme").health().score();
  const auto draft = UpdateModel(std::string("name: 'healthModels/default' ") + kUsage);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_TRUE(draft->draft());
  EXPECT_EQ(draft->version(), 1);
  EXPECT_EQ(Entry("acme").health().score(), before);
  EXPECT_EQ(Explain("account: 'accounts/acme' model: 'healthModels/default'").score(), 50) << "asked for by name";

  const auto version = Publish("healthModels/default");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->name(), "healthModelVersions/default~2");
  EXPECT_EQ(version->publisher(), kActor);
  EXPECT_EQ(version->note(), "tried");
  EXPECT_EQ(Entry("acme").health().score(), 50) << "scored again before the answer";
  EXPECT_EQ(Entry("acme").health().model_version(), 2);
  EXPECT_EQ(error::ReasonOf(Publish("healthModels/default").status()), "MODEL_NOT_CHANGED");

  Open();
  EXPECT_EQ(Entry("acme").health().score(), 50);
  EXPECT_EQ(Entry("acme").health().model_version(), 2);
}

TEST_F(HealthTest, DefaultModelAndItsFirstVersionAreThereFromTheStart) {
  v1::HealthModel model;
  ASSERT_TRUE(
      GetHealthModel(*workspace_, Parse<v1::GetHealthModelRequest>("name: 'healthModels/default'"), &model).ok());
  EXPECT_EQ(model.version(), 1);
  EXPECT_FALSE(model.draft());
  v1::ListHealthModelVersionsResponse versions;
  ASSERT_TRUE(ListHealthModelVersions(*workspace_, {}, &versions).ok());
  ASSERT_EQ(versions.health_model_versions_size(), 1);
  EXPECT_EQ(versions.health_model_versions(0).name(), "healthModelVersions/default~1");

  ASSERT_TRUE(UpdateModel("name: 'healthModels/default' display_name: 'Ours'").ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  ASSERT_TRUE(
      CreateModel(std::string("health_model_id: 'other' health_model { display_name: 'Other' ") + kUsage + " }").ok());
  v1::ListHealthModelsResponse models;
  ASSERT_TRUE(
      ListHealthModels(*workspace_, Parse<v1::ListHealthModelsRequest>("filter: 'draft = true'"), &models).ok());
  ASSERT_EQ(models.health_models_size(), 1);
  EXPECT_EQ(models.health_models(0).display_name(), "Other");
  v1::HealthModelVersion first;
  ASSERT_TRUE(GetHealthModelVersion(
                  *workspace_, Parse<v1::GetHealthModelVersionRequest>("name: 'healthModelVersions/default~1'"), &first)
                  .ok());
  EXPECT_EQ(FormatDay(FromProto(first.end_date()).value()), "2024-06-15");
}

TEST_F(HealthTest, SegmentsAreTriedByPriorityAndTheDefaultModelComesLast) {
  Account("large", "annual_recurring_revenue { currency_code: 'EUR' units: 90000 } sector: 'Bank'");
  Account("small", "annual_recurring_revenue { currency_code: 'EUR' units: 900 } sector: 'Bank'");
  Account("none");
  const auto make = [&](const std::string& id, const std::string& rest) {
    ASSERT_TRUE(
        CreateModel("health_model_id: '" + id + "' health_model { display_name: '" + id + "' " + rest + kUsage + " }")
            .ok());
    const auto version = Publish("healthModels/" + id);
    ASSERT_TRUE(version.ok()) << version.status();
  };
  make("banks", "priority: 2 filter: 'sector = \"Bank\"' ");
  make("top", "priority: 1 filter: 'arr > 10000' ");
  EXPECT_THAT(NamesWhere("health_model = \"top\""), ElementsAre("large"));
  EXPECT_THAT(NamesWhere("health_model = \"banks\""), ElementsAre("small"));
  EXPECT_THAT(NamesWhere("health_model = \"default\""), ElementsAre("none"));
  EXPECT_THAT(Explain("account: 'accounts/large'").model_reason(), HasSubstr("arr > 10000"));

  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/none' sector: 'Bank' }").ok());
  EXPECT_THAT(NamesWhere("health_model = \"banks\""), ElementsAre("none", "small")) << "it moves with its columns";
  Open();
  EXPECT_THAT(NamesWhere("health_model = \"banks\""), ElementsAre("none", "small"));

  google::protobuf::Empty empty;
  ASSERT_TRUE(Do(DeleteHealthModel, Parse<v1::DeleteHealthModelRequest>("name: 'healthModels/top'"), &empty).ok());
  EXPECT_THAT(NamesWhere("health_model = \"banks\""), ElementsAre("large", "none", "small"));
  EXPECT_EQ(error::ReasonOf(
                Do(DeleteHealthModel, Parse<v1::DeleteHealthModelRequest>("name: 'healthModels/default'"), &empty)),
            "MODEL_BUILT_IN");
}

TEST_F(HealthTest, AModelIsForAccountsAndNotForTheirHealth) {
  const auto reason = [&](const std::string& filter) {
    return error::ReasonOf(
        CreateModel("health_model { display_name: 'x' filter: '" + filter + "' " + kUsage + " }").status());
  };
  EXPECT_EQ(reason("health < 50"), "MODEL_FILTER_COLUMN");
  EXPECT_EQ(reason("sector = \"a\" AND NOT risk:usage_drop"), "MODEL_FILTER_COLUMN");
  EXPECT_EQ(reason("sectr = \"a\""), "FILTER_COLUMN_UNKNOWN");
}

TEST_F(HealthTest, EveryFaultOfAModelIsToldAtOnce) {
  constexpr char kWrong[] = R"(
      filter: 'sectr = "a"'
      dimensions { id: 'd' weight: -1
                   measures { measure: 'usage_levl' weight: 1 ramp { full_at: 1 } }
                   measures { measure: 'usage_level' weight: 1 window_days: 9999 ramp { full_at: 1 } } })";
  const auto is_whole = ::testing::ElementsAre(
      "health_model.display_name", "health_model.dimensions[0].measures[1].window_days",
      "health_model.dimensions[0].weight", "health_model.dimensions[0].measures[0].measure", "health_model.filter");
  const auto fields = [](const absl::Status& status) {
    std::vector<std::string> named;
    for (const error::Fault& fault : error::FaultsOf(status)) named.push_back(fault.field);
    return named;
  };
  v1::HealthModel stored;
  EXPECT_THAT(fields(Do(CreateHealthModel,
                        Parse<v1::CreateHealthModelRequest>("health_model { " + std::string(kWrong) + " }"), &stored)),
              is_whole);
  EXPECT_THAT(fields(Do(UpdateHealthModel,
                        Parse<v1::UpdateHealthModelRequest>("update_mask { paths: '*' } health_model { name: "
                                                            "'healthModels/default' " +
                                                            std::string(kWrong) + " }"),
                        &stored)),
              is_whole);
}

TEST_F(HealthTest, AModelReadsCustomFieldsWhichThenStay) {
  v1::CustomField field;
  const auto define = Parse<v1::CreateCustomFieldRequest>(
      R"(custom_field_id: "plan" custom_field { collection: "accounts" display_name: "Plan"
         type: CUSTOM_FIELD_TYPE_CHOICE choices: "basic" choices: "pro" })");
  ASSERT_TRUE(Run(engine::kCustomField, &engine::Collection::Create, define, &field).status.ok());
  Account("acme", "custom_fields { key: 'plan' value { choice: 'pro' } }");
  ASSERT_TRUE(CreateModel("health_model_id: 'plans' health_model { display_name: 'Plans' filter: 'custom.plan:*' "
                          "dimensions { id: 'fit' weight: 1 measures { measure: 'custom.plan' weight: 1 "
                          "choices { choices { choice: 'pro' credit: 0.9 } } } } }")
                  .ok());
  ASSERT_TRUE(Publish("healthModels/plans").ok());
  EXPECT_EQ(Entry("acme").health().score(), 90);
  const v1::HealthScore score = Explain("account: 'accounts/acme'");
  EXPECT_EQ(score.contributions(0).choice(), "pro");
  EXPECT_EQ(score.contributions(0).unit(), "choice");
  Open();
  EXPECT_EQ(Entry("acme").health().score(), 90);

  google::protobuf::Empty empty;
  const auto remove = [&] {
    return Run(engine::kCustomField, &engine::Collection::Delete,
               Parse<v1::DeleteCustomFieldRequest>("name: 'customFields/plan'"), &empty)
        .status;
  };
  EXPECT_EQ(error::ReasonOf(remove()), "MODEL_READS_FIELD");
  ASSERT_TRUE(Do(DeleteHealthModel, Parse<v1::DeleteHealthModelRequest>("name: 'healthModels/plans'"), &empty).ok());
  EXPECT_TRUE(remove().ok());
}

TEST_F(HealthTest, APreviewSaysWhatPublishingDoes) {
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  Account("a", "annual_recurring_revenue { currency_code: 'EUR' units: 100 nanos: 10000000 }");
  Account("b", "annual_recurring_revenue { currency_code: 'EUR' units: 7 }");
  Account("c", "annual_recurring_revenue { currency_code: 'EUR' units: 1 }");
  Use("a", "2024-06-10", 9);
  Use("b", "2024-06-10", 6);
  v1::PreviewHealthModelRequest request;
  *request.mutable_inline_model() = Parse<v1::HealthModel>(
      "name: 'healthModels/default' display_name: 'stricter' dimensions { id: 'usage' weight: 1 measures { measure: "
      "'usage_level' weight: 1 ramp { zero_at: 0 full_at: 15 } } }");
  std::vector<int64_t> told;
  const auto preview = PreviewHealthModel(*workspace_, request, [&](int64_t done, int64_t total) {
    told.push_back(done);
    EXPECT_EQ(total, 3);
    return true;
  });
  ASSERT_TRUE(preview.ok()) << preview.status();
  EXPECT_THAT(told, ElementsAre(0, 3));
  EXPECT_EQ(preview->moved_count(), 2);
  EXPECT_EQ(preview->changed_count(), 2);
  EXPECT_EQ(preview->moved_arr().units(), 107);
  EXPECT_EQ(preview->moved_arr().nanos(), 10000000);
  EXPECT_DOUBLE_EQ(preview->mean_before(), 75);
  EXPECT_DOUBLE_EQ(preview->mean_after(), 50);
  ASSERT_EQ(preview->movers_size(), 2);
  EXPECT_EQ(preview->movers(0).account(), "accounts/a");
  EXPECT_EQ(preview->movers(0).score_before(), 90);
  EXPECT_EQ(preview->movers(0).score_after(), 60);
  EXPECT_EQ(preview->migrations_size(), 3);
  EXPECT_EQ(Entry("a").health().score(), 90) << "nothing is published";

  const auto stopped = PreviewHealthModel(*workspace_, request, [](int64_t, int64_t) { return false; });
  EXPECT_TRUE(absl::IsCancelled(stopped.status()));
}

TEST_F(HealthTest, MeasuresAreListedWithCustomFields) {
  v1::CustomField field;
  const auto define = Parse<v1::CreateCustomFieldRequest>(
      R"(custom_field_id: "visits" custom_field { collection: "accounts" display_name: "Visits"
         type: CUSTOM_FIELD_TYPE_NUMBER })");
  ASSERT_TRUE(Run(engine::kCustomField, &engine::Collection::Create, define, &field).status.ok());
  v1::ListMeasuresResponse response;
  ListMeasures(*workspace_, error::Locale::kFrench, &response);
  std::vector<std::string> names;
  for (const auto& measure : response.measures()) names.push_back(measure.name());
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_THAT(names, ::testing::Contains("custom.visits"));
  EXPECT_THAT(names, ::testing::Contains("usage_trend"));
}

}  // namespace

}  // namespace folio::portfolio
