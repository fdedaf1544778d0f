#include "folio/error.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace folio {
namespace {

constexpr char kTypePrefix[] = "type.googleapis.com/";
constexpr char kRequestIdHeader[] = "x-request-id";

std::string UrlOf(const google::protobuf::Message& message) {
  return kTypePrefix + message.GetDescriptor()->full_name();
}

// The detail of a message's type; nothing where the status has none.
template <typename Detail>
std::optional<Detail> DetailOf(const absl::Status& status) {
  Detail detail;
  const absl::optional<absl::Cord> payload = status.GetPayload(UrlOf(detail));
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

void AddRequestId(const grpc::ClientContext& context, absl::Status* status) {
  const auto found = context.GetServerTrailingMetadata().find(kRequestIdHeader);
  if (found == context.GetServerTrailingMetadata().end()) return;
  google::rpc::RequestInfo info;
  info.set_request_id(std::string(found->second.data(), found->second.size()));
  status->SetPayload(UrlOf(info), absl::Cord(info.SerializeAsString()));
}

std::string TextOf(const google::rpc::BadRequest::FieldViolation& violation) {
  const std::string& localized = violation.localized_message().message();
  return localized.empty() ? violation.description() : localized;
}

}  // namespace

absl::Status FromGrpc(const grpc::Status& status, const grpc::ClientContext& context) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : details.details()) {
      result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
    }
  }
  if (!result.GetPayload(UrlOf(google::rpc::RequestInfo())).has_value()) AddRequestId(context, &result);
  return result;
}

Error ErrorOf(const absl::Status& status) {
  Error error;
  error.code = status.code();
  error.message = std::string(status.message());
  if (const auto localized = DetailOf<google::rpc::LocalizedMessage>(status)) error.message = localized->message();
  if (const auto info = DetailOf<google::rpc::ErrorInfo>(status)) {
    error.reason = info->reason();
    error.metadata.insert(info->metadata().begin(), info->metadata().end());
  }
  if (const auto bad = DetailOf<google::rpc::BadRequest>(status)) {
    for (const auto& violation : bad->field_violations()) {
      error.fields.push_back({violation.field(), violation.reason(), TextOf(violation)});
    }
  }
  if (const auto retry = DetailOf<google::rpc::RetryInfo>(status)) {
    const google::protobuf::Duration& delay = retry->retry_delay();
    error.retry_after = std::chrono::milliseconds(delay.seconds() * 1000 + delay.nanos() / 1'000'000);
  }
  if (const auto request = DetailOf<google::rpc::RequestInfo>(status)) error.request_id = request->request_id();
  return error;
}

}  // namespace folio
