#include "folio/v1/exchange_rate.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class ExchangeRateService final : public v1::ExchangeRateService::CallbackService {
 public:
  explicit ExchangeRateService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_STANDARD_METHODS(ExchangeRate, ExchangeRates, engine::kExchangeRate)

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.ExchangeRateService", rpc::Make<ExchangeRateService>);

}  // namespace

}  // namespace folio::services
