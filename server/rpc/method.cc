#include "server/rpc/method.h"

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
#include "folio/v1/fact_history.pb.h"
#include "folio/v1/health.pb.h"
#include "folio/v1/health_model.pb.h"
#include "folio/v1/health_proof.pb.h"
#include "folio/v1/import.pb.h"
#include "folio/v1/indicator.pb.h"
#include "folio/v1/indicator_target.pb.h"
#include "folio/v1/lead.pb.h"
#include "folio/v1/operation.pb.h"
#include "folio/v1/portfolio.pb.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/signal_rule.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/task.pb.h"
#include "folio/v1/watch.pb.h"
#include "folio/v1/workspace.pb.h"

namespace folio::rpc {
namespace {

using google::protobuf::FileDescriptor;

// The files of the contract that define services. A test compares them with the folder.
std::vector<const FileDescriptor*> ContractFiles() {
  return {v1::Account::descriptor()->file(),
          v1::ApiKey::descriptor()->file(),
          v1::BusinessCalendar::descriptor()->file(),
          v1::Contact::descriptor()->file(),
          v1::Deal::descriptor()->file(),
          v1::ExchangeRate::descriptor()->file(),
          v1::Lead::descriptor()->file(),
          v1::CustomField::descriptor()->file(),
          v1::CustomIndicator::descriptor()->file(),
          v1::Fact::descriptor()->file(),
          v1::FactChange::descriptor()->file(),
          v1::HealthScore::descriptor()->file(),
          v1::HealthModel::descriptor()->file(),
          v1::HealthOutcome::descriptor()->file(),
          v1::ImportRequest::descriptor()->file(),
          v1::ListIndicatorsRequest::descriptor()->file(),
          v1::IndicatorTarget::descriptor()->file(),
          v1::Operation::descriptor()->file(),
          v1::PortfolioSummary::descriptor()->file(),
          v1::Signal::descriptor()->file(),
          v1::SignalRule::descriptor()->file(),
          v1::Subscription::descriptor()->file(),
          v1::Task::descriptor()->file(),
          v1::WatchRequest::descriptor()->file(),
          v1::Workspace::descriptor()->file()};
}

void Fill(const google::protobuf::MethodDescriptor& descriptor, Method* method) {
  const v1::MethodRules& rules = descriptor.options().GetExtension(v1::access);
  method->name = descriptor.service()->name() + "." + descriptor.name();
  method->descriptor = &descriptor;
  method->role = rules.role();
  method->writes = rules.writes();
  method->streams = descriptor.client_streaming() || descriptor.server_streaming();
}

}  // namespace

Methods::Methods() {
  unknown_.name = "unknown";
  for (const FileDescriptor* file : ContractFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      const auto& service = *file->service(s);
      for (int m = 0; m < service.method_count(); ++m) {
        auto method = std::make_unique<Method>();
        Fill(*service.method(m), method.get());
        by_name_.emplace(method->name, std::move(method));
      }
    }
  }
}

const Method& Methods::Get(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? unknown_ : *found->second;
}

std::vector<const Method*> Methods::All() const {
  std::vector<const Method*> all;
  for (const auto& [name, method] : by_name_) all.push_back(method.get());
  std::sort(all.begin(), all.end(), [](const Method* a, const Method* b) { return a->name < b->name; });
  return all;
}

std::vector<std::string> Methods::ServiceNames() {
  std::vector<std::string> names;
  for (const FileDescriptor* file : ContractFiles()) {
    for (int s = 0; s < file->service_count(); ++s) names.push_back(file->service(s)->full_name());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace folio::rpc
