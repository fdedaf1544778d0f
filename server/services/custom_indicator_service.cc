#include "folio/v1/custom_indicator.grpc.pb.h"
#include "server/indicators/custom_indicators.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class CustomIndicatorService final : public v1::CustomIndicatorService::CallbackService {
 public:
  explicit CustomIndicatorService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_GET(CustomIndicator, engine::kCustomIndicator)
  FOLIO_LIST(CustomIndicator, CustomIndicators, engine::kCustomIndicator)

  FOLIO_SERVE(CustomIndicatorService, CreateCustomIndicator, CreateCustomIndicatorRequest, CustomIndicator,
              ServeOwnWrite, &indicators::CreateCustomIndicator)

  FOLIO_SERVE(CustomIndicatorService, UpdateCustomIndicator, UpdateCustomIndicatorRequest, CustomIndicator,
              ServeOwnWrite, &indicators::UpdateCustomIndicator)

  grpc::ServerUnaryReactor* DeleteCustomIndicator(grpc::CallbackServerContext* grpc,
                                                  const v1::DeleteCustomIndicatorRequest* request,
                                                  google::protobuf::Empty* response) override {
    return ServeOwnWrite(server_, grpc, "CustomIndicatorService.DeleteCustomIndicator", request, response,
                         &indicators::DeleteCustomIndicator);
  }

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.CustomIndicatorService", rpc::Make<CustomIndicatorService>);

}  // namespace

}  // namespace folio::services
