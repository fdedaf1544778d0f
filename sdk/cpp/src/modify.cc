#include "folio/modify.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "folio/error.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/message_differencer.h"

namespace folio {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kAttempts = 5;

// How a type of resource is read and written.
struct Access {
  const MethodDescriptor* get = nullptr;
  const MethodDescriptor* update = nullptr;
  const FieldDescriptor* resource = nullptr;  // of the update's request
  const FieldDescriptor* mask = nullptr;      // of the update's request
};

const FieldDescriptor* FieldOfType(const Descriptor& message, const Descriptor& type) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->message_type() == &type) return message.field(i);
  }
  return nullptr;
}

absl::StatusOr<Access> AccessTo(const Descriptor& type) {
  for (const ServiceDescriptor* service : Services()) {
    const MethodDescriptor* get = service->FindMethodByName("Get" + type.name());
    const MethodDescriptor* update = service->FindMethodByName("Update" + type.name());
    if (get == nullptr || update == nullptr || get->output_type() != &type || update->output_type() != &type) continue;
    const FieldDescriptor* resource = FieldOfType(*update->input_type(), type);
    const FieldDescriptor* mask = FieldOfType(*update->input_type(), *google::protobuf::FieldMask::descriptor());
    if (resource != nullptr && mask != nullptr) return Access{get, update, resource, mask};
  }
  return absl::InvalidArgumentError(type.full_name() + " cannot be read and updated.");
}

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// The fields that differ, in the order of the contract.
google::protobuf::FieldMask Changes(const Message& before, const Message& after) {
  google::protobuf::FieldMask mask;
  const Descriptor& type = *before.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    google::protobuf::util::MessageDifferencer differencer;
    if (!differencer.CompareWithFields(before, after, {type.field(i)}, {type.field(i)})) {
      mask.add_paths(type.field(i)->name());
    }
  }
  return mask;
}

// One attempt; OK also where there is nothing to write.
absl::Status Attempt(const Client& client, const Access& access, const std::string& name,
                     const std::function<void(Message*)>& change, Message* resource) {
  const std::unique_ptr<Message> get = NewMessage(access.get->input_type());
  get->GetReflection()->SetString(get.get(), get->GetDescriptor()->FindFieldByName("name"), name);
  resource->Clear();
  if (absl::Status status = client.Invoke(*access.get, *get, resource); !status.ok()) return status;
  const std::unique_ptr<Message> before(resource->New());
  before->CopyFrom(*resource);
  change(resource);
  const google::protobuf::FieldMask mask = Changes(*before, *resource);
  if (mask.paths().empty()) return absl::OkStatus();
  const std::unique_ptr<Message> update = NewMessage(access.update->input_type());
  const google::protobuf::Reflection& reflection = *update->GetReflection();
  reflection.MutableMessage(update.get(), access.resource)->CopyFrom(*resource);
  reflection.MutableMessage(update.get(), access.mask)->CopyFrom(mask);
  return client.Invoke(*access.update, *update, resource);
}

}  // namespace

absl::Status ModifyMessage(const Client& client, const std::string& name, const std::function<void(Message*)>& change,
                           Message* resource) {
  const absl::StatusOr<Access> access = AccessTo(*resource->GetDescriptor());
  if (!access.ok()) return access.status();
  const auto end = steady_clock::now() + client.options().timeout;
  for (int attempt = 1;; ++attempt) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
    const Client hasty = client.WithTimeout(std::max(left, milliseconds(1)));
    absl::Status status = Attempt(hasty, *access, name, change, resource);
    const bool late = status.code() == absl::StatusCode::kAborted && ErrorOf(status).reason == "ETAG_MISMATCH";
    if (!late || attempt == kAttempts) return status;
  }
}

}  // namespace folio
