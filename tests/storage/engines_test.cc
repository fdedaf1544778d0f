// Which engines are held to the contract.
#include "storage/memory/memory.h"
#include "storage/sqlite/sqlite.h"
#include "tests/storage/conformance.h"

namespace folio::storage::testing {
namespace {

const Engine kEngines[] = {
    {.name = "Memory",
     .durable = false,
     .open = [](const std::string&) -> absl::StatusOr<std::unique_ptr<Storage>> {
       return std::make_unique<MemoryStorage>();
     }},
    {.name = "Sqlite", .durable = true, .open = [](const std::string& file) { return OpenSqlite({.path = file}); }},
};

INSTANTIATE_TEST_SUITE_P(Engines, ConformanceTest, ::testing::ValuesIn(kEngines),
                         [](const auto& engine) { return engine.param.name; });

}  // namespace
}  // namespace folio::storage::testing
