#include <utility>
#include <vector>

#include "folio/v1/account.grpc.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"
#include "server/base/limits.h"
#include "server/portfolio/queries.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/services/standard.h"

namespace folio::services {

namespace {

using google::protobuf::internal::WireFormatLite;

// Rows of one message of an export: large enough that a message costs little, small enough to be well below a client's
// limit.
constexpr int kExportRows = 500;
constexpr int64_t kExportBytes = 1 << 20;
// What may wait for a slow client before the export pauses.
constexpr int64_t kExportPendingMax = 4 << 20;

// Streams the stored bytes of accounts: they are the response's rows as they stand.
class Exporter final : public rpc::StreamHandler, public std::enable_shared_from_this<Exporter> {
 public:
  Exporter(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, storage::Revision revision,
           std::vector<engine::RowKey> keys)
      : stream_(std::move(stream)), server_(server), revision_(revision), keys_(std::move(keys)) {}

  void OnOpen() override { Schedule(); }
  void OnDrained() override { Schedule(); }

 private:
  // Reads and sends on a worker until enough waits for the client; OnDrained goes on. Only one such run at a time.
  void Schedule() {
    if (running_.exchange(true)) return;
    const absl::Status queued = server_.workers.Submit([self = shared_from_this()] { self->Send(); });
    if (!queued.ok()) stream_->Abort(queued);
  }

  void Send() {
    while (!stream_->over() && stream_->pending_bytes() < kExportPendingMax) {
      if (next_ == keys_.size() && sent_any_) {
        stream_->Finish(absl::OkStatus());
        return;
      }
      auto message = NextMessage();
      if (!message.ok()) {
        stream_->Abort(message.status());
        return;
      }
      sent_any_ = true;
      if (!stream_->Write(rpc::ToBytes(std::move(*message)))) return;
    }
    running_ = false;
    // The queue may have drained between the last look and the line above.
    if (!stream_->over() && stream_->pending_bytes() == 0) Schedule();
  }

  absl::StatusOr<std::string> NextMessage() {
    v1::ExportAccountsResponse head;
    head.set_revision(revision_);
    head.set_total_size(static_cast<int64_t>(keys_.size()));
    std::string message = head.SerializeAsString();
    google::protobuf::io::StringOutputStream stream(&message);
    google::protobuf::io::CodedOutputStream out(&stream);
    for (int rows = 0; next_ < keys_.size() && rows < kExportRows && out.ByteCount() < kExportBytes; ++next_) {
      const auto record = stream_->context().workspace->storage().Get(engine::kAccount, keys_[next_]);
      if (!record.ok()) return error::FromStorage(record.status());
      if (!record->has_value()) continue;
      const std::string& data = (*record)->data;
      out.WriteTag(WireFormatLite::MakeTag(v1::ExportAccountsResponse::kAccountsFieldNumber,
                                           WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
      out.WriteVarint32(static_cast<uint32_t>(data.size()));
      out.WriteRaw(data.data(), static_cast<int>(data.size()));
      ++rows;
    }
    out.Trim();
    return message;
  }

  const std::shared_ptr<rpc::Stream> stream_;
  rpc::ServerContext& server_;
  const storage::Revision revision_;
  const std::vector<engine::RowKey> keys_;
  std::atomic<bool> running_ = false;
  size_t next_ = 0;        // of the run under way
  bool sent_any_ = false;  // of the run under way
};

absl::StatusOr<std::vector<engine::RowKey>> MatchingAccounts(const portfolio::Workspace& workspace,
                                                             const engine::Snapshot& snapshot,
                                                             const v1::ExportAccountsRequest& request) {
  auto filter = request.show_deleted() ? model::ParseFilter(request.filter(), snapshot.columns())
                                       : portfolio::AccountFilter(workspace, snapshot, request.filter());
  if (!filter.ok()) return filter.status();
  std::vector<engine::RowKey> keys;
  snapshot.VisitMatches(
      &*filter,
      [](void* context, const engine::RowKey* matched, int count) {
        auto* found = static_cast<std::vector<engine::RowKey>*>(context);
        found->insert(found->end(), matched, matched + count);
      },
      &keys);
  return keys;
}

// Get and Export answer with stored bytes, so they are raw methods; the others are typed.
using Base = v1::AccountService::WithRawCallbackMethod_GetAccount<
    v1::AccountService::WithRawCallbackMethod_ExportAccounts<v1::AccountService::CallbackService>>;

class AccountService final : public Base {
 public:
  explicit AccountService(rpc::ServerContext& server) : server_(server) {}

  grpc::ServerUnaryReactor* GetAccount(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
    return rpc::ServeBytes<v1::GetAccountRequest>(
        server_, grpc, "AccountService.GetAccount", request, response,
        [](const rpc::CallContext& call, const v1::GetAccountRequest& get, grpc::ByteBuffer* account) {
          auto bytes = call.workspace->collection(engine::kAccount).GetBytes(get.name(), get.min_revision());
          if (bytes.ok()) *account = rpc::ToBytes(std::move(*bytes));
          return bytes.status();
        });
  }

  FOLIO_LIST(Account, Accounts, engine::kAccount)
  FOLIO_WRITE(Account, Create, Account, engine::kAccount)
  FOLIO_WRITE(Account, Update, Account, engine::kAccount)
  FOLIO_WRITE(Account, Delete, Account, engine::kAccount)
  FOLIO_WRITE(Account, Undelete, Account, engine::kAccount)

  rpc::StreamWriter* ExportAccounts(grpc::CallbackServerContext* grpc, const grpc::ByteBuffer* request) override {
    return rpc::ServeStream<v1::ExportAccountsRequest>(
        server_, grpc, "AccountService.ExportAccounts", request,
        [this](const std::shared_ptr<rpc::Stream>& stream,
               const v1::ExportAccountsRequest& wanted) -> absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> {
          const portfolio::Workspace& workspace = *stream->context().workspace;
          const auto snapshot = workspace.portfolio().snapshot();
          auto keys = MatchingAccounts(workspace, *snapshot, wanted);
          if (!keys.ok()) return keys.status();
          return std::make_shared<Exporter>(stream, server_, snapshot->revision(), std::move(*keys));
        });
  }

 private:
  rpc::ServerContext& server_;
};

const rpc::ServiceRegistrar registrar("folio.v1.AccountService", rpc::Make<AccountService>);

}  // namespace

}  // namespace folio::services
