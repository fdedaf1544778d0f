#include "server/engine/writer.h"

#include <fmt/format.h>

#include <utility>

#include "server/base/error.h"
#include "server/base/id.h"

namespace folio::engine {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

namespace {

void SetText(Message* message, const FieldDescriptor* field, std::string text) {
  if (field != nullptr) message->GetReflection()->SetString(message, field, std::move(text));
}

void SetTime(Message* message, const FieldDescriptor* field, Instant instant) {
  if (field == nullptr) return;
  if (instant == kNoInstant) {
    message->GetReflection()->ClearField(message, field);
  } else {
    *static_cast<Timestamp*>(message->GetReflection()->MutableMessage(message, field)) = ToProtoTime(instant);
  }
}

Instant TimeIn(const Message& message, const FieldDescriptor* field) {
  if (field == nullptr || !message.GetReflection()->HasField(message, field)) return kNoInstant;
  return FromProto(static_cast<const Timestamp&>(message.GetReflection()->GetMessage(message, field)));
}

}  // namespace

std::string EtagOf(storage::Revision revision) { return fmt::format("\"{:x}\"", revision); }

Writer::Writer(const ResourceType& type, const Rules& rules)
    : type_(type),
      rules_(rules),
      fields_{.name = type.schema.descriptor()->FindFieldByName("name"),
              .etag = type.schema.descriptor()->FindFieldByName("etag"),
              .create_time = type.schema.descriptor()->FindFieldByName("create_time"),
              .update_time = type.schema.descriptor()->FindFieldByName("update_time"),
              .delete_time = type.schema.descriptor()->FindFieldByName("delete_time")} {}

absl::StatusOr<std::optional<Stored>> Writer::Read(Transaction& transaction, std::string_view id) const {
  const auto record = transaction.FindRecord(type_.kind, id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) return std::nullopt;
  Stored stored{.key = (*record)->key, .message = type_.NewMessage()};
  if (!stored.message->ParseFromString((*record)->data)) return error::Internal("a stored resource cannot be parsed");
  return stored;
}

absl::Status Writer::Create(Transaction& transaction, std::string_view id, std::shared_ptr<Message> resource) const {
  const auto taken = transaction.Find(type_.kind, id);
  if (!taken.ok()) return error::FromStorage(taken.status());
  if (taken->has_value()) return error::AlreadyExists(type_.schema.NameOf(id));
  return CreateMissing(transaction, id, std::move(resource));
}

absl::Status Writer::CreateMissing(Transaction& transaction, std::string_view id,
                                   std::shared_ptr<Message> resource) const {
  if (const std::string natural = rules_.NaturalId(type_, *resource); !natural.empty() && natural != id) {
    return error::InvalidField(type_.schema.singular() + ".name", "ID_NOT_NATURAL",
                               {{"value", std::string(id)}, {"expected", natural}});
  }
  if (auto status = CheckReferences(transaction, nullptr, *resource); !status.ok()) return status;
  if (auto status = rules_.Check(transaction, type_, nullptr, resource.get()); !status.ok()) return status;
  Stamp(transaction, id, transaction.now(), resource.get());
  std::string data = resource->SerializeAsString();
  transaction.Put(type_.kind, 0, id, std::move(data), std::move(resource));
  return absl::OkStatus();
}

absl::StatusOr<Effect> Writer::Replace(Transaction& transaction, std::string_view id, const Stored& stored,
                                       std::shared_ptr<Message> resource) const {
  const Message& before = *stored.message;
  if (auto status = model::CheckImmutable(before, *resource, type_.schema.singular()); !status.ok()) return status;
  if (auto status = CheckReferences(transaction, &before, *resource); !status.ok()) return status;
  if (auto status = rules_.Check(transaction, type_, &before, resource.get()); !status.ok()) return status;
  if (model::SameContent(before, *resource) && !rules_.IsRestated(type_, before, *resource)) {
    resource->CopyFrom(before);
    return Effect::kUnchanged;
  }
  Rewrite(transaction, id, stored, std::move(resource));
  return Effect::kUpdated;
}

void Writer::Rewrite(Transaction& transaction, std::string_view id, const Stored& stored,
                     std::shared_ptr<Message> resource) const {
  Stamp(transaction, id, TimeIn(*stored.message, fields_.create_time), resource.get());
  std::string data = resource->SerializeAsString();
  transaction.Put(type_.kind, stored.key, id, std::move(data), std::move(resource));
}

absl::Status Writer::MarkDeleted(Transaction& transaction, std::string_view id, storage::Key key,
                                 std::shared_ptr<Message> resource, bool deleted) const {
  SetTime(resource.get(), fields_.delete_time, deleted ? transaction.now() : kNoInstant);
  Stamp(transaction, id, TimeIn(*resource, fields_.create_time), resource.get());
  std::string data = resource->SerializeAsString();
  transaction.Put(type_.kind, key, id, std::move(data), std::move(resource));
  return absl::OkStatus();
}

absl::Status Writer::Remove(Transaction& transaction, std::string_view id, const Stored& stored) const {
  if (auto status = rules_.CheckRemoval(transaction, type_, *stored.message); !status.ok()) return status;
  transaction.Remove(type_.kind, stored.key, id, stored.message->SerializeAsString());
  return absl::OkStatus();
}

std::string Writer::NewId(const Transaction& transaction, const Message& resource) const {
  const std::string natural = rules_.NaturalId(type_, resource);
  return natural.empty() ? NewTimeOrderedId(transaction.now()) : natural;
}

bool Writer::IsDeleted(const Message& resource) const {
  return type_.schema.soft_delete() && TimeIn(resource, fields_.delete_time) != kNoInstant;
}

absl::Status Writer::CheckReferences(Transaction& transaction, const Message* before, const Message& after) const {
  for (const auto& reference : type_.references) {
    const std::string name = after.GetReflection()->GetString(after, reference.field);
    if (name.empty()) continue;
    if (before != nullptr && before->GetReflection()->GetString(*before, reference.field) == name) continue;
    const std::string path = type_.schema.singular() + "." + reference.field->name();
    const ResourceType& target = *FindResource(std::string_view(reference.collection));
    const auto id = target.schema.IdOf(name, path);
    if (!id.ok()) return id.status();
    const auto key = transaction.Find(target.kind, *id);
    if (!key.ok()) return error::FromStorage(key.status());
    if (!key->has_value()) return error::InvalidField(path, "REFERENCE_NOT_FOUND", {{"name", name}});
  }
  return absl::OkStatus();
}

void Writer::Stamp(Transaction& transaction, std::string_view id, Instant create_time, Message* resource) const {
  SetText(resource, fields_.name, type_.schema.NameOf(id));
  SetText(resource, fields_.etag, EtagOf(transaction.revision()));
  SetTime(resource, fields_.create_time, create_time);
  SetTime(resource, fields_.update_time, transaction.now());
}

}  // namespace folio::engine
