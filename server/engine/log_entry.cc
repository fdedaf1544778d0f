#include "server/engine/log_entry.h"

namespace folio::engine {

std::string EncodeLogEntry(Instant time, std::string_view actor, std::string_view request_id,
                           std::span<const Change> changes) {
  log::LogEntry entry;
  entry.set_time(time);
  entry.set_actor(std::string(actor));
  entry.set_request_id(std::string(request_id));
  for (const Change& change : changes) {
    if (!change.logged) continue;
    log::Change* logged = entry.add_changes();
    logged->set_change(change.type);
    logged->set_kind(change.kind);
    logged->set_key(change.key);
    logged->set_id(change.id);
    logged->set_data(change.data);
  }
  return entry.SerializeAsString();
}

}  // namespace folio::engine
