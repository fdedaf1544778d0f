// What the rows of an import are.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace folio::cli {

struct RowType {
  std::string collection;  // "accounts", "deals", "facts" …
  std::string detail;      // of facts: "usage", "ticket", "order" …
  const google::protobuf::Descriptor* message = nullptr;

  // "accounts", "facts/usage".
  std::string name() const { return detail.empty() ? collection : collection + "/" + detail; }
};

// Fault USAGE where there is no such collection or kind. `detail` must be empty unless the collection is "facts".
absl::StatusOr<RowType> FindRowType(const std::string& collection, const std::string& detail);

// The kinds of facts.
std::vector<std::string> FactKinds();

}  // namespace folio::cli
