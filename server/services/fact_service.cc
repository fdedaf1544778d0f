#include "folio/v1/fact.grpc.pb.h"
#include "server/portfolio/facts.h"
#include "server/rpc/server_context.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

class FactService final : public v1::FactService::CallbackService {
 public:
  explicit FactService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(FactService, GetFact, GetFactRequest, Fact, rpc::Serve,
              [](const rpc::CallContext& call, const v1::GetFactRequest& get, v1::Fact* fact) {
                return portfolio::GetFact(*call.workspace, get, fact);
              })

  FOLIO_SERVE(FactService, ListFacts, ListFactsRequest, ListFactsResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::ListFactsRequest, v1::ListFactsResponse>>& call) {
                ReadOnWorker(call, [](const rpc::CallContext& context, const v1::ListFactsRequest& list,
                                      v1::ListFactsResponse* page) {
                  return portfolio::ListFacts(*context.workspace, list, page);
                });
              })

  FOLIO_SERVE(FactService, BatchUpsertFacts, BatchUpsertFactsRequest, BatchUpsertFactsResponse, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::BatchUpsertFactsRequest, v1::BatchUpsertFactsResponse>>& call) {
                portfolio::BatchUpsertFacts(*call->context().workspace, call->context().principal->actor,
                                            call->request(), call->response(),
                                            [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
              })

  grpc::ServerUnaryReactor* DeleteFact(grpc::CallbackServerContext* grpc, const v1::DeleteFactRequest* request,
                                       google::protobuf::Empty* response) override {
    return rpc::Serve(server_, grpc, "FactService.DeleteFact", request, response,
                      [](const std::shared_ptr<rpc::Call<v1::DeleteFactRequest, google::protobuf::Empty>>& call) {
                        portfolio::DeleteFact(*call->context().workspace, call->context().principal->actor,
                                              call->request(), call->response(),
                                              [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
                      });
  }

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.FactService", rpc::Make<FactService>);

}  // namespace

}  // namespace folio::services
