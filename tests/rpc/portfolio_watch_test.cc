// Watches of the portfolio as clients of the server meet them.
#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/fact.grpc.pb.h"
#include "folio/v1/portfolio.grpc.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/date.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

using ::testing::ElementsAre;

// An open watch.
struct Watch {
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientReader<v1::WatchPortfolioResponse>> reader;
  v1::WatchPortfolioResponse last;

  bool Read() { return reader->Read(&last); }

  // Reads until a row comes, and gives "CHANGED acme" of each row of that message.
  std::vector<std::string> Rows() {
    while (Read()) {
      if (last.changes().empty()) continue;
      std::vector<std::string> rows;
      for (const v1::PortfolioChange& change : last.changes()) {
        const std::string type = v1::PortfolioChangeType_Name(change.type());
        rows.push_back(type.substr(type.rfind('_') + 1) + " " + change.entry().account().substr(9));
      }
      return rows;
    }
    return {};
  }

  std::string End() {
    context->TryCancel();
    while (Read()) {
    }
    return ReasonOf(reader->Finish());
  }
};

class PortfolioWatchTest : public testing::Test {
 protected:
  PortfolioWatchTest() : channel_(server_.NewChannel()), key_(server_.admin_key()) {}

  void Create(const std::string& id, const std::string& sector) {
    v1::CreateAccountRequest request;
    request.set_account_id(id);
    request.mutable_account()->set_display_name(id);
    request.mutable_account()->set_sector(sector);
    v1::Account account;
    ASSERT_TRUE(v1::AccountService::NewStub(channel_)->CreateAccount(NewContext(key_).get(), request, &account).ok());
  }

  void Update(const std::string& id, const std::string& sector) {
    v1::UpdateAccountRequest request;
    request.mutable_account()->set_name("accounts/" + id);
    request.mutable_account()->set_sector(sector);
    request.mutable_update_mask()->add_paths("sector");
    v1::Account account;
    ASSERT_TRUE(v1::AccountService::NewStub(channel_)->UpdateAccount(NewContext(key_).get(), request, &account).ok());
  }

  Watch Begin(const std::string& filter, const std::string& token = "") {
    v1::WatchPortfolioRequest request;
    request.set_filter(filter);
    request.set_resume_token(token);
    Watch watch{.context = NewContext(key_), .reader = nullptr, .last = {}};
    watch.reader = v1::PortfolioService::NewStub(channel_)->WatchPortfolio(watch.context.get(), request);
    return watch;
  }

  TestServer server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string key_;
};

TEST_F(PortfolioWatchTest, TellsRowsThenWhatBecomesOfThem) {
  Create("acme", "Bank");
  Create("globex", "Shop");
  Watch watch = Begin("sector = \"Bank\"");
  EXPECT_THAT(watch.Rows(), ElementsAre("INITIAL acme"));
  EXPECT_TRUE(watch.last.initial_complete());
  EXPECT_FALSE(watch.last.begins_again());
  EXPECT_GT(watch.last.revision(), 0);
  EXPECT_EQ(watch.last.computed_through(), watch.last.revision());
  EXPECT_EQ(FormatDay(*FromProto(watch.last.as_of())), "2024-12-31");
  Update("globex", "Bank");
  EXPECT_THAT(watch.Rows(), ElementsAre("ENTERED globex"));
  EXPECT_EQ(watch.last.changes(0).entry().sector(), "Bank");
  Update("acme", "Shop");
  EXPECT_THAT(watch.Rows(), ElementsAre("LEFT acme"));
  watch.End();
}

