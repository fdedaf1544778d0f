// A change of one record, as the committer hands it to projections, feed and log.
#pragma once

#include <memory>
#include <string>

#include "folio/store/v1/log.pb.h"
#include "google/protobuf/message.h"
#include "storage/storage.h"

namespace folio::engine {

namespace log = ::folio::store::v1;

struct Change {
  log::ChangeKind type = log::CHANGE_KIND_UNSPECIFIED;
  storage::Kind kind = 0;
  storage::Key key = 0;
  std::string id;
  // The record after the change, serialised; where it is gone, its last state. Empty once handed to the store.
  std::string data;
  // The same, parsed. Shared with whoever made the change; null where it is gone.
  std::shared_ptr<const google::protobuf::Message> message;
  // Facts are many: the log holds one summary of a batch, not each of them.
  bool logged = true;
};

}  // namespace folio::engine
