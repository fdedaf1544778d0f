#include "folio/v1/indicator.grpc.pb.h"
#include "server/indicators/compute.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class IndicatorService final : public v1::IndicatorService::CallbackService {
 public:
  explicit IndicatorService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(IndicatorService, ListIndicators, ListIndicatorsRequest, ListIndicatorsResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ListIndicatorsRequest&, v1::ListIndicatorsResponse* list) {
                indicators::List(call.locale, list);
                return absl::OkStatus();
              })

  FOLIO_SERVE(IndicatorService, ComputeIndicators, ComputeIndicatorsRequest, ComputeIndicatorsResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ComputeIndicatorsRequest, v1::ComputeIndicatorsResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ComputeIndicatorsRequest& wanted,
                                      v1::ComputeIndicatorsResponse* values) {
                  return indicators::Compute(*context.workspace, wanted, values);
                });
              })

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.IndicatorService", rpc::Make<IndicatorService>);

}  // namespace

}  // namespace folio::services