TEST_F(PortfolioWatchTest, AFactShowsInTheScoreOfItsRow) {
  Create("acme", "Bank");
  Watch watch = Begin("");
  EXPECT_THAT(watch.Rows(), ElementsAre("INITIAL acme"));
  const double coverage = watch.last.changes(0).entry().health().coverage();
  v1::BatchUpsertFactsRequest facts;
  v1::Fact* fact = facts.add_facts();
  fact->set_account("accounts/acme");
  fact->set_source_id("f");
  *fact->mutable_event_time() = ToProtoTime(server_.clock().Now());
  fact->mutable_survey_answer()->set_kind(v1::SURVEY_KIND_NPS);
  fact->mutable_survey_answer()->set_score(10);
  v1::BatchUpsertFactsResponse written;
  const auto sent = v1::FactService::NewStub(channel_)->BatchUpsertFacts(NewContext(key_).get(), facts, &written);
  ASSERT_TRUE(sent.ok()) << sent.error_message();
  EXPECT_THAT(watch.Rows(), ElementsAre("CHANGED acme"));
  EXPECT_GT(watch.last.changes(0).entry().health().coverage(), coverage);
  watch.End();
}

TEST_F(PortfolioWatchTest, GoesOnWhereItEndedWithoutGapOrRepeat) {
  Create("acme", "Bank");
  Watch watch = Begin("sector = \"Bank\"");
  EXPECT_THAT(watch.Rows(), ElementsAre("INITIAL acme"));
  const std::string token = watch.last.resume_token();
  Create("globex", "Bank");
  EXPECT_THAT(watch.Rows(), ElementsAre("ENTERED globex"));  // and then it is lost
  Update("acme", "Shop");

  // The first stream is open still: its client is gone, and the server does not know it.
  Watch resumed = Begin("sector = \"Bank\"", token);
  std::vector<std::string> rows = resumed.Rows();
  EXPECT_FALSE(resumed.last.begins_again());
  if (rows.size() == 1) {
    for (std::string& row : resumed.Rows()) rows.push_back(std::move(row));
  }
  EXPECT_THAT(rows, ::testing::UnorderedElementsAre("ENTERED globex", "LEFT acme"));
  EXPECT_FALSE(watch.Rows().size() > 1);
  watch.End();
  const std::string later = resumed.last.resume_token();
  resumed.End();

  Create("initech", "Bank");
  Watch third = Begin("sector = \"Bank\"", later);
  EXPECT_THAT(third.Rows(), ElementsAre("ENTERED initech"));
  third.End();
}

TEST_F(PortfolioWatchTest, BeginsAgainAndSaysSoWhereTheServerWasStartedAnew) {
  Create("acme", "Bank");
  Watch watch = Begin("");
  EXPECT_THAT(watch.Rows(), ElementsAre("INITIAL acme"));
  const std::string token = watch.last.resume_token();
  watch.End();
  server_.Restart();
  channel_ = server_.NewChannel();
  Watch again = Begin("", token);
  EXPECT_THAT(again.Rows(), ElementsAre("INITIAL acme"));
  EXPECT_TRUE(again.last.begins_again());
  again.End();
}

TEST_F(PortfolioWatchTest, WrongFiltersAndTokensAreRefused) {
  Create("acme", "Bank");
  Watch watch = Begin("");
  ASSERT_TRUE(watch.Read());
  const std::string token = watch.last.resume_token();
  watch.End();
  const auto reason = [this](const std::string& filter, const std::string& resume) {
    Watch refused = Begin(filter, resume);
    EXPECT_FALSE(refused.Read());
    return ReasonOf(refused.reader->Finish());
  };
  EXPECT_EQ(reason("sectr = \"Bank\"", ""), "FILTER_COLUMN_UNKNOWN");
  EXPECT_EQ(reason("sector = \"Bank\"", token), "RESUME_TOKEN_FOREIGN");
  EXPECT_EQ(reason("", "0" + token), "RESUME_TOKEN_FOREIGN");
  EXPECT_EQ(reason("", token + "x"), "RESUME_TOKEN_MALFORMED");
  EXPECT_EQ(reason("", "nonsense"), "RESUME_TOKEN_MALFORMED");
}

}  // namespace
}  // namespace folio::rpc
