// Changes or deletes every resource that a filter finds. Each write is bound to what the filter saw: a resource that
// somebody has changed meanwhile is left as it is, and told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/cli/app/context.h"
#include "client/cli/commands/resource.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// Adds --filter to a command on `ids`, which are required where there is none: where what is done to the resource
// cannot be taken back. Flags `of_one` resource do not go with it.
void AddFilterInPlaceOf(CLI::Option* ids, const std::vector<CLI::Option*>& of_one, CLI::App& command,
                        const Resource& resource, std::optional<std::string>& filter);

// A fault unless there is just one of the two.
absl::Status CheckIdsOrFilter(bool has_ids, const std::optional<std::string>& filter);

struct BulkEdit {
  const Resource& resource;
  const google::protobuf::MethodDescriptor& method;  // the resource's update or remove
  const google::protobuf::Message& request;          // what is asked of each, but for its name and etag
  std::string filter;
  bool dry_run = false;
};

// Asks first, with the number that the filter finds; a fault where nobody can be asked, or where the filter is empty.
// Says how to take it back. kPartialSuccess where some were left as they are.
absl::StatusOr<int> RunBulkEdit(Context& context, const BulkEdit& edit);

}  // namespace folio::cli
