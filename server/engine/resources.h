// The resource types of a workspace, by descriptor: every message of the contract with (folio.v1.resource) that a
// workspace stores. A new resource is found here by itself.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "server/model/schema.h"
#include "storage/storage.h"

namespace folio::engine {

// A field that names another resource.
struct Reference {
  const google::protobuf::FieldDescriptor* field;
  std::string collection;
};

struct ResourceType {
  model::Schema schema;
  storage::Kind kind;
  const google::protobuf::Message* prototype;
  int event_field;  // number of its field in folio.v1.ChangeEvent; 0 where watches do not show it
  std::vector<Reference> references;

  std::unique_ptr<google::protobuf::Message> NewMessage() const {
    return std::unique_ptr<google::protobuf::Message>(prototype->New());
  }
  // CopyFrom would first look whether one message is a part of the other, as long as the copy takes.
  std::unique_ptr<google::protobuf::Message> NewCopy(const google::protobuf::Message& message) const {
    auto copy = NewMessage();
    copy->MergeFrom(message);
    return copy;
  }
};

// All resource types, by kind.
std::span<const ResourceType> AllResources();

// nullptr where there is none.
const ResourceType* FindResource(storage::Kind kind);
const ResourceType* FindResource(std::string_view collection);

// Kinds that code names. Their numbers are those of the contract; a test holds them together.
inline constexpr storage::Kind kAccount = 1;
inline constexpr storage::Kind kContact = 2;
inline constexpr storage::Kind kSubscription = 3;
inline constexpr storage::Kind kTask = 4;
inline constexpr storage::Kind kCustomField = 5;
inline constexpr storage::Kind kHealthModel = 6;
inline constexpr storage::Kind kSignal = 7;
inline constexpr storage::Kind kOperation = 10;
inline constexpr storage::Kind kSignalRule = 11;
inline constexpr storage::Kind kHealthModelVersion = 12;
inline constexpr storage::Kind kHealthOverride = 13;
inline constexpr storage::Kind kFact = 16;
inline constexpr storage::Kind kLead = 20;
inline constexpr storage::Kind kDeal = 21;
inline constexpr storage::Kind kExchangeRate = 22;
inline constexpr storage::Kind kBusinessCalendar = 23;
inline constexpr storage::Kind kCustomIndicator = 24;
inline constexpr storage::Kind kIndicatorTarget = 25;

}  // namespace folio::engine
