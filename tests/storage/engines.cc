#include "tests/storage/engines.h"

#include "storage/memory/memory.h"
#include "storage/sqlite/sqlite.h"

namespace folio::storage::testing {

std::vector<Engine> Engines() {
  return {
      {.name = "Memory",
       .durable = false,
       .open = [](const std::string&) -> absl::StatusOr<std::unique_ptr<Storage>> {
         return std::make_unique<MemoryStorage>();
       }},
      {.name = "Sqlite", .durable = true, .open = [](const std::string& file) { return OpenSqlite({.path = file}); }},
  };
}

}  // namespace folio::storage::testing
