#include "folio/v1/subscription.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class SubscriptionService final : public v1::SubscriptionService::CallbackService {
 public:
  explicit SubscriptionService(rpc::ServerContext& server) : server_(server) {}
  FOLIO_STANDARD_METHODS(Subscription, Subscriptions, engine::kSubscription)

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.SubscriptionService", rpc::Make<SubscriptionService>);

}  // namespace

}  // namespace folio::services
