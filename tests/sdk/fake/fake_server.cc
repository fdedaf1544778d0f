#include "tests/sdk/fake/fake_server.h"

#include <chrono>
#include <thread>

#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/util/time_util.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace folio::testing {
namespace {

using google::protobuf::Message;

// A row with this name is refused, whatever its type.
constexpr char kRefusedName[] = "refuse me";

std::string TextField(const Message& message, const std::string& name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

std::string IdentityOf(const Message& row) {
  const std::string source_id = TextField(row, "source_id");
  return source_id.empty() ? TextField(row, "name") : TextField(row, "source") + "~" + source_id;
}

// The next of the streams that a test has written down.
template <class Request, class Response>
grpc::Status Replay(grpc::ServerContext* context, const Request& request,
                    const std::vector<std::vector<Response>>& streams, const std::vector<grpc::Status>& ends,
                    std::vector<Request>* requests, grpc::ServerWriter<Response>* writer) {
  const size_t number = requests->size();
  requests->push_back(request);
  if (number < streams.size()) {
    for (const Response& response : streams[number]) writer->Write(response);
  }
  if (number < ends.size()) return ends[number];
  while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return grpc::Status::CANCELLED;
}

}  // namespace

grpc::Status ErrorWith(grpc::StatusCode code, const std::string& message, const std::string& reason,
                       const std::vector<google::rpc::BadRequest::FieldViolation>& fields, const std::string& localized,
                       int retry_after_ms) {
  google::rpc::Status details;
  details.set_code(code);
  details.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("folio");
  (*info.mutable_metadata())["limit"] = "7";
  details.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  for (const auto& field : fields) *bad.add_field_violations() = field;
  if (!fields.empty()) details.add_details()->PackFrom(bad);
  google::rpc::LocalizedMessage text;
  text.set_message(localized);
  if (!localized.empty()) details.add_details()->PackFrom(text);
  google::rpc::RetryInfo retry;
  *retry.mutable_retry_delay() = google::protobuf::util::TimeUtil::MillisecondsToDuration(retry_after_ms);
  if (retry_after_ms >= 0) details.add_details()->PackFrom(retry);
  return {code, message, details.SerializeAsString()};
}

FakeServer::FakeServer() {
  workspace.set_name("workspaces/test");
  workspace.set_currency_code("EUR");
  workspace.set_time_zone("Europe/Paris");
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(static_cast<v1::AccountService::Service*>(this));
  builder.RegisterService(static_cast<v1::AdminService::Service*>(this));
  builder.RegisterService(static_cast<v1::CustomFieldService::Service*>(this));
  builder.RegisterService(static_cast<v1::ImportService::Service*>(this));
  builder.RegisterService(static_cast<v1::PortfolioService::Service*>(this));
  builder.RegisterService(static_cast<v1::WatchService::Service*>(this));
  builder.RegisterService(static_cast<v1::WorkspaceService::Service*>(this));
  server_ = builder.BuildAndStart();
  address_ = "127.0.0.1:" + std::to_string(port);
}

FakeServer::~FakeServer() { server_->Shutdown(std::chrono::system_clock::now()); }

ClientOptions FakeServer::options() const {
  ClientOptions options;
  options.server = address_;
  options.key = "folio_test_key";
  return options;
}

Client FakeServer::client() const { return *Client::Connect(options()); }

std::optional<grpc::Status> FakeServer::Enter(grpc::ServerContext* context, const std::string& method) {
  const std::lock_guard lock(mutex_);
  ++calls[method];
  last_metadata.clear();
  for (const auto& [name, value] : context->client_metadata()) {
    last_metadata.emplace(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  context->AddTrailingMetadata("x-request-id", "req-" + std::to_string(calls[method]));
  return intercept ? intercept(method) : std::nullopt;
}

grpc::Status FakeServer::GetAccount(grpc::ServerContext* context, const v1::GetAccountRequest* request,
                                    v1::Account* response) {
  if (auto failure = Enter(context, "GetAccount")) return *failure;
  const auto found = accounts.find(request->name());
  if (found == accounts.end()) {
    return ErrorWith(grpc::StatusCode::NOT_FOUND, request->name() + " does not exist.", "NOT_FOUND");
  }
  *response = found->second;
  return grpc::Status::OK;
}

grpc::Status FakeServer::ListAccounts(grpc::ServerContext* context, const v1::ListAccountsRequest* request,
                                      v1::ListAccountsResponse* response) {
  if (auto failure = Enter(context, "ListAccounts")) return *failure;
  // The token is the name of the last row; "empty" asks for a page without rows first.
  auto next = request->page_token().empty() ? accounts.begin() : accounts.upper_bound(request->page_token());
  const int size = request->page_size() == 0 ? 50 : request->page_size();
  for (; next != accounts.end() && response->accounts_size() < size; ++next) *response->add_accounts() = next->second;
  if (next != accounts.end()) response->set_next_page_token(response->accounts().rbegin()->name());
  return grpc::Status::OK;
}

grpc::Status FakeServer::CreateAccount(grpc::ServerContext* context, const v1::CreateAccountRequest* request,
                                       v1::Account* response) {
  request_ids.push_back(request->request_id());
  if (auto failure = Enter(context, "CreateAccount")) return *failure;
  *response = request->account();
  response->set_name("accounts/" + (request->account_id().empty() ? "generated" : request->account_id()));
  if (accounts.contains(response->name())) {
    return ErrorWith(grpc::StatusCode::ALREADY_EXISTS, response->name() + " exists.", "ALREADY_EXISTS");
  }
  response->set_etag("1");
  if (!request->validate_only()) accounts[response->name()] = *response;
  return grpc::Status::OK;
}

grpc::Status FakeServer::UpdateAccount(grpc::ServerContext* context, const v1::UpdateAccountRequest* request,
                                       v1::Account* response) {
  request_ids.push_back(request->request_id());
  if (auto failure = Enter(context, "UpdateAccount")) return *failure;
  v1::Account& account = accounts[request->account().name()];
  if (!request->account().etag().empty() && request->account().etag() != account.etag()) {
    return ErrorWith(grpc::StatusCode::ABORTED, "The etag is not the current one.", "ETAG_MISMATCH");
  }
  google::protobuf::util::FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(request->account(), request->update_mask(), replace, &account);
  account.set_name(request->account().name());
  account.set_etag(account.etag() + "+");
  *response = account;
  return grpc::Status::OK;
}

grpc::Status FakeServer::DeleteAccount(grpc::ServerContext* context, const v1::DeleteAccountRequest* request,
                                       v1::Account* response) {
  if (auto failure = Enter(context, "DeleteAccount")) return *failure;
  if (!accounts.contains(request->name()) && !request->allow_missing()) {
    return {grpc::StatusCode::NOT_FOUND, "There is no " + request->name() + "."};
  }
  response->set_name(request->name());
  if (!request->validate_only()) accounts.erase(request->name());
  return grpc::Status::OK;
}

grpc::Status FakeServer::ExportAccounts(grpc::ServerContext* context, const v1::ExportAccountsRequest*,
                                        grpc::ServerWriter<v1::ExportAccountsResponse>* writer) {
  if (auto failure = Enter(context, "ExportAccounts")) return *failure;
  for (const auto& [name, account] : accounts) {
    v1::ExportAccountsResponse response;
    response.set_total_size(static_cast<int64_t>(accounts.size()));
    *response.add_accounts() = account;
    writer->Write(response);
  }
  return grpc::Status::OK;
}

grpc::Status FakeServer::GetWorkspace(grpc::ServerContext* context, const v1::GetWorkspaceRequest*,
                                      v1::Workspace* response) {
  if (auto failure = Enter(context, "GetWorkspace")) return *failure;
  *response = workspace;
  return grpc::Status::OK;
}

grpc::Status FakeServer::ListCustomFields(grpc::ServerContext* context, const v1::ListCustomFieldsRequest*,
                                          v1::ListCustomFieldsResponse* response) {
  if (auto failure = Enter(context, "ListCustomFields")) return *failure;
  for (const v1::CustomField& field : custom_fields) *response->add_custom_fields() = field;
  return grpc::Status::OK;
}

grpc::Status FakeServer::GetServerInfo(grpc::ServerContext* context, const v1::GetServerInfoRequest*,
                                       v1::ServerInfo* response) {
  if (auto failure = Enter(context, "GetServerInfo")) return *failure;
  response->set_version("0.0.0");
  response->set_workspace(workspace.name());
  response->set_development(true);
  return grpc::Status::OK;
}

grpc::Status FakeServer::CreateApiKey(grpc::ServerContext* context, const v1::CreateApiKeyRequest*,
                                      v1::ApiKey* response) {
  if (auto failure = Enter(context, "CreateApiKey")) return *failure;
  response->set_name("apiKeys/1");
  return grpc::Status::OK;
}

grpc::Status FakeServer::GetPortfolioSummary(grpc::ServerContext* context, const v1::GetPortfolioSummaryRequest*,
                                             v1::PortfolioSummary* response) {
  if (auto failure = Enter(context, "GetPortfolioSummary")) return *failure;
  *response = summary;
  return grpc::Status::OK;
}

void FakeServer::ApplyChunk(const v1::ImportHeader& header, const v1::ImportChunk& chunk, ImportState* state,
                            v1::ImportResponse* answer) {
  const auto* reflection = chunk.GetReflection();
  const auto* field = chunk.GetDescriptor()->FindFieldByName(header.collection());
  auto& rows = imported[header.collection()];
  for (int i = 0; i < reflection->FieldSize(chunk, field); ++i) {
    const Message& row = reflection->GetRepeatedMessage(chunk, field, i);
    if (TextField(row, "display_name") == kRefusedName) {
      state->counts.set_rejected(state->counts.rejected() + 1);
      v1::RejectedRow* rejected = answer->add_rejected_rows();
      rejected->set_row(chunk.row_numbers(i));
      rejected->set_field("display_name");
      rejected->set_reason("NAME_REFUSED");
      rejected->set_message("The name is refused.");
      continue;
    }
    const std::string identity = IdentityOf(row);
    const std::string bytes = row.SerializeAsString();
    const auto known = rows.find(identity);
    if (known == rows.end())
      state->counts.set_created(state->counts.created() + 1);
    else if (known->second == bytes)
      state->counts.set_unchanged(state->counts.unchanged() + 1);
    else
      state->counts.set_updated(state->counts.updated() + 1);
    if (!header.validate_only()) rows[identity] = bytes;
  }
  state->durable = chunk.first_row() + chunk.row_count() - 1;
}

grpc::Status FakeServer::Import(grpc::ServerContext* context,
                                grpc::ServerReaderWriter<v1::ImportResponse, v1::ImportRequest>* stream) {
  if (auto failure = Enter(context, "Import")) return *failure;
  v1::ImportRequest request;
  if (!stream->Read(&request) || !request.has_header()) return {grpc::StatusCode::INVALID_ARGUMENT, "No header."};
  const v1::ImportHeader header = request.header();
  headers.push_back(header);
  ImportState fresh;
  ImportState* state = header.import_id().empty() ? &fresh : &imports_[header.import_id()];
  if (header.restart()) *state = ImportState();
  v1::ImportResponse answer;
  const auto reply = [&] {
    answer.set_durable_through_row(state->durable);
    *answer.mutable_counts() = state->counts;
    stream->Write(answer);
    answer.Clear();
  };
  reply();
  while (stream->Read(&request)) {
    if (request.chunk().first_row() <= state->durable) return {grpc::StatusCode::INVALID_ARGUMENT, "Rows overlap."};
    chunks.push_back(request.chunk());
    ApplyChunk(header, request.chunk(), state, &answer);
    if (on_chunk) on_chunk(chunks.size());
    if (cut_import_after == 0) {
      cut_import_after = -1;
      return {grpc::StatusCode::UNAVAILABLE, "cut off"};
    }
    if (cut_import_after > 0) --cut_import_after;
    reply();
  }
  return grpc::Status::OK;
}

grpc::Status FakeServer::Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                               grpc::ServerWriter<v1::WatchResponse>* writer) {
  if (auto failure = Enter(context, "Watch")) return *failure;
  return Replay(context, *request, watch_streams, watch_ends, &watch_requests, writer);
}

grpc::Status FakeServer::WatchPortfolio(grpc::ServerContext* context, const v1::WatchPortfolioRequest* request,
                                        grpc::ServerWriter<v1::WatchPortfolioResponse>* writer) {
  if (auto failure = Enter(context, "WatchPortfolio")) return *failure;
  return Replay(context, *request, portfolio_streams, portfolio_ends, &portfolio_requests, writer);
}

}  // namespace folio::testing
