// One page of a list: filter, order, page token and limits of a request over the rows of a table.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "server/engine/resources.h"
#include "server/engine/table.h"

namespace folio::engine {

// Where the rows of a list are. Borrows everything.
struct ListSource {
  const ResourceType& type;
  const Snapshot& snapshot;
  model::ColumnIndex deleted = -1;  // the column that hides deleted rows, where there is one
  // The serialised resource of a row; nothing where it is gone.
  std::function<absl::StatusOr<std::optional<std::string>>(RowKey)> read;
};

// Fills the response of a list method. INVALID_ARGUMENT for page size, token, filter and order.
absl::Status ListPage(const ListSource& source, const google::protobuf::Message& request,
                      google::protobuf::Message* response);

// The same over resources that are few enough to be looked through at every call. `revision` is that of their state.
absl::Status ListFew(const ResourceType& type, const std::vector<std::shared_ptr<google::protobuf::Message>>& rows,
                     storage::Revision revision, const google::protobuf::Message& request,
                     google::protobuf::Message* response);

}  // namespace folio::engine
