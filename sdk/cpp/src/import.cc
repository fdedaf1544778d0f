#include "folio/import.h"

#include <algorithm>
#include <string>
#include <utility>

#include "backoff.h"
#include "folio/v1/import.grpc.pb.h"
#include "folio/v1/options.pb.h"

namespace folio {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

using Stream = grpc::ClientReaderWriter<v1::ImportRequest, v1::ImportResponse>;

constexpr std::chrono::milliseconds kBusyPatience{5'000};

int64_t LastRow(const v1::ImportChunk& chunk) { return chunk.first_row() + chunk.row_count() - 1; }

// The field of a chunk that holds rows of a collection; nullptr where there is none.
const FieldDescriptor* RowsField(const std::string& collection) {
  const auto* chunk = v1::ImportChunk::descriptor();
  for (int i = 0; i < chunk->field_count(); ++i) {
    const auto* row = chunk->field(i)->message_type();
    if (row != nullptr && row->options().GetExtension(v1::resource).collection() == collection) return chunk->field(i);
  }
  return nullptr;
}

// One connection's worth of an import: a stream with its context.
class Connection {
 public:
  Connection(const Client& client, const std::stop_token& stop)
      : context_(client.NewStreamContext()),
        stub_(v1::ImportService::NewStub(client.channel())),
        stream_(stub_->Import(context_.get())),
        cancel_(stop, Cancel{context_.get()}) {}

  // Both are false where the stream has ended; Finish says why.
  bool Write(const v1::ImportRequest& request) { return stream_->Write(request); }
  bool Read(v1::ImportResponse* answer) { return stream_->Read(answer); }

  // Ends the stream: OK where the server ended it so.
  absl::Status Finish() {
    stream_->WritesDone();
    v1::ImportResponse ignored;
    while (stream_->Read(&ignored)) {
    }
    return FromGrpc(stream_->Finish(), *context_);
  }

  void Abandon() {
    context_->TryCancel();
    (void)Finish();
  }

 private:
  struct Cancel {
    grpc::ClientContext* context;
    void operator()() const { context->TryCancel(); }
  };

  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<v1::ImportService::Stub> stub_;
  std::unique_ptr<Stream> stream_;
  std::stop_callback<Cancel> cancel_;  // last: it must be gone before the context
};

// Why a stream ended that should go on.
absl::Status CauseOf(const absl::Status& end) {
  return end.ok() ? absl::UnavailableError("The server ended the import's stream.") : end;
}

class StreamImporter final : public Importer {
 public:
  StreamImporter(const Client& client, v1::ImportHeader header, ImportOptions options)
      : client_(client),
        header_(std::move(header)),
        options_(std::move(options)),
        rows_field_(RowsField(header_.collection())),
        backoff_(options_.patience) {}

  ~StreamImporter() override {
    if (connection_ != nullptr) connection_->Abandon();
  }

  // Opens the first connection. Fails at once where the server cannot be reached: there is nothing to save yet. But it
  // waits a little for the end of a connection that the same import had before, and that has just been lost.
  absl::Status Start() {
    if (rows_field_ == nullptr) {
      return absl::InvalidArgumentError("There is no import of '" + header_.collection() + "'.");
    }
    Backoff backoff(kBusyPatience);
    absl::Status status = Connect();
    while (IsBusy(status) && backoff.Wait(status, options_.stop)) status = Connect();
    header_.set_restart(false);
    return status.ok() ? status : CauseOrStop(status);
  }

  int64_t durable_through_row() const override { return durable_; }
  const v1::ImportCounts& counts() const override { return counts_; }

  absl::Status Add(int64_t position, const Message& row) override {
    if (row.GetDescriptor() != rows_field_->message_type()) {
      return absl::InvalidArgumentError("A row of type " + row.GetDescriptor()->full_name() + " is not one of '" +
                                        header_.collection() + "'.");
    }
    const int64_t bytes = static_cast<int64_t>(row.ByteSizeLong());
    if (bytes > kImportRowBytes) return RejectTooLarge(position, bytes);
    if (position <= durable_) return absl::OkStatus();
    if (chunk_bytes_ + bytes > kImportChunkBytes || chunk_.row_count() >= kImportChunkRows) {
      if (absl::Status status = Flush(); !status.ok()) return status;
    }
    Cover(position);
    chunk_.add_row_numbers(position);
    chunk_.GetReflection()->AddMessage(&chunk_, rows_field_)->CopyFrom(row);
    chunk_bytes_ += bytes;
    return absl::OkStatus();
  }

  absl::Status Skip(int64_t position) override {
    if (position <= durable_) return absl::OkStatus();
    if (chunk_.row_count() >= kImportChunkRows) {
      if (absl::Status status = Flush(); !status.ok()) return status;
    }
    Cover(position);
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    if (absl::Status status = Flush(); !status.ok()) return status;
    while (!in_flight_.empty()) {
      if (absl::Status status = AwaitAnswer(); !status.ok()) return status;
    }
    // Everything is durable: how the stream ends does not matter any more.
    const std::unique_ptr<Connection> connection = std::move(connection_);
    if (connection != nullptr) (void)connection->Finish();
    return absl::OkStatus();
  }

 private:
  void Cover(int64_t position) {
    if (chunk_.first_row() == 0) chunk_.set_first_row(position);
    chunk_.set_row_count(position - chunk_.first_row() + 1);
  }

  absl::Status RejectTooLarge(int64_t position, int64_t bytes) {
    ++too_large_;
    counts_.set_rejected(counts_.rejected() + 1);
    v1::ImportResponse answer;
    answer.set_durable_through_row(durable_);
    *answer.mutable_counts() = counts_;
    v1::RejectedRow* rejected = answer.add_rejected_rows();
    rejected->set_row(position);
    rejected->set_reason("ROW_TOO_LARGE");
    rejected->set_message("The row has " + std::to_string(bytes) + " bytes; at most " +
                          std::to_string(kImportRowBytes) + " are accepted.");
    if (options_.on_answer) options_.on_answer(answer);
    return Skip(position);
  }

  // Hands the chunk under construction over to the stream.
  absl::Status Flush() {
    if (chunk_.row_count() == 0) return absl::OkStatus();
    while (static_cast<int>(in_flight_.size()) >= options_.window) {
      if (absl::Status status = AwaitAnswer(); !status.ok()) return status;
    }
    v1::ImportRequest request;
    *request.mutable_chunk() = std::move(chunk_);
    chunk_.Clear();
    chunk_bytes_ = 0;
    in_flight_.push_back(std::move(request));
    // A failed write is told by the next read, which also has the reason.
    (void)connection_->Write(in_flight_.back());
    return absl::OkStatus();
  }

  // Waits for one answer, over a new connection where the old one is lost.
  absl::Status AwaitAnswer() {
    v1::ImportResponse answer;
    if (connection_->Read(&answer)) {
      TakeAnswer(answer);
      return absl::OkStatus();
    }
    return Recover(CauseOf(Drop()));
  }

  // Connects again and sends what is not yet durable, for as long as there is patience.
  absl::Status Recover(absl::Status lost) {
    while (!header_.import_id().empty() && backoff_.Wait(lost, options_.stop)) {
      lost = Connect();
      if (!lost.ok()) continue;
      for (const v1::ImportRequest& request : in_flight_) {
        if (!connection_->Write(request)) break;
      }
      return absl::OkStatus();
    }
    return CauseOrStop(lost);
  }

  absl::Status CauseOrStop(const absl::Status& cause) const {
    return options_.stop.stop_requested() ? absl::CancelledError("The import was stopped.") : cause;
  }

  // Opens a stream, sends the header and takes the answer to it.
  absl::Status Connect() {
    connection_ = std::make_unique<Connection>(client_, options_.stop);
    v1::ImportRequest request;
    *request.mutable_header() = header_;
    v1::ImportResponse answer;
    if (!connection_->Write(request) || !connection_->Read(&answer)) return CauseOf(Drop());
    TakeAnswer(answer);
    return absl::OkStatus();
  }

  // Ends the connection and says why it ended.
  absl::Status Drop() {
    const std::unique_ptr<Connection> connection = std::move(connection_);
    return connection->Finish();
  }

  void TakeAnswer(v1::ImportResponse& answer) {
    answer.mutable_counts()->set_rejected(answer.counts().rejected() + too_large_);
    if (answer.durable_through_row() > durable_) backoff_.Reset();
    durable_ = answer.durable_through_row();
    counts_ = answer.counts();
    while (!in_flight_.empty() && LastRow(in_flight_.front().chunk()) <= durable_) in_flight_.pop_front();
    if (options_.on_answer) options_.on_answer(answer);
  }

  const Client client_;
  v1::ImportHeader header_;
  const ImportOptions options_;
  const FieldDescriptor* const rows_field_;
  Backoff backoff_;
  std::unique_ptr<Connection> connection_;
  v1::ImportChunk chunk_;
  int64_t chunk_bytes_ = 0;
  std::deque<v1::ImportRequest> in_flight_;
  int64_t durable_ = 0;
  int64_t too_large_ = 0;  // rows that were rejected here
  v1::ImportCounts counts_;
};

}  // namespace

void ImportReport::Take(const v1::ImportResponse& answer) {
  durable_through_row = answer.durable_through_row();
  counts = answer.counts();
  rejected.insert(rejected.end(), answer.rejected_rows().begin(), answer.rejected_rows().end());
  revision = std::max(revision, answer.revision());
}

absl::StatusOr<std::unique_ptr<Importer>> Importer::Open(const Client& client, v1::ImportHeader header,
                                                         ImportOptions options) {
  auto importer = std::make_unique<StreamImporter>(client, std::move(header), std::move(options));
  if (absl::Status status = importer->Start(); !status.ok()) return status;
  return std::unique_ptr<Importer>(std::move(importer));
}

}  // namespace folio
