// A workspace with what tests of health models and scores do with it.
#pragma once

#include <string>
#include <vector>

#include "folio/v1/health.pb.h"
#include "folio/v1/health_model.pb.h"
#include "server/portfolio/facts.h"
#include "server/portfolio/health.h"
#include "server/portfolio/history.h"
#include "server/portfolio/model_drafts.h"
#include "server/portfolio/queries.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {

// A model of one measure: ten uses in a month give all points.
inline constexpr char kUsage[] =
    "dimensions { id: 'usage' weight: 1 measures { measure: 'usage_level' weight: 1 ramp { zero_at: 0 full_at: 10 } } "
    "}";

class HealthTest : public WorkspaceTest {
 protected:
  absl::StatusOr<v1::HealthModel> CreateModel(const std::string& text) {
    v1::HealthModel model;
    const auto outcome =
        Run(engine::kHealthModel, &engine::Collection::Create, Parse<v1::CreateHealthModelRequest>(text), &model);
    if (!outcome.status.ok()) return outcome.status;
    return model;
  }

  absl::StatusOr<v1::HealthModelVersion> Publish(const std::string& name) {
    v1::PublishHealthModelRequest request;
    request.set_name(name);
    request.set_note("tried");
    v1::HealthModelVersion version;
    const auto status = Do(PublishHealthModel, request, &version);
    if (!status.ok()) return status;
    return version;
  }

  absl::StatusOr<v1::HealthModel> UpdateModel(const std::string& text) {
    v1::UpdateHealthModelRequest request;
    *request.mutable_health_model() = Parse<v1::HealthModel>(text);
    v1::HealthModel model;
    const auto status = Do(UpdateHealthModel, request, &model);
    if (!status.ok()) return status;
    return model;
  }

  void Account(const std::string& id, const std::string& more = "") {
    const auto made = CreateAccount("account_id: '" + id + "' account { display_name: '" + id + "' " + more + " }");
    ASSERT_TRUE(made.ok()) << made.status();
  }

  void Use(const std::string& account, const std::string& day, int64_t count) {
    v1::BatchUpsertFactsRequest request;
    v1::Fact* fact = request.add_facts();
    fact->set_account("accounts/" + account);
    fact->set_source_id(account + day);
    *fact->mutable_event_time() = ToProtoTime(ParseInstant(day + "T09:00:00Z").value());
    fact->mutable_usage()->set_count(count);
    v1::BatchUpsertFactsResponse response;
    ASSERT_TRUE(Do(BatchUpsertFacts, request, &response).ok());
  }

  v1::PortfolioEntry Entry(const std::string& account) {
    v1::ListPortfolioRequest request;
    request.set_filter("display_name = \"" + account + "\"");
    v1::ListPortfolioResponse response;
    EXPECT_TRUE(ListPortfolio(*workspace_, request, &response).ok());
    return response.entries_size() == 1 ? response.entries(0) : v1::PortfolioEntry();
  }

  std::vector<std::string> NamesWhere(const std::string& filter) {
    v1::ListPortfolioRequest request;
    request.set_filter(filter);
    request.set_order_by("display_name");
    v1::ListPortfolioResponse response;
    const auto status = ListPortfolio(*workspace_, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> names;
    for (const auto& entry : response.entries()) names.push_back(entry.display_name());
    return names;
  }

  v1::HealthScore Explain(const std::string& text) {
    v1::HealthScore score;
    const auto status =
        ExplainHealth(*workspace_, Parse<v1::ExplainHealthRequest>(text), error::Locale::kEnglish, &score);
    EXPECT_TRUE(status.ok()) << status;
    double sum = 0;
    for (const auto& contribution : score.contributions()) sum += contribution.points();
    EXPECT_NEAR(sum, score.raw(), 1e-9);
    return score;
  }

  std::vector<v1::HealthScore> History(const std::string& account, int page_size = 0) {
    v1::ListHealthHistoryRequest request;
    request.set_account("accounts/" + account);
    request.set_page_size(page_size);
    std::vector<v1::HealthScore> scores;
    do {
      v1::ListHealthHistoryResponse page;
      const auto status = ListHealthHistory(*workspace_, request, &page);
      EXPECT_TRUE(status.ok()) << status;
      scores.insert(scores.end(), page.scores().begin(), page.scores().end());
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return scores;
  }

  absl::Status Override(const std::string& text) {
    v1::HealthOverride override;
    return Run(engine::kHealthOverride, &engine::Collection::Update, Parse<v1::UpdateHealthOverrideRequest>(text),
               &override)
        .status;
  }

  void GoTo(const std::string& day) {
    clock_.Set(ParseInstant(day + "T10:00:00Z").value());
    workspace_->Tick();
    Settle();
  }
};

}  // namespace folio::portfolio
