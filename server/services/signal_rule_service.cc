#include "folio/v1/signal_rule.grpc.pb.h"
#include "server/portfolio/signal_rules.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class SignalRuleService final : public v1::SignalRuleService::CallbackService {
 public:
  explicit SignalRuleService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(SignalRuleService, GetSignalRule, GetSignalRuleRequest, SignalRule, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetSignalRuleRequest& get, v1::SignalRule* rule) {
                return portfolio::GetSignalRule(*call.workspace, get, rule);
              })

  FOLIO_SERVE(SignalRuleService, ListSignalRules, ListSignalRulesRequest, ListSignalRulesResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ListSignalRulesRequest& list,
                 v1::ListSignalRulesResponse* page) { return portfolio::ListSignalRules(*call.workspace, list, page); })

  FOLIO_SERVE(SignalRuleService, CreateSignalRule, CreateSignalRuleRequest, SignalRule, ServeOwnWrite,
              &portfolio::CreateSignalRule)

  FOLIO_SERVE(SignalRuleService, UpdateSignalRule, UpdateSignalRuleRequest, SignalRule, ServeOwnWrite,
              &portfolio::UpdateSignalRule)

  grpc::ServerUnaryReactor* DeleteSignalRule(grpc::CallbackServerContext* grpc,
                                             const v1::DeleteSignalRuleRequest* request,
                                             google::protobuf::Empty* response) override {
    return ServeOwnWrite(server_, grpc, "SignalRuleService.DeleteSignalRule", request, response,
                         &portfolio::DeleteSignalRule);
  }

  FOLIO_SERVE(SignalRuleService, DryRunSignalRule, DryRunSignalRuleRequest, DryRunSignalRuleResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::DryRunSignalRuleRequest, v1::DryRunSignalRuleResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::DryRunSignalRuleRequest& wanted,
                                      v1::DryRunSignalRuleResponse* answer) {
                  return portfolio::DryRunSignalRule(*context.workspace, wanted, answer);
                });
              })

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.SignalRuleService", rpc::Make<SignalRuleService>);

}  // namespace

}  // namespace folio::services
