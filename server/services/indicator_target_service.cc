#include "folio/v1/indicator_target.grpc.pb.h"
#include "server/indicators/targets.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"
#include "server/services/target_judges.h"

namespace folio::services {

namespace {

class IndicatorTargetService final : public v1::IndicatorTargetService::CallbackService {
 public:
  explicit IndicatorTargetService(rpc::ServerContext& server) : server_(server), judges_(server.workspaces) {}

  FOLIO_SERVE(IndicatorTargetService, GetIndicatorTarget, GetIndicatorTargetRequest, IndicatorTarget, rpc::Serve,
              [this](const rpc::CallContext& call, const v1::GetIndicatorTargetRequest& get,
                     v1::IndicatorTarget* target) {
                const absl::Status found = call.workspace->collection(engine::kIndicatorTarget).Get(get, target);
                if (found.ok()) judges_.Show(call.workspace, call.locale, target);
                return found;
              })

  FOLIO_SERVE(IndicatorTargetService, ListIndicatorTargets, ListIndicatorTargetsRequest, ListIndicatorTargetsResponse,
              rpc::Serve,
              [this](const rpc::CallContext& call, const v1::ListIndicatorTargetsRequest& list,
                     v1::ListIndicatorTargetsResponse* page) {
                const absl::Status listed = call.workspace->collection(engine::kIndicatorTarget).List(list, page);
                for (v1::IndicatorTarget& target : *page->mutable_indicator_targets()) {
                  judges_.Show(call.workspace, call.locale, &target);
                }
                return listed;
              })

  FOLIO_SERVE(IndicatorTargetService, CreateIndicatorTarget, CreateIndicatorTargetRequest, IndicatorTarget,
              ServeOwnWrite, &indicators::CreateTarget)

  FOLIO_SERVE(IndicatorTargetService, UpdateIndicatorTarget, UpdateIndicatorTargetRequest, IndicatorTarget,
              ServeOwnWrite, &indicators::UpdateTarget)

  grpc::ServerUnaryReactor* DeleteIndicatorTarget(grpc::CallbackServerContext* grpc,
                                                  const v1::DeleteIndicatorTargetRequest* request,
                                                  google::protobuf::Empty* response) override {
    return ServeWrite(server_, grpc, "IndicatorTargetService.DeleteIndicatorTarget", request, response,
                      engine::kIndicatorTarget, &engine::Collection::Delete);
  }

 private:
  rpc::ServerContext& server_;
  TargetJudges judges_;
};

const rpc::ServiceRegistrar registrar("folio.v1.IndicatorTargetService", rpc::Make<IndicatorTargetService>);

}  // namespace

}  // namespace folio::services
