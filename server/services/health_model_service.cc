#include "folio/v1/health_model.grpc.pb.h"
#include "server/portfolio/health.h"
#include "server/portfolio/model_drafts.h"
#include "server/portfolio/preview.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

// Answers a call that writes once the write is done.
template <class Req, class Resp, class Write>
void Submit(const std::shared_ptr<rpc::Call<Req, Resp>>& call, Write write) {
  write(*call->context().workspace, call->context().principal->actor, call->request(), call->response(),
        [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
}

// Scores on a worker, and tells how far it is.
class Previewer final : public rpc::StreamHandler, public std::enable_shared_from_this<Previewer> {
 public:
  Previewer(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, v1::PreviewHealthModelRequest request)
      : stream_(std::move(stream)), server_(server), request_(std::move(request)) {}

  void OnOpen() override {
    const absl::Status queued = server_.workers.Submit([self = shared_from_this()] { self->Run(); });
    if (!queued.ok()) stream_->Abort(queued);
  }

 private:
  void Run() {
    v1::PreviewHealthModelResponse message;
    auto preview = portfolio::PreviewHealthModel(*stream_->context().workspace, request_,
                                                 [this, &message](int64_t done, int64_t total) {
                                                   message.set_done_count(done);
                                                   message.set_total_count(total);
                                                   return Send(message);
                                                 });
    if (!preview.ok()) {
      stream_->Abort(preview.status());
      return;
    }
    message.set_done_count(message.total_count());
    *message.mutable_preview() = *std::move(preview);
    Send(message);
    stream_->Finish(absl::OkStatus());
  }

  bool Send(const v1::PreviewHealthModelResponse& message) {
    return stream_->Write(rpc::ToBytes(message.SerializeAsString()));
  }

  const std::shared_ptr<rpc::Stream> stream_;
  rpc::ServerContext& server_;
  const v1::PreviewHealthModelRequest request_;
};

using Base = v1::HealthModelService::WithRawCallbackMethod_PreviewHealthModel<v1::HealthModelService::CallbackService>;

class HealthModelService final : public Base {
 public:
  explicit HealthModelService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(HealthModelService, GetHealthModel, GetHealthModelRequest, HealthModel, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetHealthModelRequest& get, v1::HealthModel* model) {
                return portfolio::GetHealthModel(*call.workspace, get, model);
              })

  FOLIO_SERVE(HealthModelService, ListHealthModels, ListHealthModelsRequest, ListHealthModelsResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ListHealthModelsRequest, v1::ListHealthModelsResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ListHealthModelsRequest& list,
                                      v1::ListHealthModelsResponse* page) {
                  return portfolio::ListHealthModels(*context.workspace, list, page);
                });
              })

  FOLIO_SERVE(HealthModelService, CreateHealthModel, CreateHealthModelRequest, HealthModel, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::CreateHealthModelRequest, v1::HealthModel>>& call) {
                Submit(call, portfolio::CreateHealthModel);
              })

  FOLIO_SERVE(HealthModelService, UpdateHealthModel, UpdateHealthModelRequest, HealthModel, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::UpdateHealthModelRequest, v1::HealthModel>>& call) {
                Submit(call, portfolio::UpdateHealthModel);
              })

  FOLIO_SERVE(HealthModelService, PublishHealthModel, PublishHealthModelRequest, HealthModelVersion, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::PublishHealthModelRequest, v1::HealthModelVersion>>& call) {
                Submit(call, portfolio::PublishHealthModel);
              })

  grpc::ServerUnaryReactor* DeleteHealthModel(grpc::CallbackServerContext* grpc,
                                              const v1::DeleteHealthModelRequest* request,
                                              google::protobuf::Empty* response) override {
    return rpc::Serve(
        server_, grpc, "HealthModelService.DeleteHealthModel", request, response,
        [](const std::shared_ptr<rpc::Call<v1::DeleteHealthModelRequest, google::protobuf::Empty>>& call) {
          Submit(call, portfolio::DeleteHealthModel);
        });
  }

  FOLIO_SERVE(HealthModelService, GetHealthModelVersion, GetHealthModelVersionRequest, HealthModelVersion, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetHealthModelVersionRequest& get,
                 v1::HealthModelVersion* version) {
                return portfolio::GetHealthModelVersion(*call.workspace, get, version);
              })

  FOLIO_SERVE(HealthModelService, ListHealthModelVersions, ListHealthModelVersionsRequest,
              ListHealthModelVersionsResponse, rpc::Serve,
              [](const std::shared_ptr<
                  rpc::Call<v1::ListHealthModelVersionsRequest, v1::ListHealthModelVersionsResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ListHealthModelVersionsRequest& list,
                                      v1::ListHealthModelVersionsResponse* page) {
                  return portfolio::ListHealthModelVersions(*context.workspace, list, page);
                });
              })

  FOLIO_SERVE(HealthModelService, ListMeasures, ListMeasuresRequest, ListMeasuresResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ListMeasuresRequest&, v1::ListMeasuresResponse* measures) {
                portfolio::ListMeasures(*call.workspace, call.locale, measures);
                return absl::OkStatus();
              })

  FOLIO_SERVE(HealthModelService, ReplayHealthModel, ReplayHealthModelRequest, ReplayHealthModelResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ReplayHealthModelRequest, v1::ReplayHealthModelResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ReplayHealthModelRequest& wanted,
                                      v1::ReplayHealthModelResponse* scores) {
                  return portfolio::ReplayHealthModel(*context.workspace, wanted, scores);
                });
              })

  rpc::StreamWriter* PreviewHealthModel(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return rpc::ServeStream<v1::PreviewHealthModelRequest>(
        server_, grpc, "HealthModelService.PreviewHealthModel", request,
        [this](const std::shared_ptr<rpc::Stream>& stream,
               v1::PreviewHealthModelRequest wanted) -> absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> {
          return std::make_shared<Previewer>(stream, server_, std::move(wanted));
        });
  }

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.HealthModelService", rpc::Make<HealthModelService>);

}  // namespace

}  // namespace folio::services
