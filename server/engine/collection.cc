#include "server/engine/collection.h"

#include <xxhash.h>

#include <utility>
#include <vector>

#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/limits.h"
#include "server/engine/list_page.h"
#include "server/engine/request.h"
#include "server/engine/write_call.h"

namespace folio::engine {

using google::protobuf::FieldMask;
using google::protobuf::Message;

model::Filter LiveOnly(model::Filter filter, model::ColumnIndex deleted) {
  model::FilterNode present{
      .kind = model::FilterNode::Kind::kCompare, .column = deleted, .op = model::Operator::kPresent};
  model::FilterNode live{.kind = model::FilterNode::Kind::kNot, .children = {std::move(present)}};
  if (filter.root.kind == model::FilterNode::Kind::kAll) {
    filter.root = std::move(live);
  } else {
    model::FilterNode both{.kind = model::FilterNode::Kind::kAnd};
    both.children.push_back(std::move(filter.root));
    both.children.push_back(std::move(live));
    filter.root = std::move(both);
  }
  return filter;
}

absl::Status CheckMinRevision(const storage::Storage& storage, storage::Revision min_revision) {
  const storage::Revision head = storage.head();
  return min_revision > head ? error::RevisionNotReached(min_revision, head) : absl::OkStatus();
}

absl::StatusOr<int> PageSize(int32_t asked) {
  if (asked < 0) return error::InvalidField("page_size", "PAGE_SIZE_NEGATIVE");
  if (asked == 0) return limits::kPageRowsDefault;
  return std::min<int>(asked, limits::kPageRowsMax);
}

uint64_t FingerprintOf(const Message& request) {
  std::string bytes = request.GetDescriptor()->full_name();
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);  // maps in one order
    request.SerializeToCodedStream(&out);
  }
  return XXH3_64bits(bytes.data(), bytes.size());
}

namespace {

// As ResourceType::NewCopy, into a message that is there.
void Answer(const Message& resource, Message* response) {
  response->Clear();
  response->MergeFrom(resource);
}

}  // namespace

Collection::Collection(const ResourceType& type, const storage::Storage& storage, Committer& committer,
                       const ResourceTables& tables, const Rules& rules)
    : type_(type), storage_(storage), committer_(committer), tables_(tables), writer_(type, rules) {}

absl::StatusOr<std::string> Collection::GetBytes(std::string_view name, storage::Revision min_revision) const {
  if (auto status = CheckMinRevision(storage_, min_revision); !status.ok()) return status;
  const auto id = type_.schema.IdOf(name, "name");
  if (!id.ok()) return id.status();
  auto record = storage_.FindRecord(type_.kind, *id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) return error::NotFound(name);
  return std::move((*record)->data);
}

absl::Status Collection::Get(const Message& request, Message* resource) const {
  const Fields fields(request);
  const auto bytes = GetBytes(fields.Text("name"), fields.Int64("min_revision"));
  if (!bytes.ok()) return bytes.status();
  return resource->ParseFromString(*bytes) ? absl::OkStatus() : error::Internal("a stored resource cannot be parsed");
}

absl::Status Collection::List(const Message& request, Message* response) const {
  if (auto status = CheckMinRevision(storage_, Fields(request).Int64("min_revision")); !status.ok()) return status;
  const auto snapshot = tables_.table(type_.kind)->snapshot();
  const auto read = [this](RowKey key) -> absl::StatusOr<std::optional<std::string>> {
    auto record = storage_.Get(type_.kind, key);
    if (!record.ok()) return error::FromStorage(record.status());
    if (!record->has_value()) return std::nullopt;
    return std::move((*record)->data);
  };
  return ListPage({.type = type_, .snapshot = *snapshot, .deleted = tables_.deleted_column(type_.kind), .read = read},
                  request, response);
}

void Collection::Create(std::string actor, const Message& request, Message* response, Done done) {
  SubmitWrite(
      committer_, std::move(actor), request, response,
      [this, &request, response](Transaction& transaction) { return RunCreate(transaction, request, response); },
      std::move(done));
}

void Collection::Update(std::string actor, const Message& request, Message* response, Done done) {
  SubmitWrite(
      committer_, std::move(actor), request, response,
      [this, &request, response](Transaction& transaction) { return UpdateIn(transaction, request, response); },
      std::move(done));
}

void Collection::Delete(std::string actor, const Message& request, Message* response, Done done) {
  SubmitWrite(
      committer_, std::move(actor), request, response,
      [this, &request, response](Transaction& transaction) { return DeleteIn(transaction, request, response); },
      std::move(done));
}

void Collection::Undelete(std::string actor, const Message& request, Message* response, Done done) {
  SubmitWrite(
      committer_, std::move(actor), request, response,
      [this, &request, response](Transaction& transaction) { return RunUndelete(transaction, request, response); },
      std::move(done));
}

