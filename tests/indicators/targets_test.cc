// Targets of indicators: what is refused, how they are judged, and what is recorded of it.
#include "server/indicators/targets.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "folio/store/v1/log.pb.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/indicators/custom_indicators.h"
#include "server/indicators/target_judge.h"
#include "server/indicators/target_state.h"
#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class TargetsTest : public IndicatorTest {
 protected:
  TargetsTest() { StartJudge(); }

  void Restart(const std::string& instant) {
    judge_.reset();
    MoveTo(instant);
    StartJudge();
  }

  void StartJudge() { judge_ = std::make_unique<TargetJudge>(*workspace_); }

  // Judges until nothing is due: what a judgement records makes another look due, which must find nothing new.
  void JudgeAll() {
    constexpr int kRoundsMax = 1'000;
    int rounds = 0;
    for (; judge_->IsDue() && rounds < kRoundsMax; ++rounds) ASSERT_TRUE(judge_->Judge().ok());
    ASSERT_LT(rounds, kRoundsMax) << "it is never done";
  }

  // A target of the text of an IndicatorTarget.
  absl::Status Create(const std::string& id, const std::string& text) {
    v1::CreateIndicatorTargetRequest request;
    request.set_indicator_target_id(id);
    *request.mutable_indicator_target() = Parse<v1::IndicatorTarget>(text);
    v1::IndicatorTarget created;
    return Do(&CreateTarget, request, &created);
  }

  // The same of today's NPS with an alert below 0 that is over from 40 on, and more.
  void CreateNps(const std::string& id, const std::string& more = "") {
    const absl::Status status = Create(id, Nps("goal: 50 alert { raise_at: 0 clear_at: 40 }" + more));
    ASSERT_TRUE(status.ok()) << status;
    JudgeAll();
  }
  static std::string Nps(const std::string& more) {
    return "display_name: 'NPS' indicator: 'nps' grain: PERIOD_GRAIN_DAY period: TARGET_PERIOD_RUNNING " + more;
  }

  absl::Status Update(const std::string& text) {
    v1::UpdateIndicatorTargetRequest request;
    *request.mutable_indicator_target() = Parse<v1::IndicatorTarget>(text);
    v1::IndicatorTarget updated;
    return Do(&UpdateTarget, request, &updated);
  }

  v1::IndicatorTarget Stored(const std::string& id) {
    v1::GetIndicatorTargetRequest request;
    request.set_name("indicatorTargets/" + id);
    v1::IndicatorTarget target;
    const absl::Status status = workspace_->collection(engine::kIndicatorTarget).Get(request, &target);
    EXPECT_TRUE(status.ok()) << status;
    return target;
  }

  v1::IndicatorTarget Shown(const std::string& id, error::Locale locale = error::Locale::kEnglish) {
    v1::IndicatorTarget target = Stored(id);
    judge_->Show(locale, &target);
    return target;
  }

  std::string StateOf(const std::string& id) {
    const std::string name = v1::IndicatorTargetState_Name(Stored(id).state());
    return name.substr(std::string("INDICATOR_TARGET_STATE_").size());
  }

  // The one answer of today, which there is once whatever it was before; judged.
  void Answer(int score) {
    AddNps("today", "acme", FormatInstant(clock_.Now()), score, "ann");
    JudgeAll();
  }

  // States of a target that the log tells of, in order, with those who wrote them.
  std::vector<std::string> Log(const std::string& id) {
    std::vector<std::string> told;
    const absl::Status read = workspace_->storage().ReadLog(0, [&](storage::Revision, std::string_view bytes) {
      engine::log::LogEntry entry;
      EXPECT_TRUE(entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
      for (const engine::log::Change& change : entry.changes()) {
        if (change.kind() != engine::kIndicatorTarget || change.id() != id) continue;
        v1::IndicatorTarget target;
        EXPECT_TRUE(target.ParseFromString(change.data()));
        const std::string state = v1::IndicatorTargetState_Name(target.state());
        told.push_back(state.substr(std::string("INDICATOR_TARGET_STATE_").size()) +
                       (entry.actor() == "system" ? "" : " by " + entry.actor()));
      }
      return true;
    });
    EXPECT_TRUE(read.ok()) << read;
    return told;
  }

  std::string FaultOf(const absl::Status& status) {
    if (status.ok()) return "OK";
    const error::Fault fault = error::FaultsOf(status).at(0);
    return fault.field.empty() ? fault.reason : fault.field + " " + fault.reason;
  }

  std::unique_ptr<TargetJudge> judge_;
};

