// Health scores, models and their proofs as clients of the server meet them.
#include <set>
#include <thread>
#include <vector>

#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/custom_field.grpc.pb.h"
#include "folio/v1/fact.grpc.pb.h"
#include "folio/v1/health.grpc.pb.h"
#include "folio/v1/health_model.grpc.pb.h"
#include "folio/v1/health_proof.grpc.pb.h"
#include "folio/v1/portfolio.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "server/base/date.h"
#include "server/base/limits.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

using ::testing::HasSubstr;

constexpr char kUsage[] =
    "display_name: 'Usage' dimensions { id: 'usage' weight: 1 measures { measure: 'usage_level' weight: 1 "
    "ramp { zero_at: 0 full_at: 10 } } }";

class HealthServerTest : public testing::Test {
 protected:
  HealthServerTest()
      : channel_(server_.NewChannel()),
        key_(server_.admin_key()),
        health_(v1::HealthService::NewStub(channel_)),
        models_(v1::HealthModelService::NewStub(channel_)),
        proofs_(v1::HealthProofService::NewStub(channel_)) {}

  template <class Message>
  static Message Parse(const std::string& text) {
    Message message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
    return message;
  }

  Day Today() {
    v1::ServerInfo info;
    EXPECT_TRUE(GetInfo(channel_, key_, &info).ok());
    return FromProto(info.as_of()).value();
  }

