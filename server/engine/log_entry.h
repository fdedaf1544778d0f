// The bytes of a log entry: folio.store.v1.LogEntry.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/base/date.h"
#include "server/engine/change.h"

namespace folio::engine {

// Serialises the logged changes of one transaction.
std::string EncodeLogEntry(Instant time, std::string_view actor, std::string_view request_id,
                           std::span<const Change> changes);

}  // namespace folio::engine
