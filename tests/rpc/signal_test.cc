// Signals and their rules as clients of the server meet them.
#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/signal.grpc.pb.h"
#include "folio/v1/signal_rule.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "server/base/date.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

class SignalServerTest : public testing::Test {
 protected:
  SignalServerTest() : channel_(server_.NewChannel()), key_(server_.admin_key()) {}

  // An account whose contract is up for renewal in ten days.
  void CreateRenewing(const std::string& id) {
    v1::CreateAccountRequest request;
    request.set_account_id(id);
    request.mutable_account()->set_display_name(id);
    *request.mutable_account()->mutable_renewal_date() = ToProtoDate(Today() + 10);
    v1::Account account;
    const auto status = v1::AccountService::NewStub(channel_)->CreateAccount(NewContext(key_).get(), request, &account);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  Day Today() {
    v1::ServerInfo info;
    EXPECT_TRUE(GetInfo(channel_, key_, &info).ok());
    return FromProto(info.as_of()).value();
  }

  TestServer server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string key_;
};

TEST_F(SignalServerTest, WatchesSeeSignalsBegin) {
  const auto context = NewContext(key_);
  v1::WatchRequest watch;
  watch.add_collections("signals");
  watch.set_snapshot(true);
  const auto reader = v1::WatchService::NewStub(channel_)->Watch(context.get(), watch);
  CreateRenewing("acme");
  v1::WatchResponse message;
  std::string seen;
  while (seen.empty() && reader->Read(&message)) {
    for (const v1::ChangeEvent& event : message.events()) {
      seen = event.name();
      EXPECT_EQ(event.signal().severity(), v1::SIGNAL_SEVERITY_CRITICAL);
      EXPECT_GT(event.signal().evidence_size(), 0);
    }
  }
  context->TryCancel();
  EXPECT_EQ(seen, "signals/renewal_near~acme");
}

TEST_F(SignalServerTest, ListsGetsAndUpdates) {
  CreateRenewing("acme");
  const auto stub = v1::SignalService::NewStub(channel_);
  v1::ListSignalsResponse list;
  ASSERT_TRUE(stub->ListSignals(NewContext(key_, "fr").get(), {}, &list).ok());
  ASSERT_EQ(list.signals_size(), 1);
  EXPECT_NE(list.signals(0).summary().find("dans 10 jours"), std::string::npos) << list.signals(0).summary();
  v1::UpdateSignalRequest update;
  update.mutable_signal()->set_name(list.signals(0).name());
  update.mutable_signal()->set_assignee("ann");
  v1::Signal signal;
  ASSERT_TRUE(stub->UpdateSignal(NewContext(key_).get(), update, &signal).ok());
  EXPECT_EQ(signal.assignee(), "ann");
  v1::GetSignalRequest get;
  get.set_name("signals/usage_drop~acme");
  EXPECT_EQ(ReasonOf(stub->GetSignal(NewContext(key_).get(), get, &signal)), "RESOURCE_NOT_FOUND");
}

TEST_F(SignalServerTest, RulesAreChangedByManagersAndTriedByReaders) {
  CreateRenewing("acme");
  const auto stub = v1::SignalRuleService::NewStub(channel_);
  v1::ListSignalRulesRequest list;
  list.set_page_size(5);
  int count = 0;
  do {
    v1::ListSignalRulesResponse page;
    ASSERT_TRUE(stub->ListSignalRules(NewContext(key_).get(), list, &page).ok());
    count += page.signal_rules_size();
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(count, 18);

  v1::CreateSignalRuleRequest create;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    signal_rule_id: "near" signal_rule {
      display_name: "Near" kind: SIGNAL_KIND_RISK
      alternatives {
        severity: SIGNAL_SEVERITY_LOW
        conditions { measure: "days_to_renewal" comparison: COMPARISON_AT_MOST threshold: 20 }
      }
    })",
                                                            &create));
  const std::string reader = server_.NewKey(v1::ROLE_READER);
  v1::SignalRule rule;
  EXPECT_EQ(stub->CreateSignalRule(NewContext(reader).get(), create, &rule).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  v1::DryRunSignalRuleRequest dry_run;
  *dry_run.mutable_signal_rule() = create.signal_rule();
  v1::DryRunSignalRuleResponse answer;
  ASSERT_TRUE(stub->DryRunSignalRule(NewContext(reader).get(), dry_run, &answer).ok());
  EXPECT_EQ(answer.fired_count(), 1);
  EXPECT_EQ(FromProto(answer.accounts(0).signals(0).begin_date()).value(), Today() - 10);

  ASSERT_TRUE(stub->CreateSignalRule(NewContext(key_).get(), create, &rule).ok());
  EXPECT_EQ(rule.name(), "signalRules/near");
  v1::UpdateSignalRuleRequest update;
  update.mutable_signal_rule()->set_name(rule.name());
  *update.mutable_signal_rule()->add_alternatives() = rule.alternatives(0);
  update.mutable_signal_rule()->mutable_alternatives(0)->mutable_conditions(0)->set_exit(10);
  EXPECT_EQ(ReasonOf(stub->UpdateSignalRule(NewContext(key_).get(), update, &rule)), "RULE_EXIT");
}

}  // namespace
}  // namespace folio::rpc