absl::Status Collection::RunCreate(Transaction& transaction, const Message& request, Message* response) const {
  const Fields fields(request);
  const std::string& singular = type_.schema.singular();
  std::string id = fields.Text(singular + "_id");
  if (!id.empty() && !IsValidResourceId(id)) {
    return error::InvalidField(singular + "_id", "ID_MALFORMED", {{"value", id}});
  }
  std::shared_ptr<Message> resource = type_.NewCopy(fields.Sub(singular));
  model::ClearOutputOnly(resource.get());
  if (auto status = model::Validate(*resource, singular); !status.ok()) return status;
  if (id.empty()) id = writer_.NewId(transaction, *resource);
  if (auto status = writer_.Create(transaction, id, resource); !status.ok()) return status;
  Answer(*resource, response);
  return absl::OkStatus();
}

absl::Status Collection::UpdateIn(Transaction& transaction, const Message& request, Message* response) const {
  const Fields fields(request);
  const std::string& singular = type_.schema.singular();
  const Message& sent = fields.Sub(singular);
  const Fields sent_fields(sent);
  const auto id = type_.schema.IdOf(sent_fields.Text("name"), singular + ".name");
  if (!id.ok()) return id.status();
  const auto paths = model::ExpandMask(static_cast<const FieldMask&>(fields.Sub("update_mask")), sent);
  if (!paths.ok()) return paths.status();

  auto found = writer_.Read(transaction, *id);
  if (!found.ok()) return found.status();
  if (!found->has_value()) {
    if (!fields.Flag("allow_missing")) return error::NotFound(sent_fields.Text("name"));
    std::shared_ptr<Message> resource = type_.NewCopy(sent);
    model::ClearOutputOnly(resource.get());
    if (auto status = model::Validate(*resource, singular); !status.ok()) return status;
    if (auto status = writer_.CreateMissing(transaction, *id, resource); !status.ok()) return status;
    Answer(*resource, response);
    return absl::OkStatus();
  }
  const Stored& stored = **found;
  if (auto status = CheckEtag(stored, *id, sent_fields.Text("etag")); !status.ok()) return status;
  if (writer_.IsDeleted(*stored.message)) return error::Deleted(sent_fields.Text("name"));
  std::shared_ptr<Message> resource = type_.NewCopy(*stored.message);
  model::CopyPaths(sent, *paths, resource.get());
  if (auto status = model::Validate(*resource, singular); !status.ok()) return status;
  const auto effect = writer_.Replace(transaction, *id, stored, resource);
  if (!effect.ok()) return effect.status();
  Answer(*resource, response);
  return absl::OkStatus();
}

absl::Status Collection::DeleteIn(Transaction& transaction, const Message& request, Message* response) const {
  const Fields fields(request);
  const std::string name = fields.Text("name");
  const auto id = type_.schema.IdOf(name, "name");
  if (!id.ok()) return id.status();
  auto stored = ReadForWrite(transaction, *id, fields.Text("etag"));
  if (absl::IsNotFound(stored.status()) && fields.Flag("allow_missing")) return absl::OkStatus();
  if (!stored.ok()) return stored.status();
  if (!type_.schema.soft_delete()) return writer_.Remove(transaction, *id, *stored);
  if (writer_.IsDeleted(*stored->message)) {
    return fields.Flag("allow_missing") ? absl::OkStatus() : error::Deleted(name);
  }
  std::shared_ptr<Message> resource = std::move(stored->message);
  if (auto status = writer_.MarkDeleted(transaction, *id, stored->key, resource, true); !status.ok()) return status;
  Answer(*resource, response);
  return absl::OkStatus();
}

absl::Status Collection::RunUndelete(Transaction& transaction, const Message& request, Message* response) const {
  const Fields fields(request);
  const std::string name = fields.Text("name");
  const auto id = type_.schema.IdOf(name, "name");
  if (!id.ok()) return id.status();
  auto stored = ReadForWrite(transaction, *id, fields.Text("etag"));
  if (!stored.ok()) return stored.status();
  if (!writer_.IsDeleted(*stored->message)) return error::NotDeleted(name);
  std::shared_ptr<Message> resource = std::move(stored->message);
  if (auto status = writer_.MarkDeleted(transaction, *id, stored->key, resource, false); !status.ok()) return status;
  Answer(*resource, response);
  return absl::OkStatus();
}

absl::StatusOr<Stored> Collection::ReadForWrite(Transaction& transaction, std::string_view id,
                                                std::string_view etag) const {
  auto stored = writer_.Read(transaction, id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return error::NotFound(type_.schema.NameOf(id));
  if (auto status = CheckEtag(**stored, id, etag); !status.ok()) return status;
  return std::move(**stored);
}

absl::Status Collection::CheckEtag(const Stored& stored, std::string_view id, std::string_view etag) const {
  const std::string current = Fields(*stored.message).Text("etag");
  if (etag.empty() || etag == current) return absl::OkStatus();
  return error::EtagMismatch(type_.schema.NameOf(id), etag, current);
}

}  // namespace folio::engine