TEST_F(TargetsTest, AValueThatWaversAboutTheThresholdRaisesOnce) {
  AddAccount("acme");
  CreateNps("nps", "severity: SIGNAL_SEVERITY_HIGH");
  EXPECT_EQ(StateOf("nps"), "UNKNOWN");  // nothing was answered
  AddNps("other", "acme", FormatInstant(clock_.Now()), 9, "bob");
  // With one promoter beside it: 100, 50, 0 for a promoter, a passive, a detractor.
  Answer(9);
  EXPECT_EQ(StateOf("nps"), "ON_TARGET");
  AddNps("other", "acme", FormatInstant(clock_.Now()), 7, "bob");
  // With one passive beside it: 50, 0, -50. It wavers about the threshold of 0.
  Answer(3);
  EXPECT_EQ(StateOf("nps"), "ALERTING");
  for (int i = 0; i < 5; ++i) {
    Answer(8);
    EXPECT_EQ(StateOf("nps"), "ALERTING");  // 0 is no longer below 0, and below 40
    Answer(2);
    EXPECT_EQ(StateOf("nps"), "ALERTING");
  }
  Answer(10);
  EXPECT_EQ(StateOf("nps"), "ON_TARGET");
  Answer(8);
  EXPECT_EQ(StateOf("nps"), "OFF_TARGET");  // between alert and goal
  EXPECT_THAT(Log("nps"), testing::ElementsAre("UNKNOWN by apiKeys/test", "UNKNOWN", "ON_TARGET", "ALERTING",
                                               "ON_TARGET", "OFF_TARGET"));
}

TEST_F(TargetsTest, TheReadingIsTheNewestAndTheStateTellsSinceWhen) {
  AddAccount("acme");
  CreateNps("nps");
  Answer(3);
  const v1::IndicatorTarget raised = Stored("nps");
  EXPECT_EQ(raised.reading().value().number(), -100);
  EXPECT_TRUE(raised.reading().judged());
  EXPECT_EQ(FromProto(raised.state_time()), clock_.Now());
  clock_.Set(ParseInstant("2024-12-31T13:00:00Z").value());
  Answer(8);
  EXPECT_EQ(Stored("nps").reading().value().number(), -100);  // of the change of state
  const v1::IndicatorTarget shown = Shown("nps");
  EXPECT_EQ(shown.reading().value().number(), 0);
  EXPECT_EQ(shown.reading().value().sample_size(), 1);
  EXPECT_GT(shown.reading().value().as_of_revision(), raised.reading().value().as_of_revision());
  EXPECT_EQ(FromProto(shown.reading().read_time()), clock_.Now());
  EXPECT_EQ(shown.state_time().seconds(), raised.state_time().seconds());
  EXPECT_EQ(shown.etag(), raised.etag());
}

TEST_F(TargetsTest, WhereLowerIsBetterItIsMirrored) {
  AddAccount("acme");
  ASSERT_TRUE(Create("effort",
                     "display_name: 'Effort' indicator: 'ces' grain: PERIOD_GRAIN_DAY "
                     "period: TARGET_PERIOD_RUNNING goal: 2 alert { raise_at: 4 clear_at: 3 }")
                  .ok());
  const auto answer = [&](int score) {
    AddFact("ces", "acme", FormatInstant(clock_.Now()),
            "survey_answer { kind: SURVEY_KIND_CES score: " + std::to_string(score) +
                " scale_min: 1 scale_max: 7 low_is_easy: true respondent: 'ann' }");
    JudgeAll();
    return StateOf("effort");
  };
  EXPECT_EQ(answer(4), "OFF_TARGET");
  EXPECT_EQ(answer(5), "ALERTING");
  EXPECT_EQ(answer(4), "ALERTING");
  EXPECT_EQ(answer(3), "OFF_TARGET");
  EXPECT_EQ(answer(2), "ON_TARGET");
  EXPECT_FALSE(Stored("effort").higher_is_better());
}

