#include "folio/v1/lead.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class LeadService final : public v1::LeadService::CallbackService {
 public:
  explicit LeadService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_STANDARD_METHODS(Lead, Leads, engine::kLead)

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.LeadService", rpc::Make<LeadService>);

}  // namespace

}  // namespace folio::services
