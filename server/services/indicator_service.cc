#include <utility>

#include "folio/v1/indicator.grpc.pb.h"
#include "server/indicators/compute.h"
#include "server/rpc/bytes.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

// Computes a series on a worker and sends it. What waits for the client is bounded by what was computed: values, no
// rows.
class SeriesSender final : public rpc::StreamHandler, public std::enable_shared_from_this<SeriesSender> {
 public:
  SeriesSender(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, v1::StreamSeriesRequest request)
      : stream_(std::move(stream)), server_(server), request_(std::move(request)) {}

  void OnOpen() override {
    const absl::Status queued = server_.workers.Submit([self = shared_from_this()] { self->Send(); });
    if (!queued.ok()) stream_->Abort(queued);
  }

 private:
  void Send() {
    const rpc::CallContext& call = stream_->context();
    stream_->Finish(indicators::StreamSeries(*call.workspace, request_, call.locale,
                                             [this](const v1::StreamSeriesResponse& message) {
                                               return stream_->Write(rpc::ToBytes(message.SerializeAsString()));
                                             }));
  }

  const std::shared_ptr<rpc::Stream> stream_;
  rpc::ServerContext& server_;
  const v1::StreamSeriesRequest request_;
};

// Answers on a worker, in the caller's language.
template <class Req, class Resp>
auto OnWorker(absl::Status (*answer)(const portfolio::Workspace&, const Req&, error::Locale, Resp*)) {
  return [answer](const std::shared_ptr<rpc::Call<Req, Resp>>& call) {
    ReadOnWorker(call, [answer](const rpc::CallContext& context, const Req& wanted, Resp* response) {
      return answer(*context.workspace, wanted, context.locale, response);
    });
  };
}

using Base = v1::IndicatorService::WithRawCallbackMethod_StreamSeries<v1::IndicatorService::CallbackService>;

class IndicatorService final : public Base {
 public:
  explicit IndicatorService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(IndicatorService, ListIndicators, ListIndicatorsRequest, ListIndicatorsResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ListIndicatorsRequest&, v1::ListIndicatorsResponse* list) {
                return indicators::List(*call.workspace, call.locale, list);
              })

  FOLIO_SERVE(IndicatorService, ComputeIndicators, ComputeIndicatorsRequest, ComputeIndicatorsResponse, rpc::Serve,
              OnWorker(indicators::Compute))

  FOLIO_SERVE(IndicatorService, ExplainIndicator, ExplainIndicatorRequest, ExplainIndicatorResponse, rpc::Serve,
              OnWorker(indicators::Explain))

  FOLIO_SERVE(IndicatorService, ComputeCohorts, ComputeCohortsRequest, ComputeCohortsResponse, rpc::Serve,
              OnWorker(indicators::ComputeCohorts))

  FOLIO_SERVE(IndicatorService, ListContributions, ListContributionsRequest, ListContributionsResponse, rpc::Serve,
              OnWorker(indicators::ListContributions))

  rpc::StreamWriter* StreamSeries(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return rpc::ServeStream<v1::StreamSeriesRequest>(
        server_, grpc, "IndicatorService.StreamSeries", request,
        [this](const std::shared_ptr<rpc::Stream>& stream,
               v1::StreamSeriesRequest wanted) -> absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> {
          return std::make_shared<SeriesSender>(stream, server_, std::move(wanted));
        });
  }

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.IndicatorService", rpc::Make<IndicatorService>);

}  // namespace

}  // namespace folio::services