TEST_F(TargetsTest, SmallSamplesAndAbsencesKeepTheStateAndTellSo) {
  AddAccount("acme");
  CreateNps("nps", "min_sample_size: 2");
  Answer(3);
  EXPECT_EQ(StateOf("nps"), "UNKNOWN");
  EXPECT_FALSE(Stored("nps").reading().judged());
  AddNps("second", "acme", FormatInstant(clock_.Now()), 3, "bob");
  JudgeAll();
  EXPECT_EQ(StateOf("nps"), "ALERTING");
  EXPECT_EQ(Stored("nps").reading().value().sample_size(), 2);
  // The next day nobody has answered yet.
  Restart("2025-01-01T12:00:00Z");
  JudgeAll();
  const v1::IndicatorTarget target = Stored("nps");
  EXPECT_EQ(target.state(), v1::INDICATOR_TARGET_STATE_ALERTING);
  EXPECT_EQ(target.reading().value().absence(), v1::ABSENCE_NO_DATA);
  EXPECT_FALSE(target.reading().judged());
  EXPECT_EQ(FormatInstant(FromProto(target.state_time())).substr(0, 10), "2024-12-31");
}

TEST_F(TargetsTest, ARestartNeitherRepeatsNorLoses) {
  AddAccount("acme");
  CreateNps("nps");
  Answer(3);
  const auto before = Log("nps");
  const storage::Revision head = workspace_->storage().head();
  Restart(FormatInstant(clock_.Now()));
  JudgeAll();
  EXPECT_EQ(Log("nps"), before);
  EXPECT_EQ(workspace_->storage().head(), head);
  // The memory of having been raised comes from the store: 0 does not end it.
  Answer(8);
  EXPECT_EQ(StateOf("nps"), "ALERTING");
  // What changed while nobody judged is found at the next look.
  judge_.reset();
  AddNps("today", "acme", FormatInstant(clock_.Now()), 10, "ann");
  Restart(FormatInstant(clock_.Now()));
  JudgeAll();
  EXPECT_EQ(StateOf("nps"), "ON_TARGET");
  EXPECT_EQ(Shown("nps").reading().value().number(), 100);
}

TEST_F(TargetsTest, ATickOfTheDayIsReasonToJudge) {
  AddAccount("acme");
  ASSERT_TRUE(Create("orders",
                     "display_name: 'Orders' indicator: 'aov' grain: PERIOD_GRAIN_MONTH "
                     "alert { raise_at: 100 }")
                  .ok());
  EXPECT_EQ(Stored("orders").period(), v1::TARGET_PERIOD_LAST_COMPLETE);
  AddFact("order", "acme", "2024-12-30T10:00:00Z", "order { " + AmountText(50) + " }");
  JudgeAll();
  EXPECT_EQ(StateOf("orders"), "UNKNOWN");  // November is the last complete month, and has no order
  clock_.Set(ParseInstant("2025-01-01T00:00:01Z").value());
  workspace_->Tick();
  Settle();
  ASSERT_TRUE(judge_->IsDue());
  JudgeAll();
  EXPECT_EQ(StateOf("orders"), "ALERTING");
  EXPECT_EQ(MicrosOf(Stored("orders").reading().value()), 50 * kMicrosPerUnit);
  EXPECT_EQ(Stored("orders").reading().value().period().start_date().month(), 12);
}

