#include "client/cli/commands/resource.h"

#include <string_view>

#include "folio/client.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/business_calendar.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/custom_field.pb.h"
#include "folio/v1/custom_indicator.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/exchange_rate.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/indicator_target.pb.h"
#include "folio/v1/lead.pb.h"
#include "folio/v1/options.pb.h"
#include "folio/v1/signal_rule.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/task.pb.h"
#include "folio/v1/workspace.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::MethodDescriptor;

// The method of the type's own service whose name begins with a verb.
const MethodDescriptor* MethodOf(const Descriptor& type, std::string_view verb) {
  const google::protobuf::ServiceDescriptor* service = type.file()->FindServiceByName(type.name() + "Service");
  for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
    const std::string& name = service->method(i)->name();
    if (name.starts_with(verb) && name.substr(verb.size()).starts_with(type.name())) return service->method(i);
  }
  return nullptr;
}

Resource MakeResource(const Descriptor& type, std::vector<std::string> columns, std::string noun = "") {
  const v1::ResourceRules& rules = type.options().GetExtension(v1::resource);
  return {.noun = noun.empty() ? rules.collection() : std::move(noun),
          .collection = rules.collection(),
          .singular = rules.singular(),
          .type = &type,
          .get = MethodOf(type, "Get"),
          .list = MethodOf(type, "List"),
          .create = MethodOf(type, "Create"),
          .update = MethodOf(type, "Update"),
          .remove = MethodOf(type, "Delete"),
          .undelete = MethodOf(type, "Undelete"),
          .columns = std::move(columns)};
}

}  // namespace

const std::vector<Resource>& Resources() {
  static const auto& resources = *new std::vector<Resource>{
      MakeResource(*v1::Account::descriptor(),
                   {"id", "display_name", "sector", "country_code", "size", "lifecycle", "owner", "renewal_date"}),
      MakeResource(*v1::Contact::descriptor(), {"id", "display_name", "account", "role", "email", "title"}),
      MakeResource(*v1::Subscription::descriptor(),
                   {"id", "account", "plan", "annual_amount", "start_date", "end_date", "trial"}),
      MakeResource(*v1::Task::descriptor(), {"id", "title", "account", "status", "priority", "assignee", "due_date"}),
      MakeResource(*v1::Lead::descriptor(),
                   {"id", "display_name", "state", "source", "owner", "entry_time", "convert_time"}),
      MakeResource(*v1::Deal::descriptor(),
                   {"id", "account", "kind", "product", "stage", "state", "amount", "owner", "close_time"}),
      MakeResource(*v1::ExchangeRate::descriptor(),
                   {"id", "base_currency_code", "quote_currency_code", "date", "rate", "source"}, "exchange-rates"),
      MakeResource(*v1::BusinessCalendar::descriptor(), {"id", "display_name", "time_zone", "holiday_country_code"},
                   "calendars"),
  };
  return resources;
}

const Resource& CustomFieldResource() {
  static const auto& resource = *new Resource(
      MakeResource(*v1::CustomField::descriptor(),
                   {"id", "display_name", "collection", "type", "choices", "description"}, "custom-fields"));
  return resource;
}

const Resource& FactResource() {
  static const auto& resource = *[] {
    auto* made = new Resource(MakeResource(*v1::Fact::descriptor(), {}));
    made->list = nullptr;  // is asked by account and kind
    return made;
  }();
  return resource;
}

const Resource& WorkspaceResource() {
  static const auto& resource = *new Resource(MakeResource(*v1::Workspace::descriptor(), {}));
  return resource;
}

const Resource& SignalRuleResource() {
  static const auto& resource =
      *new Resource(MakeResource(*v1::SignalRule::descriptor(), {"id", "display_name", "kind", "cool_down_days",
                                                                 "disabled", "built_in", "description"}));
  return resource;
}

const Resource& CustomIndicatorResource() {
  static const auto& resource = *new Resource(
      MakeResource(*v1::CustomIndicator::descriptor(), {"id", "display_name", "formula", "unit", "version"}));
  return resource;
}

const Resource& IndicatorTargetResource() {
  static const auto& resource =
      *new Resource(MakeResource(*v1::IndicatorTarget::descriptor(),
                                 {"id", "display_name", "indicator", "reading", "goal", "alert.raise_at",
                                  "alert.clear_at", "state", "state_time", "severity", "owner"},
                                 "targets"));
  return resource;
}

}  // namespace folio::cli
