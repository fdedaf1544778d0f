// A Folio server for tests of clients: answers from memory, in process, and fails where it is told to.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "folio/client.h"
#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/admin.grpc.pb.h"
#include "folio/v1/custom_field.grpc.pb.h"
#include "folio/v1/import.grpc.pb.h"
#include "folio/v1/portfolio.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "folio/v1/workspace.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/server.h"

namespace folio::testing {

// A status with google.rpc details, as a Folio server sends it.
grpc::Status ErrorWith(grpc::StatusCode code, const std::string& message, const std::string& reason,
                       const std::vector<google::rpc::BadRequest::FieldViolation>& fields = {},
                       const std::string& localized = "", int retry_after_ms = -1);

// What happens to a call before its service sees it: a failure, or nothing. Looks at the method's name, "GetAccount".
using Interceptor = std::function<std::optional<grpc::Status>(const std::string& method)>;

class FakeServer final : public v1::AccountService::Service,
                         public v1::AdminService::Service,
                         public v1::CustomFieldService::Service,
                         public v1::ImportService::Service,
                         public v1::PortfolioService::Service,
                         public v1::WatchService::Service,
                         public v1::WorkspaceService::Service {
 public:
  FakeServer();
  ~FakeServer() override;

  const std::string& address() const { return address_; }
  // Options of a client that reaches it.
  ClientOptions options() const;
  Client client() const;

  // --- what it holds, and what has happened to it
  // ----------------------------------------------------------------------

  std::map<std::string, v1::Account> accounts;
  v1::Workspace workspace;
  std::vector<v1::CustomField> custom_fields;
  v1::PortfolioSummary summary;

  // Imported rows by collection and name (facts: source and source id).
  std::map<std::string, std::map<std::string, std::string>> imported;
  std::vector<v1::ImportChunk> chunks;
  std::vector<v1::ImportHeader> headers;
  // Sees how many chunks have come, before the last one is answered.
  std::function<void(size_t)> on_chunk;
  // Ends the stream with UNAVAILABLE after so many chunks are written, before the last one is answered; once.
  int cut_import_after = -1;

  // Messages of each connection of a watch; the last one stays open until the caller leaves.
  std::vector<std::vector<v1::WatchResponse>> watch_streams;
  std::vector<grpc::Status> watch_ends;
  std::vector<v1::WatchRequest> watch_requests;

  // The same for watches of the portfolio.
  std::vector<std::vector<v1::WatchPortfolioResponse>> portfolio_streams;
  std::vector<grpc::Status> portfolio_ends;
  std::vector<v1::WatchPortfolioRequest> portfolio_requests;

  Interceptor intercept;
  std::map<std::string, int> calls;
  std::vector<std::string> request_ids;
  std::multimap<std::string, std::string> last_metadata;

  // --- services
  // --------------------------------------------------------------------------------------------------------

  grpc::Status GetAccount(grpc::ServerContext*, const v1::GetAccountRequest*, v1::Account*) override;
  grpc::Status ListAccounts(grpc::ServerContext*, const v1::ListAccountsRequest*, v1::ListAccountsResponse*) override;
  grpc::Status CreateAccount(grpc::ServerContext*, const v1::CreateAccountRequest*, v1::Account*) override;
  grpc::Status UpdateAccount(grpc::ServerContext*, const v1::UpdateAccountRequest*, v1::Account*) override;
  grpc::Status DeleteAccount(grpc::ServerContext*, const v1::DeleteAccountRequest*, v1::Account*) override;
  grpc::Status ExportAccounts(grpc::ServerContext*, const v1::ExportAccountsRequest*,
                              grpc::ServerWriter<v1::ExportAccountsResponse>*) override;
  grpc::Status GetWorkspace(grpc::ServerContext*, const v1::GetWorkspaceRequest*, v1::Workspace*) override;
  grpc::Status ListCustomFields(grpc::ServerContext*, const v1::ListCustomFieldsRequest*,
                                v1::ListCustomFieldsResponse*) override;
  grpc::Status GetServerInfo(grpc::ServerContext*, const v1::GetServerInfoRequest*, v1::ServerInfo*) override;
  grpc::Status CreateApiKey(grpc::ServerContext*, const v1::CreateApiKeyRequest*, v1::ApiKey*) override;
  grpc::Status GetPortfolioSummary(grpc::ServerContext*, const v1::GetPortfolioSummaryRequest*,
                                   v1::PortfolioSummary*) override;
  grpc::Status Import(grpc::ServerContext*, grpc::ServerReaderWriter<v1::ImportResponse, v1::ImportRequest>*) override;
  grpc::Status Watch(grpc::ServerContext*, const v1::WatchRequest*, grpc::ServerWriter<v1::WatchResponse>*) override;
  grpc::Status WatchPortfolio(grpc::ServerContext*, const v1::WatchPortfolioRequest*,
                              grpc::ServerWriter<v1::WatchPortfolioResponse>*) override;

 private:
  struct ImportState {
    int64_t durable = 0;
    v1::ImportCounts counts;
  };

  // Counts the call, notes its metadata, and asks the interceptor.
  std::optional<grpc::Status> Enter(grpc::ServerContext* context, const std::string& method);
  void ApplyChunk(const v1::ImportHeader& header, const v1::ImportChunk& chunk, ImportState* state,
                  v1::ImportResponse* answer);

  std::mutex mutex_;
  std::map<std::string, ImportState> imports_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace folio::testing