TEST_F(TargetsTest, FiltersChooseTheAccounts) {
  AddAccount("small", "Retail");
  AddSubscription("small", "small", "2024-01-01", "", 1'000);
  AddAccount("large", "FinTech");
  AddSubscription("large", "large", "2024-01-01", "", 9'000);
  ASSERT_TRUE(Create("arr",
                     "display_name: 'ARR of retail' indicator: 'arr' filter: 'sector = Retail' "
                     "grain: PERIOD_GRAIN_MONTH goal: 1000.5")
                  .ok());
  JudgeAll();
  EXPECT_EQ(Stored("arr").period(), v1::TARGET_PERIOD_RUNNING);
  EXPECT_EQ(Stored("arr").unit(), v1::INDICATOR_UNIT_MONEY);
  EXPECT_EQ(StateOf("arr"), "OFF_TARGET");
  EXPECT_EQ(MicrosOf(Shown("arr").reading().value()), 1'000 * kMicrosPerUnit);
  AddSubscription("small", "small", "2024-01-01", "", 1'001);
  JudgeAll();
  EXPECT_EQ(StateOf("arr"), "ON_TARGET");
}

TEST_F(TargetsTest, OtherThresholdsAreJudgedAnew) {
  AddAccount("acme");
  CreateNps("nps");
  Answer(3);
  ASSERT_TRUE(Update("name: 'indicatorTargets/nps' display_name: 'Promoters' owner: 'ann'").ok());
  EXPECT_EQ(StateOf("nps"), "ALERTING");
  ASSERT_TRUE(Update("name: 'indicatorTargets/nps' alert { raise_at: -100 clear_at: -50 }").ok());
  EXPECT_EQ(StateOf("nps"), "UNKNOWN");
  EXPECT_FALSE(Stored("nps").has_reading());
  JudgeAll();
  EXPECT_EQ(StateOf("nps"), "OFF_TARGET");
  EXPECT_EQ(Stored("nps").display_name(), "Promoters");
}

TEST_F(TargetsTest, WhatCannotBeWrittenIsWrittenLater) {
  AddAccount("acme");
  CreateNps("nps");
  AddNps("today", "acme", FormatInstant(clock_.Now()), 3, "ann");
  commits_fail_ = true;
  ASSERT_TRUE(judge_->IsDue());
  EXPECT_FALSE(judge_->Judge().ok());
  EXPECT_TRUE(judge_->IsDue());
  EXPECT_EQ(StateOf("nps"), "UNKNOWN");
  commits_fail_ = false;
  JudgeAll();
  EXPECT_EQ(StateOf("nps"), "ALERTING");
}

TEST_F(TargetsTest, AnIndicatorOfOnesOwnStaysWhileATargetReadsIt) {
  AddAccount("acme");
  AddSubscription("acme", "acme", "2024-01-01", "", 1'200);
  const auto write = [&](const std::string& formula, bool lower_is_better) {
    v1::UpdateCustomIndicatorRequest request;
    request.set_allow_missing(true);
    request.mutable_update_mask()->add_paths("*");
    request.mutable_custom_indicator()->set_name("customIndicators/per_account");
    request.mutable_custom_indicator()->set_display_name("Per account");
    request.mutable_custom_indicator()->set_formula(formula);
    request.mutable_custom_indicator()->set_lower_is_better(lower_is_better);
    v1::CustomIndicator written;
    return Do(&UpdateCustomIndicator, request, &written);
  };
  v1::DeleteCustomIndicatorRequest deletion;
  deletion.set_name("customIndicators/per_account");
  google::protobuf::Empty nothing;
  ASSERT_TRUE(write("arr / account_count", false).ok());
  ASSERT_TRUE(Create("ours",
                     "display_name: 'Ours' indicator: 'per_account' grain: PERIOD_GRAIN_MONTH "
                     "period: TARGET_PERIOD_RUNNING goal: 1000")
                  .ok());
  JudgeAll();
  EXPECT_EQ(StateOf("ours"), "ON_TARGET");
  const absl::Status refused = Do(&DeleteCustomIndicator, deletion, &nothing);
  EXPECT_EQ(error::ReasonOf(refused), "CUSTOM_INDICATOR_USED");
  EXPECT_NE(error::Localize(refused, error::Locale::kEnglish).find("indicatorTargets/ours"), std::string::npos);
  EXPECT_EQ(error::ReasonOf(write("account_count", false)), "CUSTOM_INDICATOR_USED");
  EXPECT_EQ(error::ReasonOf(write("arr / account_count", true)), "CUSTOM_INDICATOR_USED");
  ASSERT_TRUE(write("mrr / account_count", false).ok());  // of the same unit
  JudgeAll();
  EXPECT_EQ(StateOf("ours"), "OFF_TARGET");

  v1::DeleteIndicatorTargetRequest removal;
  removal.set_name("indicatorTargets/ours");
  ASSERT_TRUE(Run(engine::kIndicatorTarget, &engine::Collection::Delete, removal, &nothing).status.ok());
  JudgeAll();
  EXPECT_TRUE(Do(&DeleteCustomIndicator, deletion, &nothing).ok());
}

// What was right when the target was written need not be so for ever.
TEST_F(TargetsTest, WhatCannotBeComputedIsToldInBothLanguages) {
  AddAccount("acme");
  CreateNps("nps");
  Answer(3);
  v1::IndicatorTarget gone = Stored("nps");
  gone.set_indicator("npz");
  const engine::Writer writer(*engine::FindResource(engine::kIndicatorTarget), workspace_->rules());
  const auto outcome = workspace_->committer().Run({.actor = kActor, .apply = [&](engine::Transaction& transaction) {
                                                      const auto stored = writer.Read(transaction, "nps");
                                                      writer.Rewrite(transaction, "nps", **stored,
                                                                     std::make_shared<v1::IndicatorTarget>(gone));
                                                      return absl::OkStatus();
                                                    }});
  ASSERT_TRUE(outcome.status.ok());
  JudgeAll();
  const v1::IndicatorTarget stored = Stored("nps");
  EXPECT_EQ(stored.state(), v1::INDICATOR_TARGET_STATE_ALERTING);
  EXPECT_EQ(stored.reading().value().fault().reason(), "INDICATOR_UNKNOWN");
  EXPECT_FALSE(stored.reading().judged());
  EXPECT_THAT(Shown("nps").reading().value().fault().message(), testing::HasSubstr("did you mean 'nps'"));
  EXPECT_THAT(Shown("nps", error::Locale::kFrench).reading().value().fault().message(),
              testing::HasSubstr("vouliez-vous dire « nps »"));
}

TEST_F(TargetsTest, WhatIsRefused) {
  const std::string nps = "display_name: 'NPS' indicator: 'nps' grain: PERIOD_GRAIN_MONTH ";
  const auto fault = [&](const std::string& text) { return FaultOf(Create("t", text)); };
  EXPECT_EQ(fault(nps), "indicator_target.goal TARGET_EMPTY");
  EXPECT_EQ(fault(nps + "alert {}"), "indicator_target.alert.raise_at FIELD_REQUIRED");
  EXPECT_EQ(fault(nps + "goal: nan"), "indicator_target.goal FIELD_NOT_FINITE");
  EXPECT_EQ(fault(nps + "goal: 1 min_sample_size: -1"), "indicator_target.min_sample_size FIELD_OUT_OF_RANGE");
  EXPECT_EQ(fault(nps + "goal: 1 filter: 'sectr = Retail'"), "indicator_target.filter FILTER_COLUMN_UNKNOWN");
  EXPECT_EQ(fault("display_name: 'X' indicator: 'npz' grain: PERIOD_GRAIN_MONTH goal: 1"),
            "indicator_target.indicator INDICATOR_UNKNOWN");
  EXPECT_EQ(fault("display_name: 'X' indicator: 'nps' goal: 1"), "indicator_target.grain FIELD_REQUIRED");
  EXPECT_EQ(fault("indicator: 'nps' grain: PERIOD_GRAIN_DAY goal: 1"), "indicator_target.display_name FIELD_REQUIRED");
  EXPECT_EQ(fault(nps + "alert { raise_at: 30 clear_at: 20 }"), "indicator_target.alert.clear_at TARGET_ORDER");
  EXPECT_EQ(fault(nps + "goal: 25 alert { raise_at: 20 clear_at: 30 }"), "indicator_target.goal TARGET_ORDER");
  EXPECT_EQ(fault(nps + "goal: 25 alert { raise_at: 30 }"), "indicator_target.goal TARGET_ORDER");
  const std::string churn = "display_name: 'X' indicator: 'churn_rate' grain: PERIOD_GRAIN_MONTH ";
  EXPECT_EQ(fault(churn + "alert { raise_at: 0.05 clear_at: 0.06 }"), "indicator_target.alert.clear_at TARGET_ORDER");
  const absl::Status wrong = Create("t", churn + "goal: 0.05 alert { raise_at: 0.05 clear_at: 0.04 }");
  EXPECT_EQ(error::Localize(wrong, error::Locale::kEnglish),
            "indicator_target.goal is 0.05, on the wrong side of indicator_target.alert.clear_at; a lower value is "
            "better here, so give 0.04 or less");
  EXPECT_EQ(error::Localize(wrong, error::Locale::kFrench),
            "indicator_target.goal vaut 0.05, du mauvais côté de indicator_target.alert.clear_at ; ici une valeur plus "
            "basse est meilleure, donnez donc 0.04 ou moins");
  EXPECT_TRUE(AllTargets(*workspace_)->empty());
  EXPECT_EQ(FaultOf(Update("name: 'indicatorTargets/none' goal: 1")), "RESOURCE_NOT_FOUND");
  ASSERT_TRUE(Create("t", nps + "goal: 25 alert { raise_at: 20 clear_at: 25 }").ok());
  EXPECT_EQ(FaultOf(Update("name: 'indicatorTargets/t' goal: 24")), "indicator_target.goal TARGET_ORDER");
}

TEST_F(TargetsTest, ThereAreOnlySoMany) {
  const std::string text = "display_name: 'ARR' indicator: 'arr' grain: PERIOD_GRAIN_MONTH goal: 1";
  for (int i = 0; i < limits::kIndicatorTargetsMax; ++i) {
    ASSERT_TRUE(Create("t" + std::to_string(i), text).ok());
  }
  EXPECT_EQ(FaultOf(Create("more", text)), "TARGET_COUNT");
  EXPECT_TRUE(Update("name: 'indicatorTargets/t7' goal: 2").ok());
  JudgeAll();
  EXPECT_EQ(StateOf("t0"), StateOf("t99"));
  EXPECT_TRUE(Stored("t199").has_reading());
}

TEST_F(TargetsTest, ListsByStateIndicatorAndSeverity) {
  AddAccount("acme");
  CreateNps("a", "severity: SIGNAL_SEVERITY_HIGH");
  CreateNps("b", "severity: SIGNAL_SEVERITY_LOW");
  ASSERT_TRUE(Create("c", Nps("goal: -100")).ok());
  Answer(3);
  const auto list = [&](const std::string& filter, const std::string& order) {
    v1::ListIndicatorTargetsRequest request;
    request.set_filter(filter);
    request.set_order_by(order);
    v1::ListIndicatorTargetsResponse page;
    const absl::Status status = workspace_->collection(engine::kIndicatorTarget).List(request, &page);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> names;
    for (const v1::IndicatorTarget& target : page.indicator_targets()) names.push_back(target.name().substr(17));
    return names;
  };
  EXPECT_THAT(list("state = alerting", "severity"), testing::ElementsAre("b", "a"));
  EXPECT_THAT(list("state = alerting AND severity >= high", ""), testing::ElementsAre("a"));
  EXPECT_THAT(list("indicator = nps AND state = on_target", ""), testing::ElementsAre("c"));
  EXPECT_THAT(list("", "state desc, severity desc"), testing::ElementsAre("a", "b", "c"));
  Restart(FormatInstant(clock_.Now()));  // the same from the store
  EXPECT_THAT(list("state = alerting", "severity desc"), testing::ElementsAre("a", "b"));
}

}  // namespace
}  // namespace folio::indicators
