// The contract's services and methods by name, and what may be tried again.
#include <string>
#include <string_view>
#include <vector>

#include "folio/client.h"
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
#include "folio/v1/options.pb.h"
#include "folio/v1/portfolio.pb.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/signal_rule.pb.h"
#include "folio/v1/subscription.pb.h"
#include "folio/v1/task.pb.h"
#include "folio/v1/watch.pb.h"
#include "folio/v1/workspace.pb.h"

namespace folio {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr std::string_view kPackage = "folio.v1.";

// One message of each file: asking for it also links the file's descriptors in.
std::vector<const Descriptor*> OneMessageOfEachFile() {
  return {v1::Account::descriptor(),
          v1::ApiKey::descriptor(),
          v1::BusinessCalendar::descriptor(),
          v1::Contact::descriptor(),
          v1::Deal::descriptor(),
          v1::ExchangeRate::descriptor(),
          v1::Lead::descriptor(),
          v1::CustomField::descriptor(),
          v1::CustomIndicator::descriptor(),
          v1::Fact::descriptor(),
          v1::FactChange::descriptor(),
          v1::HealthScore::descriptor(),
          v1::HealthModel::descriptor(),
          v1::HealthOutcome::descriptor(),
          v1::ImportHeader::descriptor(),
          v1::IndicatorValue::descriptor(),
          v1::IndicatorTarget::descriptor(),
          v1::Operation::descriptor(),
          v1::PortfolioEntry::descriptor(),
          v1::Signal::descriptor(),
          v1::SignalRule::descriptor(),
          v1::Subscription::descriptor(),
          v1::Task::descriptor(),
          v1::WatchRequest::descriptor(),
          v1::Workspace::descriptor()};
}

// A second attempt of a write without a request id might have a second effect, and a stream cannot be sent again.
bool MayRepeat(const MethodDescriptor& method) {
  if (method.client_streaming() || method.server_streaming()) return false;
  const bool writes = method.options().GetExtension(v1::access).writes();
  return !writes || method.input_type()->FindFieldByName("request_id") != nullptr;
}

std::string NameEntry(const MethodDescriptor& method) {
  return R"({"service":")" + method.service()->full_name() + R"(","method":")" + method.name() + R"("})";
}

}  // namespace

const std::vector<const ServiceDescriptor*>& Services() {
  static const auto* const services = [] {
    auto* all = new std::vector<const ServiceDescriptor*>;
    for (const Descriptor* message : OneMessageOfEachFile()) {
      for (int i = 0; i < message->file()->service_count(); ++i) all->push_back(message->file()->service(i));
    }
    return all;
  }();
  return *services;
}

const MethodDescriptor* FindMethod(std::string_view name) {
  if (name.starts_with(kPackage)) name.remove_prefix(kPackage.size());
  const size_t separator = name.find_first_of("./");
  if (separator == std::string_view::npos) return nullptr;
  const std::string_view service_name = name.substr(0, separator);
  const std::string_view method_name = name.substr(separator + 1);
  for (const ServiceDescriptor* service : Services()) {
    if (service->name() == service_name) return service->FindMethodByName(std::string(method_name));
  }
  return nullptr;
}

std::string ServiceConfigJson() {
  std::string never;
  for (const ServiceDescriptor* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      if (MayRepeat(*service->method(i))) continue;
      if (!never.empty()) never += ',';
      never += NameEntry(*service->method(i));
    }
  }
  return R"({"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":4,"initialBackoff":"0.1s","maxBackoff":"5s",)"
         R"("backoffMultiplier":2,"retryableStatusCodes":["UNAVAILABLE","RESOURCE_EXHAUSTED"]}},{"name":[)" +
         never + R"(]}],"retryThrottling":{"maxTokens":50,"tokenRatio":0.1}})";
}

}  // namespace folio
