// The embedded engine: one workspace in one SQLite file. docs/storage.md describes the file.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/storage.h"

namespace folio::storage {

struct SqliteOptions {
  std::string path;    // of the file; its folder must exist
  bool create = true;  // make the store where there is none
  std::string vfs;     // a registered sqlite3_vfs to lie on, for tests; empty: the system's
};

// Opens a store, and holds `path`.lock for as long as it lives: no second process, and no second store of this process,
// can open the same file meanwhile.
//
// Every record is read and compared with its checksum. A store in which one does not fit opens all the same, so that
// the rest can be read, but answers every write with DATA_LOSS.
//
// NOT_FOUND where there is no file and none is to be made; FAILED_PRECONDITION where another holds the lock, where the
// file is not one of ours, where a newer Folio has written it, or where it lies on a network file system; DATA_LOSS
// where its structure is broken; UNAVAILABLE where the disk is full or too many files are open.
absl::StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options);

// Version of the SQLite that runs, "3.40.1".
std::string SqliteVersion();

}  // namespace folio::storage
