#include "folio/v1/operation.grpc.pb.h"
#include "server/base/error.h"
#include "server/engine/collection.h"
#include "server/model/page_token.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/operations.h"
#include "server/rpc/serve.h"
#include "server/services/standard.h"

namespace folio::services {
namespace {

// Operations are few, so a page is cut from all of them; the token says how many came before.
absl::Status CutPage(const std::vector<v1::Operation>& all, const v1::ListOperationsRequest& request,
                     v1::ListOperationsResponse* page) {
  const auto size = engine::PageSize(request.page_size());
  if (!size.ok()) return size.status();
  const uint64_t binding = model::BindingOf({"operations"});
  size_t begin = 0;
  if (!request.page_token().empty()) {
    const auto position = model::DecodePageToken(request.page_token(), binding);
    if (!position.ok()) return position.status();
    while (begin < all.size() && static_cast<int64_t>(all.size() - begin) > position->key) ++begin;
  }
  const size_t end = std::min(all.size(), begin + static_cast<size_t>(*size));
  for (size_t i = begin; i < end; ++i) *page->add_operations() = all[i];
  // Counted from the oldest, so that operations that begin meanwhile move nothing.
  if (end < all.size()) {
    page->set_next_page_token(
        model::EncodePageToken({.values = {}, .key = static_cast<int64_t>(all.size() - end)}, binding));
  }
  return absl::OkStatus();
}

// An operation, or the error instead of it.
absl::Status Answer(absl::StatusOr<v1::Operation> operation, v1::Operation* response) {
  if (!operation.ok()) return operation.status();
  *response = *std::move(operation);
  return absl::OkStatus();
}

class OperationService final : public v1::OperationService::CallbackService {
 public:
  explicit OperationService(rpc::ServerContext& server) : server_(server) {}

  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* grpc, const v1::GetOperationRequest* request,
                                         v1::Operation* response) override {
    return rpc::Serve(server_, grpc, "OperationService.GetOperation", request, response,
                      [this](const rpc::CallContext& call, const v1::GetOperationRequest& get, v1::Operation* found) {
                        return Answer(server_.operations.Get(*call.workspace, get.name()), found);
                      });
  }

  grpc::ServerUnaryReactor* ListOperations(grpc::CallbackServerContext* grpc, const v1::ListOperationsRequest* request,
                                           v1::ListOperationsResponse* response) override {
    using ListCall = rpc::Call<v1::ListOperationsRequest, v1::ListOperationsResponse>;
    return rpc::Serve(server_, grpc, "OperationService.ListOperations", request, response,
                      [this](const std::shared_ptr<ListCall>& call) {
                        ReadOnWorker(call, [this](auto&&... parts) { return List(parts...); });
                      });
  }

  grpc::ServerUnaryReactor* CancelOperation(grpc::CallbackServerContext* grpc,
                                            const v1::CancelOperationRequest* request,
                                            v1::Operation* response) override {
    return rpc::Serve(
        server_, grpc, "OperationService.CancelOperation", request, response,
        [this](const rpc::CallContext& call, const v1::CancelOperationRequest& cancel, v1::Operation* found) {
          return Answer(server_.operations.Cancel(*call.workspace, cancel.name()), found);
        });
  }

 private:
  absl::Status List(const rpc::CallContext& call, const v1::ListOperationsRequest& request,
                    v1::ListOperationsResponse* page) const {
    const auto all = server_.operations.List(*call.workspace);
    return all.ok() ? CutPage(*all, request, page) : all.status();
  }

  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.OperationService", rpc::Make<OperationService>);

}  // namespace
}  // namespace folio::services
