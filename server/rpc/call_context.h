// Who calls, from where, in which language, and until when.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "folio/v1/options.pb.h"
#include "server/base/error.h"

namespace folio::portfolio {
class Workspace;
}

namespace folio::rpc {

// Whom a key stands for.
struct Principal {
  std::string actor;      // "apiKeys/{api_key}"
  std::string workspace;  // id, "demo"
  v1::Role role = v1::ROLE_UNSPECIFIED;
};

struct CallContext {
  std::shared_ptr<const Principal> principal;  // never null in a handler
  // The principal's; never null in a handler. A stop, or new settings, wait until every call has let it go.
  std::shared_ptr<portfolio::Workspace> workspace;
  error::Locale locale = error::Locale::kEnglish;
  std::string request_id;  // of the call, for logs: not the idempotency key
  // In real time, whatever the server's clock says.
  std::chrono::system_clock::time_point deadline;

  bool Expired() const { return std::chrono::system_clock::now() >= deadline; }
};

}  // namespace folio::rpc
