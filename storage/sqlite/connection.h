// A connection to the file, with every setting that the store's promises rest on.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/statement.h"

namespace folio::storage {

// How long a connection waits for a lock of another. Nobody holds one for long: a reader recovers the WAL's index, the
// writer cuts the WAL off, or a reader that met the index half-written takes the writer's lock to look again (so the
// writer has to wait too, although it is the only one that writes).
inline constexpr int kBusyTimeoutMs = 5'000;

// Where the file is, and what it lies on.
struct FileLocation {
  std::string path;
  std::string vfs;  // empty: the system's
};

// Used by one thread at a time.
class Connection {
 public:
  // The read-write connection. Makes the file where there is none, and changes nothing yet. There must be one at most:
  // this SQLite can corrupt a file that two connections write or checkpoint at once.
  static absl::StatusOr<std::unique_ptr<Connection>> OpenWriter(const FileLocation& file);

  // A connection that can only read.
  static absl::StatusOr<std::unique_ptr<Connection>> OpenReader(const FileLocation& file);

  // Makes the writer's commits durable: WAL and synchronous=FULL (both asserted), and no checkpoint of its own accord.
  absl::Status UseDurableWal();

  // Runs statements that return no row.
  absl::Status Execute(const std::string& sql);

  // First column of a statement's only row.
  absl::StatusOr<std::string> Query(const std::string& sql);

  absl::Status Prepare(std::string_view sql, Statement* statement);

  // The status of a result code other than SQLITE_OK, SQLITE_ROW and SQLITE_DONE: UNAVAILABLE, INVALID_ARGUMENT (too
  // big) or DATA_LOSS (IsBroken where the disk did not take a write). `doing` is what was being done.
  absl::Status ErrorOf(int code, std::string_view doing) const;

  sqlite3* handle() const { return database_.getHandle(); }

 private:
  Connection(const FileLocation& file, int flags);
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const FileLocation& file, int flags);
  absl::Status Expect(const std::string& pragma, std::string_view value);

  SQLite::Database database_;
};

}  // namespace folio::storage
