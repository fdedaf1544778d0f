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

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.HealthService", rpc::Make<HealthService>);

}  // namespace

}  // namespace folio::services
