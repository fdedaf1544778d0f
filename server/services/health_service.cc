#include "folio/v1/health.grpc.pb.h"
#include "server/portfolio/health.h"
#include "server/portfolio/health_change.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class HealthService final : public v1::HealthService::CallbackService {
 public:
  explicit HealthService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(HealthService, ExplainHealth, ExplainHealthRequest, HealthScore, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ExplainHealthRequest, v1::HealthScore>>& call) {
                const auto explain = [](const rpc::CallContext& context, const v1::ExplainHealthRequest& wanted,
                                        v1::HealthScore* score) {
                  return portfolio::ExplainHealth(*context.workspace, wanted, context.locale, score);
                };
                // As of a revision it reads the log.
                if (call->request().as_of_revision() > 0) {
                  ReadOnWorker(call, explain);
                } else {
                  call->Finish(explain(call->context(), call->request(), call->response()));
                }
              })

  FOLIO_SERVE(HealthService, ExplainHealthChange, ExplainHealthChangeRequest, HealthChange, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ExplainHealthChangeRequest& wanted, v1::HealthChange* change) {
                return portfolio::ExplainHealthChange(*call.workspace, wanted, call.locale, change);
              })

  FOLIO_SERVE(HealthService, ListHealthHistory, ListHealthHistoryRequest, ListHealthHistoryResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ListHealthHistoryRequest, v1::ListHealthHistoryResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ListHealthHistoryRequest& list,
                                      v1::ListHealthHistoryResponse* page) {
                  return portfolio::ListHealthHistory(*context.workspace, list, page);
                });
              })

  FOLIO_SERVE(HealthService, GetHealthOverride, GetHealthOverrideRequest, HealthOverride, ServeGet,
              engine::kHealthOverride)
  FOLIO_SERVE(HealthService, ListHealthOverrides, ListHealthOverridesRequest, ListHealthOverridesResponse, ServeList,
              engine::kHealthOverride)

  FOLIO_SERVE(HealthService, UpdateHealthOverride, UpdateHealthOverrideRequest, HealthOverride, ServeWrite,
              engine::kHealthOverride, &engine::Collection::Update)

  grpc::ServerUnaryReactor* DeleteHealthOverride(grpc::CallbackServerContext* grpc,
                                                 const v1::DeleteHealthOverrideRequest* request,
                                                 google::protobuf::Empty* response) override {
    return ServeWrite(server_, grpc, "HealthService.DeleteHealthOverride", request, response, engine::kHealthOverride,
                      &engine::Collection::Delete);
  }

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.HealthService", rpc::Make<HealthService>);

}  // namespace

}  // namespace folio::services
