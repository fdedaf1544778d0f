#include "folio/v1/admin.grpc.pb.h"
#include "server/base/error.h"
#include "server/engine/resource_tables.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/access_store.h"
#include "server/rpc/operations.h"
#include "server/rpc/serve.h"
#include "server/rpc/stream_registry.h"
#include "server/rpc/versions.h"
#include "server/rpc/workspaces.h"
#include "server/services/standard.h"

namespace folio::services {
namespace {

int64_t CountLiveAccounts(const portfolio::Workspace& workspace) {
  const auto snapshot = workspace.portfolio().snapshot();
  const auto filter = portfolio::AccountFilter(workspace, *snapshot, "");
  if (!filter.ok()) return 0;
  return snapshot->Run({.filter = &*filter, .limit = 0, .with_total = true}).total;
}

class AdminService final : public v1::AdminService::CallbackService {
 public:
  explicit AdminService(rpc::ServerContext& server) : server_(server) {}

  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* grpc, const v1::GetServerInfoRequest* request,
                                          v1::ServerInfo* response) override {
    return rpc::Serve(server_, grpc, "AdminService.GetServerInfo", request, response,
                      [this](const rpc::CallContext& call, const v1::GetServerInfoRequest&, v1::ServerInfo* info) {
                        return Describe(call, info);
                      });
  }

  grpc::ServerUnaryReactor* CreateWorkspace(grpc::CallbackServerContext* grpc,
                                            const v1::CreateWorkspaceRequest* request,
                                            v1::Workspace* response) override {
    using Create = rpc::Call<v1::CreateWorkspaceRequest, v1::Workspace>;
    return rpc::Serve(
        server_, grpc, "AdminService.CreateWorkspace", request, response, [this](const std::shared_ptr<Create>& call) {
          ReadOnWorker(call, [this](const rpc::CallContext& context, const v1::CreateWorkspaceRequest& create,
                                    v1::Workspace* workspace) { return MakeWorkspace(context, create, workspace); });
        });
  }

