// Rules of signals as clients see them: the library, and what the workspace has changed or added.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "folio/v1/signal_rule.pb.h"
#include "google/protobuf/empty.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

absl::Status GetSignalRule(const Workspace& workspace, const v1::GetSignalRuleRequest& request, v1::SignalRule* rule);
absl::Status ListSignalRules(const Workspace& workspace, const v1::ListSignalRulesRequest& request,
                             v1::ListSignalRulesResponse* response);

// Each looks at every account anew before it answers. Request and response must live until then. Beside what CheckRule
// refuses: FAILED_PRECONDITION RULE_COUNT where there are too many, RULE_BUILT_IN where one of the library is deleted.
void CreateSignalRule(Workspace& workspace, std::string actor, const v1::CreateSignalRuleRequest& request,
                      v1::SignalRule* response, engine::Collection::Done done);
void UpdateSignalRule(Workspace& workspace, std::string actor, const v1::UpdateSignalRuleRequest& request,
                      v1::SignalRule* response, engine::Collection::Done done);
void DeleteSignalRule(Workspace& workspace, std::string actor, const v1::DeleteSignalRuleRequest& request,
                      google::protobuf::Empty* response, engine::Collection::Done done);

// Days of accounts that one dry run looks at, at most: about ten seconds of a worker.
inline constexpr int64_t kDryRunDaysMax = 20'000'000;
inline constexpr int kDryRunRangeMax = 366;

// Looks at many accounts on many days: for a thread that may work for a while.
absl::Status DryRunSignalRule(const Workspace& workspace, const v1::DryRunSignalRuleRequest& request,
                              v1::DryRunSignalRuleResponse* response);

}  // namespace folio::portfolio
