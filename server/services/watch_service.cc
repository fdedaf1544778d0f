#include <utility>

#include "folio/v1/watch.grpc.pb.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/services/watch_hub.h"
#include "server/services/watcher.h"

namespace folio::services {

namespace {

class WatchService final : public v1::WatchService::WithRawCallbackMethod_Watch<v1::WatchService::CallbackService> {
 public:
  explicit WatchService(rpc::ServerContext& server) : server_(server) {}

  rpc::StreamWriter* Watch(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return rpc::ServeStream<v1::WatchRequest>(
        server_, grpc, "WatchService.Watch", request,
        [this](const std::shared_ptr<rpc::Stream>& stream,
               const v1::WatchRequest& wanted) -> absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> {
          auto filter = Watcher::FilterOf(wanted);
          if (!filter.ok()) return filter.status();
          const auto start = Watcher::StartOf(*stream->context().workspace, wanted);
          if (!start.ok()) return start.status();
          return std::make_shared<Watcher>(stream, server_, hub_, std::move(*filter), *start);
        });
  }

 private:
  rpc::ServerContext& server_;
  WatchHub hub_;
};

const rpc::ServiceRegistrar registrar("folio.v1.WatchService", rpc::Make<WatchService>);

}  // namespace

}  // namespace folio::services
