// From Folio's errors to what gRPC sends.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "server/base/error.h"

namespace folio::rpc {

// The same error with its google.rpc.Status details: those it carries (ErrorInfo, BadRequest with a text for each fault
// in the caller's language, RetryInfo), and a LocalizedMessage. An error without ErrorInfo becomes INTERNAL, for its
// text was not meant for a client; storage's errors become what error::FromStorage makes of them.
grpc::Status ToGrpc(const absl::Status& status, error::Locale locale);

// The same error as a message, for where it is stored or sent inside another. `status` must not be OK.
google::rpc::Status ToWire(const absl::Status& status, error::Locale locale);

// The same status, always with an ErrorInfo, as ToGrpc sends it. OK stays OK.
absl::Status WithReason(const absl::Status& status);

// What an overloaded server tells a client's retry policy: milliseconds, -1 for "do not retry"; nothing to be said for
// any other error.
std::string RetryPushback(const absl::Status& status);

}  // namespace folio::rpc
