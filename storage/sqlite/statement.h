// A prepared statement, over SQLite's C API: SQLiteCpp's columns cost a reference count each, which is a tenth of a
// scan.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace folio::storage {

// Belongs to the connection that prepared it, must not outlive it, and is used by one thread at a time.
class Statement {
 public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(statement_, other.statement_);
    return *this;
  }
  ~Statement() { sqlite3_finalize(statement_); }

  // Parameters are numbered from 1. Bytes are not copied: they must live until the statement is reset. An error of Bind
  // is told by the next Step.
  void Bind(int parameter, int64_t value) { Remember(sqlite3_bind_int64(statement_, parameter, value)); }
  void BindText(int parameter, std::string_view text) {
    Remember(sqlite3_bind_text64(statement_, parameter, Data(text), text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  void BindBlob(int parameter, std::string_view bytes) {
    Remember(sqlite3_bind_blob64(statement_, parameter, Data(bytes), bytes.size(), SQLITE_STATIC));
  }

  // SQLITE_ROW, SQLITE_DONE, or the error.
  int Step() { return bind_error_ == SQLITE_OK ? sqlite3_step(statement_) : bind_error_; }

  // The row that Step arrived at; columns are numbered from 0. Bytes are valid until the next Step or Reset.
  int64_t Int(int column) { return sqlite3_column_int64(statement_, column); }
  std::string_view Bytes(int column) {
    const void* data = sqlite3_column_blob(statement_, column);
    return {static_cast<const char*>(data), static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
  }

  // Ends the execution. Its error, if any, has been told by Step.
  void Reset() {
    sqlite3_reset(statement_);
    bind_error_ = SQLITE_OK;
  }

 private:
  // A null pointer would bind NULL rather than the empty string.
  static const char* Data(std::string_view bytes) { return bytes.empty() ? "" : bytes.data(); }
  void Remember(int code) {
    if (code != SQLITE_OK) bind_error_ = code;
  }

  sqlite3_stmt* statement_ = nullptr;
  int bind_error_ = SQLITE_OK;
};

// Resets a statement when its use ends.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) : statement_(statement) {}
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;
  ~StatementUse() { statement_.Reset(); }

 private:
  Statement& statement_;
};

}  // namespace folio::storage
