#include "folio/v1/custom_field.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class CustomFieldService final : public v1::CustomFieldService::CallbackService {
 public:
  explicit CustomFieldService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_STANDARD_METHODS(CustomField, CustomFields, engine::kCustomField)

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.CustomFieldService", rpc::Make<CustomFieldService>);

}  // namespace

}  // namespace folio::services
