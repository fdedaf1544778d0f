// Errors of a Folio server, as a program wants them: typed, with the fields at fault and the way out.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace grpc {
class ClientContext;
class Status;
}  // namespace grpc

namespace folio {

// One field at fault.
struct FieldViolation {
  std::string field;        // path in the request, for example "account.display_name"
  std::string reason;       // upper-case word of the documented list; may be empty
  std::string description;  // in the caller's language where the server has it
};

// What an absl::Status returned by this library carries. Statuses travel as they are (StatusOr and so on); ErrorOf
// takes one apart.
struct Error {
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string message;                          // in the caller's language where the server has it
  std::string reason;                           // of google.rpc.ErrorInfo: "ETAG_MISMATCH"; empty where there is none
  std::map<std::string, std::string> metadata;  // of google.rpc.ErrorInfo
  std::vector<FieldViolation> fields;
  std::optional<std::chrono::milliseconds> retry_after;
  std::string request_id;  // names the call in the server's log
};

// Takes a status apart. A status that did not come from a server has a code and a message only.
Error ErrorOf(const absl::Status& status);

// The status of a finished call, with every detail that the server sent. For code that uses the stubs directly.
absl::Status FromGrpc(const grpc::Status& status, const grpc::ClientContext& context);

}  // namespace folio
