#include "server/engine/resources.h"

#include <algorithm>
#include <vector>

#include "folio/v1/account.pb.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/business_calendar.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/custom_field.pb.h"
#include "folio/v1/custom_indicator.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/exchange_rate.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/health.pb.h"
#include "folio/v1/health_model.pb.h"
#include "folio/v1/indicator_target.pb.h"
#include "folio/v1/lead.pb.h"
#include "folio/v1/operation.pb.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/signal_rule.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/task.pb.h"
#include "folio/v1/watch.pb.h"
#include "folio/v1/workspace.pb.h"

namespace folio::engine {

namespace {

int EventFieldOf(const google::protobuf::Descriptor* resource) {
  if (resource == v1::Fact::descriptor()) return v1::ChangeEvent::kFactsFieldNumber;
  const auto* event = v1::ChangeEvent::descriptor();
  for (int i = 0; i < event->field_count(); ++i) {
    if (event->field(i)->message_type() == resource) return event->field(i)->number();
  }
  return 0;
}

std::vector<Reference> ReferencesOf(const google::protobuf::Descriptor* resource) {
  std::vector<Reference> references;
  for (int i = 0; i < resource->field_count(); ++i) {
    const std::string& collection = resource->field(i)->options().GetExtension(v1::rules).reference();
    if (!collection.empty()) references.push_back({resource->field(i), collection});
  }
  return references;
}

// Descriptors are found by name in the pool, so the linker must be told which files are needed: by these prototypes.
std::vector<const google::protobuf::Message*> Prototypes() {
  return {&v1::Account::default_instance(),
          &v1::Contact::default_instance(),
          &v1::Subscription::default_instance(),
          &v1::Task::default_instance(),
          &v1::CustomField::default_instance(),
          &v1::CustomIndicator::default_instance(),
          &v1::IndicatorTarget::default_instance(),
          &v1::HealthModel::default_instance(),
          &v1::Signal::default_instance(),
          &v1::Workspace::default_instance(),
          &v1::ApiKey::default_instance(),
          &v1::Operation::default_instance(),
          &v1::Fact::default_instance(),
          &v1::SignalRule::default_instance(),
          &v1::HealthModelVersion::default_instance(),
          &v1::HealthOverride::default_instance(),
          &v1::Lead::default_instance(),
          &v1::Deal::default_instance(),
          &v1::ExchangeRate::default_instance(),
          &v1::BusinessCalendar::default_instance()};
}

std::vector<ResourceType> Build() {
  std::vector<ResourceType> types;
  for (const google::protobuf::Message* prototype : Prototypes()) {
    model::Schema schema(prototype->GetDescriptor());
    const auto kind = static_cast<storage::Kind>(schema.kind());
    const auto* descriptor = prototype->GetDescriptor();
    types.push_back({std::move(schema), kind, prototype, EventFieldOf(descriptor), ReferencesOf(descriptor)});
  }
  std::sort(types.begin(), types.end(), [](const auto& a, const auto& b) { return a.kind < b.kind; });
  return types;
}

}  // namespace

std::span<const ResourceType> AllResources() {
  static const std::vector<ResourceType> types = Build();
  return types;
}

const ResourceType* FindResource(storage::Kind kind) {
  for (const ResourceType& type : AllResources()) {
    if (type.kind == kind) return &type;
  }
  return nullptr;
}

const ResourceType* FindResource(std::string_view collection) {
  for (const ResourceType& type : AllResources()) {
    if (type.schema.collection() == collection) return &type;
  }
  return nullptr;
}

}  // namespace folio::engine
