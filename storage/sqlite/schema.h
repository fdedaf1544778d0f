// The tables of the file, and the steps that bring an older file to them.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "storage/sqlite/connection.h"

namespace folio::storage {

// FAILED_PRECONDITION where the file is neither empty nor one of ours, or is of a newer Folio. Changes nothing.
absl::Status CheckIsOurs(Connection& connection, const std::string& path);

// Runs the steps that the file lacks, each in a transaction. An empty file lacks them all.
absl::Status BringToCurrentSchema(Connection& connection);

}  // namespace folio::storage
