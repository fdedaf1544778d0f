#include "storage/sqlite/connection.h"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include "storage/broken.h"

namespace folio::storage {
namespace {

absl::Status StatusOf(int code, std::string_view doing, std::string_view detail) {
  const std::string message = std::string(doing) + ": " + std::string(detail);
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return absl::UnavailableError(message);
    case SQLITE_TOOBIG:
      return absl::InvalidArgumentError(message);
    case SQLITE_IOERR:
      if (code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ) return absl::DataLossError(message);
      return BrokenError(message);
    default:
      return absl::DataLossError(message);
  }
}

absl::Status StatusOf(const SQLite::Exception& error, std::string_view doing) {
  return StatusOf(error.getExtendedErrorCode(), doing, error.what());
}

}  // namespace

Connection::Connection(const FileLocation& file, int flags) : database_(file.path, flags, 0, file.vfs) {
  sqlite3_extended_result_codes(handle(), 1);
  sqlite3_busy_timeout(handle(), kBusyTimeoutMs);
  sqlite3_limit(handle(), SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const FileLocation& file, int flags) {
  try {
    return std::unique_ptr<Connection>(new Connection(file, flags | SQLite::OPEN_NOMUTEX));
  } catch (const SQLite::Exception& error) {
    return StatusOf(error, "cannot open " + file.path);
  }
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::OpenWriter(const FileLocation& file) {
  return Open(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
}

absl::Status Connection::UseDurableWal() {
  absl::Status status = Expect("journal_mode = WAL", "wal");
  if (status.ok()) {
    status = Execute(
        "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536; PRAGMA mmap_size = 0;"
        "PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY");
  }
  if (status.ok()) status = Expect("synchronous", "2");
  if (status.ok()) status = Expect("encoding", "UTF-8");
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return status;
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::OpenReader(const FileLocation& file) {
  auto connection = Open(file, SQLite::OPEN_READONLY);
  if (!connection.ok()) return connection;
  absl::Status status =
      (*connection)
          ->Execute(
              "PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
              "PRAGMA temp_store = MEMORY");
  if (!status.ok()) return status;
  return connection;
}

absl::Status Connection::Execute(const std::string& sql) {
  try {
    database_.exec(sql);
    return absl::OkStatus();
  } catch (const SQLite::Exception& error) {
    return StatusOf(error, sql);
  }
}

absl::StatusOr<std::string> Connection::Query(const std::string& sql) {
  try {
    return database_.execAndGet(sql).getString();
  } catch (const SQLite::Exception& error) {
    return StatusOf(error, sql);
  }
}

absl::Status Connection::Expect(const std::string& pragma, std::string_view value) {
  const absl::StatusOr<std::string> answer = Query("PRAGMA " + pragma);
  if (!answer.ok()) return answer.status();
  if (*answer == value) return absl::OkStatus();
  return absl::FailedPreconditionError("PRAGMA " + pragma + " answers " + *answer + " rather than " +
                                       std::string(value));
}

absl::Status Connection::Prepare(std::string_view sql, Statement* statement) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &prepared, nullptr);
  if (code != SQLITE_OK) return ErrorOf(code, sql);
  *statement = Statement(prepared);
  return absl::OkStatus();
}

absl::Status Connection::ErrorOf(int code, std::string_view doing) const {
  // The connection's own message says more, where it is about this error.
  const bool same = sqlite3_extended_errcode(handle()) == code;
  return StatusOf(code, doing, same ? sqlite3_errmsg(handle()) : sqlite3_errstr(code));
}

}  // namespace folio::storage
