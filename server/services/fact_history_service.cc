#include "folio/v1/fact_history.grpc.pb.h"
#include "server/portfolio/fact_history.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class FactHistoryService final : public v1::FactHistoryService::CallbackService {
 public:
  explicit FactHistoryService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(FactHistoryService, ListFactChanges, ListFactChangesRequest, ListFactChangesResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ListFactChangesRequest, v1::ListFactChangesResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ListFactChangesRequest& list,
                                      v1::ListFactChangesResponse* page) {
                  return portfolio::ListFactChanges(*context.workspace, list, page);
                });
              })

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.FactHistoryService", rpc::Make<FactHistoryService>);

}  // namespace

}  // namespace folio::services