  // An account that used the product so many times yesterday, and has told whether it stays.
  void Create(const std::string& id, int64_t uses, const std::string& more = "") {
    const auto request =
        Parse<v1::CreateAccountRequest>("account_id: '" + id + "' account { display_name: '" + id + "' " + more + " }");
    v1::Account account;
    const auto created =
        v1::AccountService::NewStub(channel_)->CreateAccount(NewContext(key_).get(), request, &account);
    ASSERT_TRUE(created.ok()) << created.error_message();
    v1::BatchUpsertFactsRequest facts;
    v1::Fact* fact = facts.add_facts();
    fact->set_account("accounts/" + id);
    fact->set_source_id(id);
    *fact->mutable_event_time() = ToProtoTime(server_.clock().Now() - int64_t{86'400} * 1'000'000);
    fact->mutable_usage()->set_count(uses);
    v1::BatchUpsertFactsResponse response;
    const auto written = v1::FactService::NewStub(channel_)->BatchUpsertFacts(NewContext(key_).get(), facts, &response);
    ASSERT_TRUE(written.ok()) << written.error_message();
  }

  void CreateModel(const std::string& id, const std::string& model) {
    const auto request =
        Parse<v1::CreateHealthModelRequest>("health_model_id: '" + id + "' health_model { " + model + " }");
    v1::HealthModel created;
    const auto status = models_->CreateHealthModel(NewContext(key_).get(), request, &created);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  // A flag that is true for the first `events` of `count` accounts.
  void CreateOutcomes(int count, int events) {
    v1::CustomField field;
    const auto define = Parse<v1::CreateCustomFieldRequest>(
        "custom_field_id: 'left' custom_field { collection: 'accounts' display_name: 'Left' "
        "type: CUSTOM_FIELD_TYPE_FLAG }");
    ASSERT_TRUE(
        v1::CustomFieldService::NewStub(channel_)->CreateCustomField(NewContext(key_).get(), define, &field).ok());
    for (int i = 0; i < count; ++i) {
      const std::string left = i < events ? "true" : "false";
      Create("a" + std::to_string(i), i % 7, "custom_fields { key: 'left' value { flag: " + left + " } }");
    }
  }

  // Reads a stream to its end; what comes last is in `last`.
  template <class Reader, class Message>
  static grpc::Status ReadAll(const std::unique_ptr<Reader>& reader, std::vector<Message>* messages) {
    Message message;
    while (reader->Read(&message)) messages->push_back(message);
    return reader->Finish();
  }

  TestServer server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string key_;
  std::unique_ptr<v1::HealthService::Stub> health_;
  std::unique_ptr<v1::HealthModelService::Stub> models_;
  std::unique_ptr<v1::HealthProofService::Stub> proofs_;
};

TEST_F(HealthServerTest, ExplainsNowAsOfADayAndAsOfARevision) {
  CreateModel("usage", kUsage);
  Create("acme", 5);
  auto request = Parse<v1::ExplainHealthRequest>("account: 'accounts/acme' model: 'healthModels/usage' fact_limit: 3");
  v1::HealthScore now;
  ASSERT_TRUE(health_->ExplainHealth(NewContext(key_, "fr").get(), request, &now).ok());
  EXPECT_EQ(now.score(), 50);
  ASSERT_EQ(now.contributions_size(), 1);
  EXPECT_EQ(now.contributions(0).facts_size(), 1);
  EXPECT_THAT(now.model_reason(), HasSubstr("modèle"));

  Create("other", 1);
  v1::Fact more;
  v1::BatchUpsertFactsRequest facts;
  *facts.add_facts() = Parse<v1::Fact>("account: 'accounts/acme' source_id: 'late' usage { count: 4 }");
  *facts.mutable_facts(0)->mutable_event_time() = ToProtoTime(server_.clock().Now());
  v1::BatchUpsertFactsResponse written;
  ASSERT_TRUE(v1::FactService::NewStub(channel_)->BatchUpsertFacts(NewContext(key_).get(), facts, &written).ok());
  v1::HealthScore later;
  ASSERT_TRUE(health_->ExplainHealth(NewContext(key_).get(), request, &later).ok());
  EXPECT_EQ(later.score(), 90);
  request.set_as_of_revision(now.computed_through());
  ASSERT_TRUE(health_->ExplainHealth(NewContext(key_).get(), request, &later).ok());
  EXPECT_EQ(later.score(), 50);
  EXPECT_EQ(later.computed_through(), now.computed_through());
  request.set_as_of_revision(1'000'000);
  EXPECT_EQ(ReasonOf(health_->ExplainHealth(NewContext(key_).get(), request, &later)), "REVISION_NOT_REACHED");
  request.set_as_of_revision(-1);
  EXPECT_EQ(ReasonOf(health_->ExplainHealth(NewContext(key_).get(), request, &later)), "FIELD_OUT_OF_RANGE");

  v1::ExplainHealthChangeRequest change;
  change.set_account("accounts/acme");
  *change.mutable_from() = ToProtoDate(Today() - 1);
  v1::HealthChange changed;
  ASSERT_TRUE(health_->ExplainHealthChange(NewContext(key_).get(), change, &changed).ok());
  EXPECT_NEAR(changed.difference(), changed.due_to_facts() + changed.due_to_time() + changed.due_to_model(), 1e-9);
  *change.mutable_to() = ToProtoDate(Today() + 1);
  EXPECT_EQ(ReasonOf(health_->ExplainHealthChange(NewContext(key_).get(), change, &changed)), "FUTURE_DATE");
}

TEST_F(HealthServerTest, OverridesAreSetByEditors) {
  Create("acme", 5);
  v1::UpdateHealthOverrideRequest set;
  set.mutable_health_override()->set_name("healthOverrides/acme");
  set.mutable_health_override()->set_score(12);
  set.mutable_health_override()->set_reason("their buyer said so");
  *set.mutable_health_override()->mutable_expire_date() = ToProtoDate(Today() + 30);
  set.set_allow_missing(true);
  v1::HealthOverride override;
  EXPECT_EQ(
      health_->UpdateHealthOverride(NewContext(server_.NewKey(v1::ROLE_READER)).get(), set, &override).error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_TRUE(health_->UpdateHealthOverride(NewContext(key_).get(), set, &override).ok());
  EXPECT_FALSE(override.author().empty());
  v1::ListHealthOverridesResponse list;
  ASSERT_TRUE(health_->ListHealthOverrides(NewContext(key_).get(), {}, &list).ok());
  ASSERT_EQ(list.health_overrides_size(), 1);
  v1::ListPortfolioRequest where;
  where.set_filter("health = 12 AND health_overridden = true");
  v1::ListPortfolioResponse found;
  ASSERT_TRUE(v1::PortfolioService::NewStub(channel_)->ListPortfolio(NewContext(key_).get(), where, &found).ok());
  EXPECT_EQ(found.entries_size(), 1);
  *set.mutable_health_override()->mutable_expire_date() = ToProtoDate(Today());
  EXPECT_EQ(ReasonOf(health_->UpdateHealthOverride(NewContext(key_).get(), set, &override)), "OVERRIDE_EXPIRY");
  v1::DeleteHealthOverrideRequest take_back;
  take_back.set_name("healthOverrides/acme");
  google::protobuf::Empty nothing;
  ASSERT_TRUE(health_->DeleteHealthOverride(NewContext(key_).get(), take_back, &nothing).ok());
  v1::GetHealthOverrideRequest get;
  get.set_name("healthOverrides/acme");
  EXPECT_EQ(ReasonOf(health_->GetHealthOverride(NewContext(key_).get(), get, &override)), "RESOURCE_NOT_FOUND");
}

TEST_F(HealthServerTest, HistoryKeepsWhatWasPublished) {
  Create("acme", 5);
  v1::ListHealthHistoryRequest request;
  request.set_account("accounts/acme");
  request.set_page_size(1);
  v1::ListHealthHistoryResponse page;
  // It is written moments later.
  ASSERT_TRUE(Eventually([&] {
    const grpc::Status status = health_->ListHealthHistory(NewContext(key_).get(), request, &page);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return !status.ok() || !page.scores().empty();
  }));
  ASSERT_FALSE(page.scores().empty());
  EXPECT_EQ(page.scores(0).model(), "healthModels/default");
  request.mutable_from()->set_year(2024);
  request.mutable_from()->set_month(6);
  request.mutable_from()->set_day(1);
  *request.mutable_to() = request.from();
  request.mutable_to()->set_month(5);
  EXPECT_EQ(ReasonOf(health_->ListHealthHistory(NewContext(key_).get(), request, &page)), "DATE_ORDER");
  request.clear_from();
  request.clear_to();
  request.set_account("accounts/nobody");
  EXPECT_EQ(ReasonOf(health_->ListHealthHistory(NewContext(key_).get(), request, &page)), "RESOURCE_NOT_FOUND");
}

TEST_F(HealthServerTest, ModelsGoFromDraftToVersion) {
  CreateModel("usage", kUsage);
  Create("acme", 5);
  v1::PublishHealthModelRequest publish;
  publish.set_name("healthModels/usage");
  v1::HealthModelVersion version;
  EXPECT_EQ(
      models_->PublishHealthModel(NewContext(server_.NewKey(v1::ROLE_READER)).get(), publish, &version).error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_TRUE(models_->PublishHealthModel(NewContext(key_).get(), publish, &version).ok());
  EXPECT_EQ(version.version(), 1);
  v1::ListHealthModelsResponse list;
  ASSERT_TRUE(models_->ListHealthModels(NewContext(key_).get(), {}, &list).ok());
  EXPECT_EQ(list.health_models_size(), 2);
  v1::ListHealthModelVersionsResponse versions;
  ASSERT_TRUE(models_->ListHealthModelVersions(NewContext(key_).get(), {}, &versions).ok());
  EXPECT_EQ(versions.health_model_versions_size(), 2);
  v1::ListMeasuresResponse measures;
  ASSERT_TRUE(models_->ListMeasures(NewContext(key_, "fr").get(), {}, &measures).ok());
  EXPECT_GT(measures.measures_size(), 40);

  const auto bad = Parse<v1::CreateHealthModelRequest>(
      "health_model { display_name: 'x' dimensions { id: 'a' weight: 1 measures { measure: 'usage_levl' weight: -1 "
      "ramp { zero_at: 0 full_at: 10 } } } }");
  v1::HealthModel model;
  const grpc::Status refused = models_->CreateHealthModel(NewContext(key_).get(), bad, &model);
  std::set<std::string> fields;
  const auto faults = DetailOf<google::rpc::BadRequest>(refused);
  for (const auto& fault : faults.field_violations()) fields.insert(fault.field());
  EXPECT_THAT(fields, testing::IsSupersetOf({std::string("health_model.dimensions[0].measures[0].measure"),
                                             std::string("health_model.dimensions[0].measures[0].weight")}));

  const auto replay = Parse<v1::ReplayHealthModelRequest>(
      "account: 'accounts/acme' model: 'healthModels/usage' from { year: 2024 month: 6 day: 1 }");
  v1::ReplayHealthModelResponse scores;
  ASSERT_TRUE(models_->ReplayHealthModel(NewContext(key_).get(), replay, &scores).ok());
  EXPECT_EQ(scores.scores(scores.scores_size() - 1).score(), 50);
}

TEST_F(HealthServerTest, APreviewTellsItsProgressAndThenTheAnswer) {
  Create("acme", 5);
  Create("other", 10);
  v1::PreviewHealthModelRequest request;
  *request.mutable_inline_model() = Parse<v1::HealthModel>(kUsage);
  const auto context = NewContext(key_);
  std::vector<v1::PreviewHealthModelResponse> messages;
  ASSERT_TRUE(ReadAll(models_->PreviewHealthModel(context.get(), request), &messages).ok());
  ASSERT_GE(messages.size(), 2u);
  EXPECT_FALSE(messages.front().has_preview());
  EXPECT_EQ(messages.back().done_count(), 2);
  EXPECT_EQ(messages.back().total_count(), 2);
  ASSERT_TRUE(messages.back().has_preview());

  request.set_filter("sectr = 1");
  const auto wrong = NewContext(key_);
  messages.clear();
  EXPECT_EQ(ReasonOf(ReadAll(models_->PreviewHealthModel(wrong.get(), request), &messages)), "FILTER_COLUMN_UNKNOWN");
  const auto empty = NewContext(key_);
  EXPECT_FALSE(ReadAll(models_->PreviewHealthModel(empty.get(), {}), &messages).ok());
}

TEST_F(HealthServerTest, ABacktestTellsItsProgressAndThenTheReport) {
  CreateOutcomes(40, 20);
  auto request =
      Parse<v1::BacktestHealthModelRequest>("outcome { custom_field { custom_field: 'left' value: 'true' } }");
  *request.mutable_inline_model() = Parse<v1::HealthModel>(kUsage);
  const auto context = NewContext(key_);
  std::vector<v1::BacktestHealthModelResponse> messages;
  const grpc::Status status = ReadAll(proofs_->BacktestHealthModel(context.get(), request), &messages);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_TRUE(messages.back().has_report());
  EXPECT_EQ(messages.back().done_count(), messages.back().total_count());
  EXPECT_EQ(messages.back().report().overall().event_count(), 20);
  EXPECT_EQ(messages.back().report().overall().account_count(), 40);
  for (size_t i = 0; i + 1 < messages.size(); ++i) EXPECT_FALSE(messages[i].has_report());
}

TEST_F(HealthServerTest, BadOutcomesSayHowToMendThem) {
  CreateOutcomes(12, 4);
  const auto backtest = [&](const std::string& rest) {
    auto request = Parse<v1::BacktestHealthModelRequest>(rest);
    const auto context = NewContext(key_, "fr");
    std::vector<v1::BacktestHealthModelResponse> messages;
    return ReadAll(proofs_->BacktestHealthModel(context.get(), request), &messages);
  };
  const std::string model = "model: 'healthModels/default' ";
  for (const std::string& wrong : std::vector<std::string>{
           model, "outcome { churn {} }", model + "outcome { custom_field { custom_field: 'lft' value: 'true' } }",
           model + "outcome { custom_field { custom_field: 'left' value: 'maybe' } }",
           model + "outcome { churn {} horizon_days: -1 }", model + "outcome { churn {} } segment_by: 'arr'",
           model + "outcome { churn {} } filter: 'arr >'", model + "outcome { churn {} } step_days: 9999",
           model + "outcome { churn {} } last_cutoff { year: 2999 month: 1 day: 1 }",
           "model: 'healthModels/none' outcome { churn {} }"}) {
    const grpc::Status status = backtest(wrong);
    EXPECT_FALSE(status.ok()) << wrong;
    EXPECT_NE(ReasonOf(status), "") << wrong;
    EXPECT_NE(ReasonOf(status), "INTERNAL") << wrong;
    EXPECT_THAT(DetailOf<google::rpc::LocalizedMessage>(status).locale(), HasSubstr("fr")) << wrong;
  }
  v1::FitHealthModelRequest fit;
  *fit.mutable_inline_model() = Parse<v1::HealthModel>(kUsage);
  *fit.mutable_outcome() = Parse<v1::HealthOutcome>("custom_field { custom_field: 'left' value: 'true' }");
  const auto context = NewContext(key_);
  std::vector<v1::FitHealthModelResponse> messages;
  const grpc::Status too_few = ReadAll(proofs_->FitHealthModel(context.get(), fit), &messages);
  EXPECT_EQ(ReasonOf(too_few), "OUTCOMES_TOO_FEW");
  EXPECT_THAT(too_few.error_message(), HasSubstr("4"));
}

TEST_F(HealthServerTest, AFitLearnsADraft) {
  CreateOutcomes(120, 60);
  v1::FitHealthModelRequest fit;
  *fit.mutable_inline_model() = Parse<v1::HealthModel>(kUsage);
  *fit.mutable_outcome() = Parse<v1::HealthOutcome>("custom_field { custom_field: 'left' value: 'true' }");
  const auto context = NewContext(key_);
  std::vector<v1::FitHealthModelResponse> messages;
  const grpc::Status status = ReadAll(proofs_->FitHealthModel(context.get(), fit), &messages);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(messages.back().has_fit());
}

TEST_F(HealthServerTest, WhoHasTheAnswerToAProofMayAskForTheNext) {
  CreateOutcomes(2, 1);
  v1::FitHealthModelRequest fit;
  *fit.mutable_inline_model() = Parse<v1::HealthModel>(kUsage);
  *fit.mutable_outcome() = Parse<v1::HealthOutcome>("custom_field { custom_field: 'left' value: 'true' }");
  for (int i = 0; i < 10 * limits::kProofsMax; ++i) {
    const auto context = NewContext(key_);
    std::vector<v1::FitHealthModelResponse> messages;
    ASSERT_EQ(ReasonOf(ReadAll(proofs_->FitHealthModel(context.get(), fit), &messages)), "OUTCOMES_TOO_FEW") << i;
  }
}

// Proofs hold a worker each. Whoever goes away frees the place for the next.
TEST_F(HealthServerTest, OnlyAFewProofsRunAtOnceAndACancelledOneFreesItsPlace) {
  CreateOutcomes(60, 30);
  v1::BacktestHealthModelRequest request;
  *request.mutable_inline_model() = Parse<v1::HealthModel>(kUsage);
  *request.mutable_outcome() = Parse<v1::HealthOutcome>("churn {}");
  request.set_step_days(1);
  std::vector<std::thread> callers;
  std::atomic<int> done = 0;
  std::atomic<int> refused = 0;
  std::atomic<int> other = 0;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&, i] {
      for (int round = 0; round < 5; ++round) {
        const auto context = NewContext(key_);
        const auto reader = proofs_->BacktestHealthModel(context.get(), request);
        if (i % 3 == 0) context->TryCancel();
        std::vector<v1::BacktestHealthModelResponse> messages;
        const grpc::Status status = ReadAll(reader, &messages);
        if (status.ok()) {
          ++done;
        } else if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
          ++refused;
          EXPECT_EQ(ReasonOf(status), "OVERLOADED");
        } else if (status.error_code() != grpc::StatusCode::CANCELLED) {
          ++other;
          ADD_FAILURE() << status.error_code() << " " << status.error_message();
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(other, 0);
  // Whatever came before, the places are free again.
  grpc::Status status;
  EXPECT_TRUE(Eventually([&] {
    const auto context = NewContext(key_);
    std::vector<v1::BacktestHealthModelResponse> messages;
    status = ReadAll(proofs_->BacktestHealthModel(context.get(), request), &messages);
    return status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED;
  }));
  EXPECT_TRUE(status.ok()) << status.error_message();
}

}  // namespace
}  // namespace folio::rpc
