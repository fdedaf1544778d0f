#include "folio/v1/deal.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class DealService final : public v1::DealService::CallbackService {
 public:
  explicit DealService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_STANDARD_METHODS(Deal, Deals, engine::kDeal)

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.DealService", rpc::Make<DealService>);

}  // namespace

}  // namespace folio::services
