#include <memory>
#include <utility>

#include "folio/v1/health_proof.grpc.pb.h"
#include "server/proof/backtest.h"
#include "server/proof/fit.h"
#include "server/services/proof_run.h"

namespace folio::services {

namespace {

using RawService = v1::HealthProofService::WithRawCallbackMethod_BacktestHealthModel<
    v1::HealthProofService::WithRawCallbackMethod_FitHealthModel<v1::HealthProofService::CallbackService>>;

class HealthProofService final : public RawService {
 public:
  explicit HealthProofService(rpc::ServerContext& server) : server_(server) {}

  rpc::StreamWriter* BacktestHealthModel(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return Serve<v1::BacktestHealthModelRequest, v1::BacktestHealthModelResponse>(
        grpc, "HealthProofService.BacktestHealthModel", request,
        [](const rpc::CallContext& call, const v1::BacktestHealthModelRequest& asked,
           const proof::TotalProgress& progress) -> absl::StatusOr<v1::BacktestHealthModelResponse> {
          auto report = proof::Backtest(*call.workspace, asked, call.locale, progress);
          if (!report.ok()) return report.status();
          v1::BacktestHealthModelResponse last;
          *last.mutable_report() = *std::move(report);
          return last;
        });
  }

  rpc::StreamWriter* FitHealthModel(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return Serve<v1::FitHealthModelRequest, v1::FitHealthModelResponse>(
        grpc, "HealthProofService.FitHealthModel", request,
        [](const rpc::CallContext& call, const v1::FitHealthModelRequest& asked,
           const proof::TotalProgress& progress) -> absl::StatusOr<v1::FitHealthModelResponse> {
          auto fit = proof::Fit(*call.workspace, asked, call.locale, progress);
          if (!fit.ok()) return fit.status();
          v1::FitHealthModelResponse last;
          *last.mutable_fit() = *std::move(fit);
          return last;
        });
  }

 private:
  template <class Request, class Response, class Answer>
  rpc::StreamWriter* Serve(grpc::CallbackServerContext* grpc, std::string_view method, const grpc::ByteBuffer* request,
                           Answer answer) {
    return rpc::ServeStream<Request>(
        server_, grpc, method, request, [&](const std::shared_ptr<rpc::Stream>& stream, Request asked) {
          return ProofRun<Response>::Begin(
              stream, server_, running_,
              [answer, asked = std::move(asked)](const rpc::CallContext& call, const proof::TotalProgress& progress) {
                return answer(call, asked, progress);
              });
        });
  }

  rpc::ServerContext& server_;
  const std::shared_ptr<ProofCount> running_ = std::make_shared<ProofCount>(0);
};

const rpc::ServiceRegistrar registrar("folio.v1.HealthProofService", rpc::Make<HealthProofService>);

}  // namespace

}  // namespace folio::services
