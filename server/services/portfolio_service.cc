#include "folio/v1/portfolio.grpc.pb.h"
#include "server/portfolio/queries.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/services/portfolio_watcher.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

using Base = v1::PortfolioService::WithRawCallbackMethod_WatchPortfolio<v1::PortfolioService::CallbackService>;

class PortfolioService final : public Base {
 public:
  explicit PortfolioService(rpc::ServerContext& server) : server_(server) {}

  FOLIO_SERVE(PortfolioService, ListPortfolio, ListPortfolioRequest, ListPortfolioResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ListPortfolioRequest& list, v1::ListPortfolioResponse* page) {
                return portfolio::ListPortfolio(*call.workspace, list, page);
              })

  // A day other than today is summed over every account's subscriptions, which takes a while.
  FOLIO_SERVE(PortfolioService, GetPortfolioSummary, GetPortfolioSummaryRequest, PortfolioSummary, rpc::Serve,
              [](const std::shared_ptr<rpc::Call<v1::GetPortfolioSummaryRequest, v1::PortfolioSummary>>& call) {
                const auto summarise = [](const rpc::CallContext& context, const v1::GetPortfolioSummaryRequest& wanted,
                                          v1::PortfolioSummary* summary) {
                  return portfolio::Summarise(*context.workspace, wanted, summary);
                };
                if (call->request().has_as_of()) {
                  ReadOnWorker(call, summarise);
                } else {
                  call->Finish(summarise(call->context(), call->request(), call->response()));
                }
              })

  FOLIO_SERVE(PortfolioService, SearchAccounts, SearchAccountsRequest, SearchAccountsResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::SearchAccountsRequest& wanted,
                 v1::SearchAccountsResponse* hits) { return portfolio::Search(*call.workspace, wanted, hits); })

  FOLIO_SERVE(PortfolioService, ParseFilter, ParseFilterRequest, ParseFilterResponse, rpc::Serve,
              [](const rpc::CallContext& call, const v1::ParseFilterRequest& wanted, v1::ParseFilterResponse* answer) {
                return portfolio::ExplainFilter(*call.workspace, wanted, answer);
              })

  rpc::StreamWriter* WatchPortfolio(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return rpc::ServeStream<v1::WatchPortfolioRequest>(
        server_, grpc, "PortfolioService.WatchPortfolio", request,
        [this](const std::shared_ptr<rpc::Stream>& stream, const v1::WatchPortfolioRequest& wanted) {
          return PortfolioWatcher::Open(stream, server_, watchers_, wanted);
        });
  }

 private:
  rpc::ServerContext& server_;
  PortfolioWatchers watchers_;
};

const rpc::ServiceRegistrar registrar("folio.v1.PortfolioService", rpc::Make<PortfolioService>);

}  // namespace

}  // namespace folio::services
