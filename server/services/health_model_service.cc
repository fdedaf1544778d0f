#include "folio/v1/health_model.grpc.pb.h"
#include "server/portfolio/health.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class HealthModelService final : public v1::HealthModelService::CallbackService {
 public:
  explicit HealthModelService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(HealthModelService, GetHealthModel, GetHealthModelRequest, HealthModel, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetHealthModelRequest& get, v1::HealthModel* model) {
                return portfolio::GetHealthModel(*call.workspace, get, model);
              })

  FOLIO_SERVE(HealthModelService, ListHealthModels, ListHealthModelsRequest, ListHealthModelsResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ListHealthModelsRequest& list,
                 v1::ListHealthModelsResponse* page) {
                return portfolio::ListHealthModels(*call.workspace, list, page);
              })

  FOLIO_SERVE(HealthModelService, UpdateHealthModel, UpdateHealthModelRequest, HealthModel, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::UpdateHealthModelRequest, v1::HealthModel>>& call) {
                portfolio::UpdateHealthModel(*call->context().workspace, call->context().principal->actor,
                                             call->request(), call->response(),
                                             [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
              })

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.HealthModelService", rpc::Make<HealthModelService>);

}  // namespace

}  // namespace folio::services
