#include "folio/v1/workspace.grpc.pb.h"
#include "server/base/error.h"
#include "server/base/text.h"
#include "server/engine/resources.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/access_store.h"
#include "server/rpc/log.h"
#include "server/rpc/serve.h"
#include "server/rpc/stream_registry.h"
#include "server/rpc/worker_pool.h"
#include "server/rpc/workspaces.h"

namespace folio::services {
namespace {

using UpdateCall = rpc::Call<v1::UpdateWorkspaceRequest, v1::Workspace>;

std::string OwnName(const rpc::CallContext& call) { return "workspaces/" + call.principal->workspace; }

// Somebody else's workspace is told like one that does not exist.
absl::Status CheckOwn(const rpc::CallContext& call, const std::string& name) {
  return name.empty() || name == OwnName(call) ? absl::OkStatus() : error::NotFound(name);
}

bool HoldsAmounts(const portfolio::Workspace& workspace) {
  const storage::Storage& storage = workspace.storage();
  return storage.last_key(engine::kAccount) > 0 || storage.last_key(engine::kSubscription) > 0;
}

class WorkspaceService final : public v1::WorkspaceService::CallbackService {
 public:
  explicit WorkspaceService(rpc::ServerContext& server) : server_(server) {}

  grpc::ServerUnaryReactor* GetWorkspace(grpc::CallbackServerContext* grpc, const v1::GetWorkspaceRequest* request,
                                         v1::Workspace* response) override {
    return rpc::Serve(server_, grpc, "WorkspaceService.GetWorkspace", request, response,
                      [this](const rpc::CallContext& call, const v1::GetWorkspaceRequest& get, v1::Workspace* found) {
                        if (absl::Status own = CheckOwn(call, get.name()); !own.ok()) return own;
                        return Answer(server_.access.GetWorkspace(call.principal->workspace), found);
                      });
  }

  grpc::ServerUnaryReactor* UpdateWorkspace(grpc::CallbackServerContext* grpc,
                                            const v1::UpdateWorkspaceRequest* request,
                                            v1::Workspace* response) override {
    return rpc::Serve(server_, grpc, "WorkspaceService.UpdateWorkspace", request, response,
                      [this](const std::shared_ptr<UpdateCall>& call) {
                        const absl::Status queued =
                            server_.workers.Submit([this, held = call]() mutable { Update(std::move(held)); });
                        if (!queued.ok()) call->Finish(queued);
                      });
  }

 private:
  static absl::Status Answer(absl::StatusOr<v1::Workspace> workspace, v1::Workspace* response) {
    if (!workspace.ok()) return workspace.status();
    *response = *std::move(workspace);
    return absl::OkStatus();
  }

  // On a worker.
  void Update(std::shared_ptr<UpdateCall> call) {
    const rpc::CallContext& context = call->context();
    v1::UpdateWorkspaceRequest request = call->request();
    if (absl::Status own = CheckOwn(context, request.workspace().name()); !own.ok()) return call->Finish(own);
    request.mutable_workspace()->set_name(OwnName(context));
    bool reopen = false;
    const auto after = server_.access.UpdateWorkspace(
        request, context.principal->actor, [&](const v1::Workspace& old, const v1::Workspace& fresh) -> absl::Status {
          const bool new_currency = old.currency_code() != fresh.currency_code();
          reopen = new_currency || old.time_zone() != fresh.time_zone() ||
                   old.fiscal_year_start_month() != fresh.fiscal_year_start_month() ||
                   !model::SameContent(old.indicator_settings(), fresh.indicator_settings());
          if (!new_currency || !HoldsAmounts(*context.workspace)) return absl::OkStatus();
          return error::Precondition("WORKSPACE_CURRENCY_FIXED", {{"currency", old.currency_code()}});
        });
    const std::string id = context.principal->workspace;
    reopen = reopen && after.ok() && !request.validate_only();
    auto taken = reopen ? server_.workspaces.Take(id) : nullptr;
    call->Finish(Answer(after, call->response()));
    call.reset();  // it holds the workspace
    if (taken != nullptr) Reopen(id, std::move(taken));
  }

  // Currency, time zone, fiscal year and what indicators are computed with are read when a workspace is opened.
  void Reopen(const std::string& id, std::shared_ptr<portfolio::Workspace> taken) {
    server_.streams.AbortWhere(absl::UnavailableError("the workspace is opened anew"),
                               [&id](const rpc::Principal& principal) { return principal.workspace == id; });
    const absl::Status opened = server_.workspaces.Reopen(id, std::move(taken));
    if (!opened.ok()) {
      server_.log.Error("a workspace with new settings was not opened anew",
                        {{"workspace", id}, {"error", std::string(MessageOf(opened))}});
    }
  }

  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.WorkspaceService", rpc::Make<WorkspaceService>);

}  // namespace
}  // namespace folio::services
