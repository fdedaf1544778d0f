// Facts of every kind: which need an account, what is refused, and that each can be listed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "folio/v1/fact.pb.h"
#include "server/portfolio/facts.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {
namespace {

class FactTest : public WorkspaceTest {
 protected:
  FactTest() { EXPECT_TRUE(CreateAccount("account_id: 'a' account { display_name: 'A' }").ok()); }

  absl::Status Put(const std::string& text) {
    v1::BatchUpsertFactsRequest request;
    *request.add_facts() = Parse<v1::Fact>("source_id: 's' event_time { seconds: 1000 } " + text);
    v1::BatchUpsertFactsResponse response;
    std::promise<absl::Status> promise;
    BatchUpsertFacts(*workspace_, kActor, request, &response,
                     [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
    return promise.get_future().get();
  }

  std::string Reason(const std::string& text) { return error::ReasonOf(Put(text)); }

  int Listed(const std::string& account) {
    v1::ListFactsRequest request;
    request.set_account(account);
    v1::ListFactsResponse response;
    EXPECT_TRUE(ListFacts(*workspace_, request, &response).ok());
    return response.facts_size();
  }
};

constexpr char kFive[] = "amount { currency_code: 'USD' units: 5 }";

// One of each kind, and whether it may belong to nobody.
const std::vector<std::pair<std::string, bool>>& OneOfEachKind() {
  static const auto& kinds = *new std::vector<std::pair<std::string, bool>>{
      {"usage { count: 1 }", false},
      {"interaction { type: INTERACTION_TYPE_CALL }", false},
      {"ticket { priority: TICKET_PRIORITY_LOW }", false},
      {"survey_answer { kind: SURVEY_KIND_NPS score: 9 }", true},
      {std::string("payment { due_date { year: 2024 month: 1 day: 1 } ") + kFive + " }", false},
      {"contact_change { type: CONTACT_CHANGE_TYPE_LEFT }", false},
      {std::string("order { ") + kFive + " }", true},
      {std::string("refund { ") + kFive + " }", true},
      {std::string("cost { category: COST_CATEGORY_RETENTION ") + kFive + " }", true},
      {"conversation { channel: 'chat' }", true},
      {"engagement { type: 'webinar' }", false},
  };
  return kinds;
}

TEST_F(FactTest, EveryKindIsListedWithItsAccountAndAfterARestart) {
  ASSERT_EQ(static_cast<int>(OneOfEachKind().size()), v1::Fact::descriptor()->FindOneofByName("detail")->field_count());
  for (const auto& [detail, alone] : OneOfEachKind())
    EXPECT_EQ(Reason("account: 'accounts/a' " + detail), "") << detail;
  EXPECT_EQ(Listed("accounts/a"), static_cast<int>(OneOfEachKind().size()));
  Open();
  EXPECT_EQ(Listed("accounts/a"), static_cast<int>(OneOfEachKind().size()));
  EXPECT_EQ(Listed(""), 0);
}

TEST_F(FactTest, SomeKindsMayBelongToNobody) {
  int alone_count = 0;
  for (const auto& [detail, alone] : OneOfEachKind()) {
    EXPECT_EQ(Reason(detail), alone ? "" : "FACT_WITHOUT_ACCOUNT") << detail;
    alone_count += alone ? 1 : 0;
  }
  EXPECT_EQ(Listed(""), alone_count);
  Open();
  EXPECT_EQ(Listed(""), alone_count);
}

TEST_F(FactTest, AWriteCanBeBoundToWhatWasRead) {
  const std::string a = "account: 'accounts/a' ";
  const std::string name = "facts/usage~default~s";
  const auto etag = [&] {
    v1::GetFactRequest request;
    request.set_name(name);
    v1::Fact fact;
    EXPECT_TRUE(GetFact(*workspace_, request, &fact).ok());
    return fact.etag();
  };
  const auto with = [](const std::string& sent) { return "etag: '" + sent + "' "; };
  const auto remove = [&](const std::string& sent) {
    const auto request = Parse<v1::DeleteFactRequest>("name: '" + name + "' " + with(sent));
    google::protobuf::Empty response;
    return error::ReasonOf(Do(&DeleteFact, request, &response));
  };
  const std::string none = "\"0\"";
  EXPECT_EQ(Reason(a + "usage { count: 1 } " + with("\"77\"")), "ETAG_MISMATCH") << "there is none";
  EXPECT_EQ(Reason(a + "usage { count: 1 } " + with(none)), "");
  EXPECT_EQ(Reason(a + "usage { count: 2 } " + with(none)), "ETAG_MISMATCH") << "there is one";
  const std::string first = etag();
  EXPECT_EQ(Reason(a + "usage { count: 1 } " + with(first)), "");
  EXPECT_EQ(etag(), first) << "nothing was written";
  EXPECT_EQ(Reason(a + "usage { count: 2 } " + with(first)), "");
  EXPECT_NE(etag(), first);
  EXPECT_EQ(Reason(a + "usage { count: 3 } " + with(first)), "ETAG_MISMATCH");
  EXPECT_EQ(Reason(a + "usage { count: 3 }"), "") << "unconditional, as ever";
  const std::string third = etag();
  v1::ListFactsRequest list;
  for (const char* account : {"accounts/a", "accounts/-"}) {
    list.set_account(account);
    v1::ListFactsResponse page;
    ASSERT_TRUE(ListFacts(*workspace_, list, &page).ok());
    EXPECT_EQ(page.facts(0).etag(), third);
  }
  EXPECT_EQ(remove(first), "ETAG_MISMATCH");
  EXPECT_EQ(remove(none), "ETAG_MISMATCH");
  Open();
  EXPECT_EQ(etag(), third);
  EXPECT_EQ(remove(third), "");
  EXPECT_EQ(remove(third), "RESOURCE_NOT_FOUND");
}

// Many writers add one to the same fact, each from what it has read: no addition is lost, whether the write that it
// races with is on the disk, in the group before, or in the same group.
TEST_F(FactTest, OfWritersThatRaceNoneIsLost) {
  constexpr int kWriters = 6;
  constexpr int kAdditions = 25;
  ASSERT_EQ(Reason("account: 'accounts/a' usage { count: 0 }"), "");
  const auto add = [&] {
    for (int done = 0; done < kAdditions;) {
      v1::GetFactRequest get;
      get.set_name("facts/usage~default~s");
      v1::BatchUpsertFactsRequest request;
      ASSERT_TRUE(GetFact(*workspace_, get, request.add_facts()).ok());
      v1::Usage& usage = *request.mutable_facts(0)->mutable_usage();
      usage.set_count(usage.count() + 1);
      v1::BatchUpsertFactsResponse response;
      const absl::Status status = Do(&BatchUpsertFacts, request, &response);
      if (status.ok()) {
        ++done;
      } else {
        ASSERT_EQ(error::ReasonOf(status), "ETAG_MISMATCH");
      }
    }
  };
  std::vector<std::jthread> writers;
  for (int i = 0; i < kWriters; ++i) writers.emplace_back(add);
  writers.clear();
  v1::GetFactRequest get;
  get.set_name("facts/usage~default~s");
  v1::Fact fact;
  ASSERT_TRUE(GetFact(*workspace_, get, &fact).ok());
  EXPECT_EQ(fact.usage().count(), kWriters * kAdditions);
}

TEST_F(FactTest, ThoseOfNobodyArePagedByTheirKeys) {
  v1::BatchUpsertFactsRequest batch;
  for (int i = 0; i < 950; ++i) {
    auto fact = Parse<v1::Fact>(i % 100 == 7 ? std::string("refund { ") + kFive + " }"
                                             : "survey_answer { kind: SURVEY_KIND_NPS score: 9 }");
    fact.set_source_id(std::to_string(i));
    fact.mutable_event_time()->set_seconds(1'700'000'000 + (i * 7919) % 950);
    *batch.add_facts() = fact;
  }
  v1::BatchUpsertFactsResponse written;
  std::promise<absl::Status> promise;
  BatchUpsertFacts(*workspace_, kActor, batch, &written,
                   [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
  ASSERT_TRUE(promise.get_future().get().ok());
  for (const auto& [narrow, expected, size, counted] :
       {std::tuple("", 950, 100, 950), std::tuple("kinds: FACT_KIND_REFUND", 10, 3, 0),
        std::tuple("start_time { seconds: 1700000900 }", 50, 20, 0)}) {
    auto request = Parse<v1::ListFactsRequest>(narrow);
    request.set_page_size(size);
    std::vector<std::string> names;
    while (true) {
      v1::ListFactsResponse page;
      ASSERT_TRUE(ListFacts(*workspace_, request, &page).ok());
      ASSERT_LE(page.facts_size(), size);
      EXPECT_EQ(page.total_size(), counted);
      for (const v1::Fact& fact : page.facts()) names.push_back(fact.source_id());
      if (page.next_page_token().empty()) break;
      request.set_page_token(page.next_page_token());
    }
    ASSERT_EQ(names.size(), static_cast<size_t>(expected)) << narrow;
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end(), [](const auto& a, const auto& b) {
      return std::stoi(a) > std::stoi(b);
    })) << "the ones that came last first";
  }
  EXPECT_EQ(error::ReasonOf([&] {
              auto request = Parse<v1::ListFactsRequest>("page_token: 'nonsense'");
              v1::ListFactsResponse page;
              return ListFacts(*workspace_, request, &page);
            }()),
            "PAGE_TOKEN_MALFORMED");
}

TEST_F(FactTest, AllOfThemArePagedByTheirKeys) {
  ASSERT_TRUE(CreateAccount("account_id: 'b' account { display_name: 'B' }").ok());
  v1::BatchUpsertFactsRequest batch;
  for (int i = 0; i < 90; ++i) {
    auto fact = Parse<v1::Fact>(i % 10 == 7 ? std::string("refund { ") + kFive + " }"
                                            : "survey_answer { kind: SURVEY_KIND_NPS score: 9 }");
    fact.set_source_id(std::to_string(i));
    fact.mutable_event_time()->set_seconds(1'700'000'000 + (i * 7919) % 90);
    if (i % 3 != 0) fact.set_account(i % 3 == 1 ? "accounts/a" : "accounts/b");
    *batch.add_facts() = fact;
  }
  v1::BatchUpsertFactsResponse written;
  ASSERT_TRUE(Do(&BatchUpsertFacts, batch, &written).ok());
  for (const auto& [narrow, expected] : {std::pair("", 90), std::pair("kinds: FACT_KIND_REFUND", 9),
                                         std::pair("end_time { seconds: 1700000050 }", 50)}) {
    auto request = Parse<v1::ListFactsRequest>(narrow);
    request.set_account("accounts/-");
    request.set_page_size(7);
    std::vector<int> ids;
    while (true) {
      v1::ListFactsResponse page;
      ASSERT_TRUE(ListFacts(*workspace_, request, &page).ok());
      ASSERT_LE(page.facts_size(), 7);
      for (const v1::Fact& fact : page.facts()) ids.push_back(std::stoi(fact.source_id()));
      if (page.next_page_token().empty()) break;
      request.set_page_token(page.next_page_token());
    }
    EXPECT_EQ(static_cast<int>(ids.size()), expected) << narrow;
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end())) << "the ones that came first first";
  }
}

TEST_F(FactTest, AFactFindsItsAccountLaterAndLosesItAgain) {
  const std::string order = std::string("order { ") + kFive + " } ";
  ASSERT_TRUE(Put(order).ok());
  ASSERT_TRUE(Put(order + "account: 'accounts/a'").ok());
  EXPECT_EQ(Listed(""), 0);
  EXPECT_EQ(Listed("accounts/a"), 1);
  ASSERT_TRUE(Put(order).ok());
  EXPECT_EQ(Listed(""), 1);
  EXPECT_EQ(Listed("accounts/a"), 0);
  v1::DeleteFactRequest request;
  request.set_name("facts/order~default~s");
  google::protobuf::Empty empty;
  std::promise<absl::Status> promise;
  DeleteFact(*workspace_, kActor, request, &empty,
             [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
  ASSERT_TRUE(promise.get_future().get().ok());
  EXPECT_EQ(Listed(""), 0);
}

TEST_F(FactTest, SurveysKeepToTheirScale) {
  const auto survey = [&](const std::string& text) { return Reason("survey_answer { " + text + " }"); };
  EXPECT_EQ(survey("kind: SURVEY_KIND_NPS score: 0"), "");
  EXPECT_EQ(survey("kind: SURVEY_KIND_NPS score: 10 scale_max: 10"), "");
  EXPECT_EQ(survey("kind: SURVEY_KIND_NPS score: 11"), "SCORE_OUT_OF_SCALE");
  EXPECT_EQ(survey("kind: SURVEY_KIND_NPS score: 8.5"), "SCORE_OUT_OF_SCALE");
  EXPECT_EQ(survey("kind: SURVEY_KIND_NPS score: 4 scale_max: 5"), "NPS_SCALE");
  EXPECT_EQ(survey("kind: SURVEY_KIND_CES score: 4"), "SCALE_INVALID");
  EXPECT_EQ(survey("kind: SURVEY_KIND_CES score: 4 scale_min: 1 scale_max: 7 low_is_easy: true"), "");
  EXPECT_EQ(survey("kind: SURVEY_KIND_CSAT score: 0 scale_min: 1 scale_max: 5"), "SCORE_OUT_OF_SCALE");
  EXPECT_EQ(survey("score: 4"), "FIELD_REQUIRED");
}

TEST_F(FactTest, TimesThatCannotBeAreRefused) {
  const std::string a = "account: 'accounts/a' ";
  EXPECT_EQ(Reason(a + "ticket { close_time { seconds: 999 } }"), "DATE_ORDER");
  EXPECT_EQ(Reason(a + "ticket { resolve_time { seconds: 999 } }"), "DATE_ORDER");
  EXPECT_EQ(Reason(a + "ticket { reopen_times { seconds: 3000 } reopen_times { seconds: 2000 } }"), "DATE_ORDER");
  EXPECT_EQ(Reason(a + "ticket { contact_count: 0 }"), "FIELD_OUT_OF_RANGE");
  const std::string client = "messages { send_time { seconds: 2000 } author: MESSAGE_AUTHOR_CLIENT } ";
  const std::string agent = "messages { send_time { seconds: 1999 } author: MESSAGE_AUTHOR_AGENT } ";
  EXPECT_EQ(Reason("conversation { " + agent + client + " }"), "");
  EXPECT_EQ(Reason("conversation { " + client + agent + " }"), "DATE_ORDER");
  EXPECT_EQ(Reason("conversation { messages { send_time { seconds: 2000 } } }"), "FIELD_REQUIRED");
  const std::string cost = std::string("cost { category: COST_CATEGORY_OTHER ") + kFive;
  EXPECT_EQ(Reason(cost + " start_date { year: 2024 month: 2 day: 1 } end_date { year: 2024 month: 3 day: 1 } }"), "");
  EXPECT_EQ(Reason(cost + " start_date { year: 2024 month: 2 day: 1 } end_date { year: 2024 month: 2 day: 1 } }"),
            "DATE_ORDER");
  EXPECT_EQ(Reason(cost + " end_date { year: 2024 month: 2 day: 1 } }"), "FIELD_REQUIRED");
}

TEST_F(FactTest, AmountsKeepTheirCurrencyWhichMustExist) {
  EXPECT_EQ(Reason("order { amount { currency_code: 'JPY' units: 500 } }"), "");
  EXPECT_EQ(Reason("order { amount { currency_code: 'XYZ' units: 500 } }"), "CURRENCY_UNKNOWN");
  EXPECT_EQ(Reason("order { amount { currency_code: 'EUR' units: -5 } }"), "MONEY_INVALID");
  EXPECT_EQ(Reason("cost { amount { currency_code: 'EUR' units: 5 } }"), "FIELD_REQUIRED");
  EXPECT_EQ(
      Reason("order { amount { currency_code: 'EUR' units: 5 } items { product: 'x' amount { currency_code: 'USD' "
             "units: 5 } } }"),
      "CURRENCY_OF_ORDER");
}

}  // namespace
}  // namespace folio::portfolio
