// Resume tokens of watches: the store, how far its log has been sent, and how far an unfinished snapshot.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/storage.h"

namespace folio::services {

struct WatchPosition {
  storage::Revision revision = 0;  // sent up to here; of an unfinished snapshot: the state that it shows
  storage::Kind kind = 0;          // of the snapshot's next record; 0 where there is no snapshot, or it is finished
  storage::Key key = 0;            // the last record sent of that kind
};

std::string EncodeWatchToken(std::string_view store_id, const WatchPosition& position);

// INVALID_ARGUMENT on "resume_token": RESUME_TOKEN_MALFORMED, or RESUME_TOKEN_FOREIGN where it is another store's.
absl::StatusOr<WatchPosition> DecodeWatchToken(std::string_view token, std::string_view store_id);

}  // namespace folio::services
