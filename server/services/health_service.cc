#include "folio/v1/health.grpc.pb.h"
#include "server/portfolio/health.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class HealthService final : public v1::HealthService::CallbackService {
 public:
  explicit HealthService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(HealthService, ExplainHealth, ExplainHealthRequest, HealthScore, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ExplainHealthRequest& wanted, v1::HealthScore* score) {
                return portfolio::ExplainHealth(*call.workspace, wanted, call.locale, score);
              })

  FOLIO_SERVE(HealthService, GetHealthModel, GetHealthModelRequest, HealthModel, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetHealthModelRequest& get, v1::HealthModel* model) {
                return portfolio::GetHealthModel(*call.workspace, get, model);
              })

  FOLIO_SERVE(HealthService, ListHealthModels, ListHealthModelsRequest, ListHealthModelsResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ListHealthModelsRequest& list,
                 v1::ListHealthModelsResponse* page) {
                return portfolio::ListHealthModels(*call.workspace, list, page);
              })

  FOLIO_SERVE(HealthService, UpdateHealthModel, UpdateHealthModelRequest, HealthModel, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::UpdateHealthModelRequest, v1::HealthModel>>& call) {
                portfolio::UpdateHealthModel(*call->context().workspace, call->context().principal->actor,
                                             call->request(), call->response(),
                                             [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
              })

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.HealthService", rpc::Make<HealthService>);

}  // namespace

}  // namespace folio::services