  grpc::ServerUnaryReactor* ListWorkspaces(grpc::CallbackServerContext* grpc, const v1::ListWorkspacesRequest* request,
                                           v1::ListWorkspacesResponse* response) override {
    return rpc::Serve(
        server_, grpc, "AdminService.ListWorkspaces", request, response,
        [this](const rpc::CallContext&, const v1::ListWorkspacesRequest&, v1::ListWorkspacesResponse* list) {
          for (v1::Workspace& workspace : server_.access.ListWorkspaces())
            *list->add_workspaces() = std::move(workspace);
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* CreateApiKey(grpc::CallbackServerContext* grpc, const v1::CreateApiKeyRequest* request,
                                         v1::ApiKey* response) override {
    return rpc::Serve(server_, grpc, "AdminService.CreateApiKey", request, response,
                      [this](const std::shared_ptr<rpc::Call<v1::CreateApiKeyRequest, v1::ApiKey>>& call) {
                        ReadOnWorker(call, [this](const rpc::CallContext& context,
                                                  const v1::CreateApiKeyRequest& create, v1::ApiKey* key) {
                          return Answer(server_.access.CreateKey(create.api_key(), context.principal->actor), key);
                        });
                      });
  }

  grpc::ServerUnaryReactor* ListApiKeys(grpc::CallbackServerContext* grpc, const v1::ListApiKeysRequest* request,
                                        v1::ListApiKeysResponse* response) override {
    return rpc::Serve(
        server_, grpc, "AdminService.ListApiKeys", request, response,
        [this](const rpc::CallContext&, const v1::ListApiKeysRequest& wanted, v1::ListApiKeysResponse* list) {
          for (v1::ApiKey& key : server_.access.ListKeys(wanted.workspace())) *list->add_api_keys() = std::move(key);
          return absl::OkStatus();
        });
  }

  grpc::ServerUnaryReactor* RevokeApiKey(grpc::CallbackServerContext* grpc, const v1::RevokeApiKeyRequest* request,
                                         v1::ApiKey* response) override {
    return rpc::Serve(server_, grpc, "AdminService.RevokeApiKey", request, response,
                      [this](const std::shared_ptr<rpc::Call<v1::RevokeApiKeyRequest, v1::ApiKey>>& call) {
                        ReadOnWorker(call,
                                     [this](const rpc::CallContext& context, const v1::RevokeApiKeyRequest& revoke,
                                            v1::ApiKey* key) { return Revoke(context, revoke, key); });
                      });
  }

  grpc::ServerUnaryReactor* VerifyStorage(grpc::CallbackServerContext* grpc, const v1::VerifyStorageRequest* request,
                                          v1::Operation* response) override {
    return rpc::Serve(server_, grpc, "AdminService.VerifyStorage", request, response,
                      [this](const std::shared_ptr<rpc::Call<v1::VerifyStorageRequest, v1::Operation>>& call) {
                        Start(call, "VerifyStorage", Verify);
                      });
  }

  grpc::ServerUnaryReactor* CompactLog(grpc::CallbackServerContext* grpc, const v1::CompactLogRequest* request,
                                       v1::Operation* response) override {
    return rpc::Serve(server_, grpc, "AdminService.CompactLog", request, response,
                      [this](const std::shared_ptr<rpc::Call<v1::CompactLogRequest, v1::Operation>>& call) {
                        const storage::Revision first = call->request().first_revision();
                        const storage::Revision head = call->context().workspace->storage().head();
                        if (first < 1 || first > head) {
                          return call->Finish(error::InvalidField(
                              "first_revision", "FIELD_OUT_OF_RANGE",
                              {{"value", std::to_string(first)}, {"minimum", "1"}, {"maximum", std::to_string(head)}}));
                        }
                        Start(call, "CompactLog",
                              [first](portfolio::Workspace& workspace, rpc::OperationProgress&, v1::Operation* done) {
                                return Compact(workspace, first, done);
                              });
                      });
  }

 private:
  template <class Resource>
  static absl::Status Answer(absl::StatusOr<Resource> result, Resource* response) {
    if (!result.ok()) return result.status();
    *response = *std::move(result);
    return absl::OkStatus();
  }

  absl::Status Describe(const rpc::CallContext& call, v1::ServerInfo* info) const {
    const portfolio::Workspace& workspace = *call.workspace;
    info->set_version(server_.version);
    for (std::string& library : rpc::LibraryVersions()) info->add_libraries(std::move(library));
    *info->mutable_time() = ToProtoTime(server_.clock.Now());
    *info->mutable_start_time() = ToProtoTime(server_.start_time);
    info->set_workspace("workspaces/" + call.principal->workspace);
    info->set_store_id(workspace.storage().store_id());
    info->set_revision(workspace.storage().head());
    info->set_first_log_revision(workspace.storage().first_log_revision());
    *info->mutable_as_of() = ToProtoDate(workspace.portfolio().today());
    info->set_account_count(CountLiveAccounts(workspace));
    info->set_development(server_.development);
    return absl::OkStatus();
  }

  // Streams that the key has opened end with it.
  absl::Status Revoke(const rpc::CallContext& call, const v1::RevokeApiKeyRequest& request, v1::ApiKey* key) {
    const absl::Status revoked = Answer(server_.access.RevokeKey(request.name(), call.principal->actor), key);
    if (!revoked.ok()) return revoked;
    server_.streams.AbortWhere(error::Unauthenticated("KEY_REVOKED"), [&request](const rpc::Principal& principal) {
      return principal.actor == request.name();
    });
    return absl::OkStatus();
  }

  absl::Status MakeWorkspace(const rpc::CallContext& call, const v1::CreateWorkspaceRequest& create,
                             v1::Workspace* response) {
    auto made = server_.access.CreateWorkspace(create.workspace_id(), create.workspace(), call.principal->actor);
    if (!made.ok()) return made.status();
    *response = *std::move(made);
    return server_.workspaces.Open(create.workspace_id());
  }

  // Answers with an operation, and does its work.
  template <class Call, class Work>
  void Start(const std::shared_ptr<Call>& call, std::string method, Work work) {
    const auto workspace = call->context().workspace;
    const absl::Status queued = server_.operations.Start(
        workspace, call->context().principal->actor, std::move(method),
        [workspace, work](rpc::OperationProgress& progress, v1::Operation* operation) {
          return work(*workspace, progress, operation);
        },
        [call](const absl::StatusOr<v1::Operation>& operation) { call->Finish(Answer(operation, call->response())); });
    if (!queued.ok()) call->Finish(queued);
  }

  static absl::Status Verify(portfolio::Workspace& workspace, rpc::OperationProgress& progress,
                             v1::Operation* operation) {
    const auto report = workspace.storage().Check([&progress](int64_t rows) {
      progress.done = rows;
      return !progress.cancelled;
    });
    if (!report.ok()) return absl::IsCancelled(report.status()) ? report.status() : error::FromStorage(report.status());
    v1::VerifyStorageResult* result = operation->mutable_verify_storage();
    result->set_row_count(report->records);
    result->set_log_entry_count(report->entries);
    result->set_corrupt_count(report->corrupt);
    progress.done = report->records + report->entries;
    return absl::OkStatus();
  }

  static absl::Status Compact(portfolio::Workspace& workspace, storage::Revision first, v1::Operation* operation) {
    const absl::Status compacted =
        workspace.committer().RunExclusive([first](storage::Storage& storage) { return storage.Compact(first); });
    if (!compacted.ok()) return error::FromStorage(compacted);
    operation->mutable_compact_log()->set_first_log_revision(workspace.storage().first_log_revision());
    return absl::OkStatus();
  }

  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.AdminService", rpc::Make<AdminService>);

}  // namespace
}  // namespace folio::services
