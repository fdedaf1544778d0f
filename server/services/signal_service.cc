#include "folio/v1/signal.grpc.pb.h"
#include "server/portfolio/signals.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class SignalService final : public v1::SignalService::CallbackService {
 public:
  explicit SignalService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(SignalService, GetSignal, GetSignalRequest, Signal, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetSignalRequest& get, v1::Signal* signal) {
                return portfolio::GetSignal(*call.workspace, get, call.locale, signal);
              })

  FOLIO_SERVE(SignalService, ListSignals, ListSignalsRequest, ListSignalsResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ListSignalsRequest, v1::ListSignalsResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ListSignalsRequest& list,
                                      v1::ListSignalsResponse* page) {
                  return portfolio::ListSignals(*context.workspace, list, context.locale, page);
                });
              })

  FOLIO_SERVE(SignalService, UpdateSignal, UpdateSignalRequest, Signal, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::UpdateSignalRequest, v1::Signal>>& call) {
                const rpc::CallContext& context = call->context();
                portfolio::UpdateSignal(*context.workspace, context.principal->actor, context.locale, call->request(),
                                        call->response(),
                                        [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
              })

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.SignalService", rpc::Make<SignalService>);

}  // namespace

}  // namespace folio::services
