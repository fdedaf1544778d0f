// What was done to facts, one by one: seeded writes against a model, page by page, over restarts.
#include "server/portfolio/fact_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "server/portfolio/facts.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {
namespace {

using testing::ElementsAre;

class FactHistoryTest : public WorkspaceTest {
 protected:
  FactHistoryTest() {
    for (const char* id : {"a", "b"}) {
      EXPECT_TRUE(CreateAccount(std::string("account_id: '") + id + "' account { display_name: 'A' }").ok());
    }
    begin_ = workspace_->storage().head();
  }

  static v1::Fact Usage(int number, const std::string& account, int64_t count) {
    v1::Fact fact;
    fact.set_account("accounts/" + account);
    fact.set_source_id(std::to_string(number));
    fact.mutable_event_time()->set_seconds(1'700'000'000);
    fact.mutable_usage()->set_count(count);
    return fact;
  }

  void Put(const std::vector<v1::Fact>& facts) {
    v1::BatchUpsertFactsRequest request;
    for (const v1::Fact& fact : facts) *request.add_facts() = fact;
    v1::BatchUpsertFactsResponse response;
    ASSERT_TRUE(Do(&BatchUpsertFacts, request, &response).ok());
  }

  void Delete(int number) {
    v1::DeleteFactRequest request;
    request.set_name(NameOf(number));
    google::protobuf::Empty response;
    ASSERT_TRUE(Do(&DeleteFact, request, &response).ok());
  }

  static std::string NameOf(int number) { return "facts/usage~default~" + std::to_string(number); }

  // "C 1", "U 1 was 5", "D 1 was 6".
  static std::string TextOf(const v1::FactChange& change) {
    std::string text = v1::ChangeType_Name(change.type()).substr(std::string("CHANGE_TYPE_").size(), 1) + " " +
                       change.name().substr(change.name().rfind('~') + 1);
    EXPECT_EQ(change.actor(), kActor);
    EXPECT_EQ(change.has_before(), change.type() != v1::CHANGE_TYPE_CREATED);
    if (change.has_before()) text += " was " + std::to_string(change.before().usage().count());
    return text;
  }

  std::vector<std::string> History(int page_size, storage::Revision through = 0) {
    v1::ListFactChangesRequest request;
    request.set_after_revision(begin_);
    request.set_through_revision(through);
    request.set_page_size(page_size);
    std::vector<std::string> texts;
    while (true) {
      v1::ListFactChangesResponse page;
      const absl::Status status = ListFactChanges(*workspace_, request, &page);
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_LE(page.changes_size(), page_size);
      for (const v1::FactChange& change : page.changes()) texts.push_back(TextOf(change));
      if (page.next_page_token().empty()) return texts;
      request.set_page_token(page.next_page_token());
    }
  }

  std::string Reason(const std::string& text) {
    v1::ListFactChangesResponse page;
    return error::ReasonOf(ListFactChanges(*workspace_, Parse<v1::ListFactChangesRequest>(text), &page));
  }

  storage::Revision begin_ = 0;
};

TEST_F(FactHistoryTest, TellsWhatIsNewReplacedMovedAndDeleted) {
  Put({Usage(1, "a", 1), Usage(2, "a", 2)});
  Put({Usage(1, "a", 11), Usage(3, "a", 3)});
  const storage::Revision middle = workspace_->storage().head();
  Put({Usage(2, "b", 22)});  // moves: a new key, and no new fact
  Delete(3);
  Put({Usage(3, "b", 33)});
  for (const int page_size : {1, 2, 3, 100}) {
    EXPECT_THAT(History(page_size), ElementsAre("C 1", "C 2", "U 1 was 1", "C 3", "U 2 was 2", "D 3 was 3", "C 3"))
        << page_size;
    EXPECT_THAT(History(page_size, middle), ElementsAre("C 1", "C 2", "U 1 was 1", "C 3")) << page_size;
  }
}

TEST_F(FactHistoryTest, AFactThatABatchHasTwiceIsToldOnce) {
  Put({Usage(1, "a", 1), Usage(1, "b", 2), Usage(1, "a", 3)});
  Put({Usage(1, "a", 4), Usage(1, "b", 5)});
  EXPECT_THAT(History(1), ElementsAre("C 1", "U 1 was 3"));
}

TEST_F(FactHistoryTest, TheLastChangeOfAFactTellsItsEtag) {
  Put({Usage(1, "a", 1), Usage(2, "a", 2), Usage(3, "a", 3)});
  Put({Usage(2, "b", 22), Usage(3, "a", 3)});  // the third is what it was
  Delete(1);
  v1::ListFactChangesRequest request;
  request.set_after_revision(begin_);
  v1::ListFactChangesResponse page;
  ASSERT_TRUE(ListFactChanges(*workspace_, request, &page).ok());
  std::map<std::string, std::string> last;
  for (const v1::FactChange& change : page.changes()) last[change.name()] = change.etag();
  ASSERT_EQ(last.size(), 3u);
  EXPECT_EQ(last[NameOf(1)], "\"0\"");
  for (const int number : {2, 3}) {
    v1::GetFactRequest get;
    get.set_name(NameOf(number));
    v1::Fact fact;
    ASSERT_TRUE(GetFact(*workspace_, get, &fact).ok());
    EXPECT_EQ(last[NameOf(number)], fact.etag()) << number;
  }
}

TEST_F(FactHistoryTest, RefusesRevisionsThatAreNotThere) {
  Put({Usage(1, "a", 1)});
  EXPECT_EQ(Reason("after_revision: 99"), "REVISION_IN_FUTURE");
  EXPECT_EQ(Reason("through_revision: 99"), "REVISION_IN_FUTURE");
  EXPECT_EQ(Reason("page_token: 'nonsense'"), "PAGE_TOKEN_MALFORMED");
  ASSERT_TRUE(store_.Compact(begin_ + 1).ok());
  EXPECT_EQ(Reason("after_revision: 0"), "LOG_COMPACTED");
  EXPECT_THAT(History(5), ElementsAre("C 1"));
}

TEST_F(FactHistoryTest, TakenTogetherTheChangesLeadFromNothingToWhatIsThere) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::map<int, int64_t> now;
  const auto below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
  for (int step = 0; step < 120; ++step) {
    if (!now.empty() && below(4) == 0) {
      const int number = std::next(now.begin(), below(static_cast<unsigned>(now.size())))->first;
      Delete(number);
      now.erase(number);
      continue;
    }
    std::vector<v1::Fact> facts;
    for (int i = below(6); i >= 0; --i) {
      facts.push_back(Usage(below(25), below(3) == 0 ? "b" : "a", below(1000)));
      now[std::stoi(facts.back().source_id())] = facts.back().usage().count();
    }
    Put(facts);
    if (below(20) == 0) Open();
  }
  const std::vector<std::string> whole = History(1000);
  EXPECT_EQ(History(7), whole);
  // Played backwards from what is there, each change finds what it has left, and leaves what it has found.
  std::set<int> there;
  for (const auto& [number, count] : now) there.insert(number);
  for (auto change = whole.rbegin(); change != whole.rend(); ++change) {
    const int number = std::stoi(change->substr(2));
    EXPECT_EQ(there.contains(number), change->front() != 'D') << *change;
    change->front() == 'C' ? (void)there.erase(number) : (void)there.insert(number);
  }
  EXPECT_TRUE(there.empty());
}

}  // namespace
}  // namespace folio::portfolio
