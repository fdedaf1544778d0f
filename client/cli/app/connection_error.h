// What gRPC itself, or the library on this side, says where a connection fails: told in both languages, with the way
// out.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "client/cli/app/language.h"
#include "folio/options.h"

namespace folio::cli {

struct ConnectionFault {
  Words cause;
  Words way_out;
};

// Nothing for a status that a server has sent, and for what is not known. `options` are those of the connection.
std::optional<ConnectionFault> ConnectionFaultOf(const absl::Status& status, const ClientOptions& options);

// Faults of options: a profile, a key file, an address. The message in both languages where there is no French one.
Words OptionFaultOf(const absl::Status& status);

// Fault of usage where the address of a server cannot be one: it lacks its port, or the port is no number.
absl::Status CheckAddress(const ClientOptions& options);

}  // namespace folio::cli
