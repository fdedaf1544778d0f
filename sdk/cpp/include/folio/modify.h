// Read, change, write: only what changed is written, and only onto what was read.
//
//   absl::StatusOr<folio::v1::Account> account = folio::Modify<folio::v1::Account>(
//       client, "accounts/acme", [](folio::v1::Account* acme) { acme->add_tags("new"); });
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/client.h"
#include "google/protobuf/message.h"

namespace folio {

// Reads the resource of the type of `resource` into it, lets `change` change it, and writes the fields that differ,
// bound to what was read. Where somebody else was first (ABORTED, ETAG_MISMATCH) it does so again, five times at most,
// all within the client's timeout. Nothing is written where nothing differs. `resource` is what is now stored.
// INVALID_ARGUMENT where the contract has no Get and Update for that type; other errors are the server's.
absl::Status ModifyMessage(const Client& client, const std::string& name,
                           const std::function<void(google::protobuf::Message*)>& change,
                           google::protobuf::Message* resource);

// The same with types. `change` gets a Resource*.
template <typename Resource, typename Change>
absl::StatusOr<Resource> Modify(const Client& client, const std::string& name, Change change) {
  Resource resource;
  const auto untyped = [&change](google::protobuf::Message* message) { change(static_cast<Resource*>(message)); };
  if (absl::Status status = ModifyMessage(client, name, untyped, &resource); !status.ok()) return status;
  return resource;
}

}  // namespace folio
