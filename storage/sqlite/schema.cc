#include "storage/sqlite/schema.h"

#include <array>
#include <string>

#include "storage/sqlite/state.h"
#include "storage/store_id.h"

namespace folio::storage {
namespace {

// "Foli", in the header of every file of ours.
constexpr int kApplicationId = 0x466f6c69;

constexpr char kTables[] =
    "CREATE TABLE records (key INTEGER PRIMARY KEY, revision INTEGER NOT NULL, sum INTEGER NOT NULL,"
    "                      id TEXT NOT NULL, data BLOB NOT NULL) STRICT;"
    "CREATE TABLE log (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, flags INTEGER NOT NULL,"
    "                  sum INTEGER NOT NULL, data BLOB NOT NULL) STRICT;"
    "CREATE TABLE meta (name TEXT PRIMARY KEY, sum INTEGER NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID;";

absl::Status InsertMeta(Connection& connection, std::string_view name, std::string_view value) {
  Statement insert;
  absl::Status status = connection.Prepare("INSERT INTO meta (name, sum, value) VALUES (?1, ?2, ?3)", &insert);
  if (!status.ok()) return status;
  insert.BindText(1, name);
  insert.Bind(2, static_cast<int64_t>(MetaSum(name, value)));
  insert.BindBlob(3, value);
  const int code = insert.Step();
  return code == SQLITE_DONE ? absl::OkStatus() : connection.ErrorOf(code, "make the store");
}

absl::Status MakeTables(Connection& connection) {
  absl::Status status = connection.Execute(kTables);
  if (status.ok()) status = connection.Execute("PRAGMA application_id = " + std::to_string(kApplicationId));
  if (status.ok()) status = InsertMeta(connection, "store_id", NewStoreId());
  if (status.ok()) status = InsertMeta(connection, "state", EncodeState(State()));
  return status;
}

// Step n brings a file from version n - 1 to n. Steps are only ever added.
using Step = absl::Status (*)(Connection&);
constexpr std::array<Step, 1> kSteps = {MakeTables};

absl::Status RunStep(Connection& connection, int version) {
  absl::Status status = connection.Execute("BEGIN IMMEDIATE");
  if (!status.ok()) return status;
  status = kSteps[version - 1](connection);
  if (status.ok()) status = connection.Execute("PRAGMA user_version = " + std::to_string(version));
  if (status.ok()) status = connection.Execute("COMMIT");
  if (!status.ok()) connection.Execute("ROLLBACK").IgnoreError();
  return status;
}

absl::StatusOr<int> QueryNumber(Connection& connection, const char* sql) {
  const absl::StatusOr<std::string> text = connection.Query(sql);
  if (!text.ok()) return text.status();
  return std::stoi(*text);
}

}  // namespace

absl::Status CheckIsOurs(Connection& connection, const std::string& path) {
  const absl::StatusOr<int> application = QueryNumber(connection, "PRAGMA application_id");
  const absl::StatusOr<int> version = QueryNumber(connection, "PRAGMA user_version");
  const absl::StatusOr<int> tables = QueryNumber(connection, "SELECT count(*) FROM sqlite_schema");
  for (const auto* number : {&application, &version, &tables}) {
    if (!number->ok()) return number->status();
  }
  if (*application == 0 && *version == 0 && *tables == 0) return absl::OkStatus();  // empty, to become one
  if (*application != kApplicationId || *version < 1) {
    return absl::FailedPreconditionError(path + " is not a store of Folio");
  }
  const int current = static_cast<int>(kSteps.size());
  if (*version <= current) return absl::OkStatus();
  return absl::FailedPreconditionError(path + " was written by a newer Folio: its schema is " +
                                       std::to_string(*version) + ", this Folio knows " + std::to_string(current));
}

absl::Status BringToCurrentSchema(Connection& connection) {
  const absl::StatusOr<int> version = QueryNumber(connection, "PRAGMA user_version");
  if (!version.ok()) return version.status();
  for (int next = *version + 1; next <= static_cast<int>(kSteps.size()); ++next) {
    if (absl::Status status = RunStep(connection, next); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace folio::storage
