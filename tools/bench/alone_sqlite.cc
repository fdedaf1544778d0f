// SQLite alone: how fast this machine writes and reads the same rows with nothing around it.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "folio/v1/account.pb.h"
#include "tools/bench/alone.h"
#include "tools/bench/dataset.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

SQLite::Database OpenDurable(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("PRAGMA journal_mode=WAL");
  database.exec("PRAGMA synchronous=FULL");
  database.exec("PRAGMA cache_size=-65536");
  database.exec("CREATE TABLE IF NOT EXISTS account (key INTEGER PRIMARY KEY, data BLOB NOT NULL)");
  database.exec("CREATE TABLE IF NOT EXISTS fact (key INTEGER PRIMARY KEY, data BLOB NOT NULL)");
  database.exec("CREATE TABLE IF NOT EXISTS log (revision INTEGER PRIMARY KEY, data BLOB NOT NULL)");
  return database;
}

std::vector<std::string> MakeBlobs(int64_t first, int64_t count) {
  const demo::Generator generator = Accounts(first + count);
  demo::Client client;
  std::vector<std::string> blobs(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    generator.Make(first + i, &client);
    client.account.SerializeToString(&blobs[static_cast<size_t>(i)]);
  }
  return blobs;
}

std::vector<std::string> MakeFactBlobs(const InsertOptions& options) {
  const Facts facts(options.facts_of);
  std::vector<std::string> blobs;
  for (int64_t i = 0; i < options.count; ++i) blobs.push_back(facts.Make(options.first + i).SerializeAsString());
  return blobs;
}

void PrintRate(const char* what, int64_t count, double seconds) {
  const nlohmann::json result = {{what, count},
                                 {std::string(what) + "_per_second", static_cast<double>(count) / seconds}};
  std::printf("%s\n", result.dump().c_str());
}

int Failed(const std::exception& error) {
  std::fprintf(stderr, "bench_alone: %s\n", error.what());
  return 1;
}

void InsertBatch(SQLite::Database& database, SQLite::Statement& insert, const std::vector<std::string>& blobs,
                 size_t begin, size_t end, int64_t first_key) {
  SQLite::Transaction transaction(database);
  for (size_t i = begin; i < end; ++i) {
    insert.bind(1, first_key + static_cast<int64_t>(i));
    insert.bindNoCopy(2, blobs[i].data(), static_cast<int>(blobs[i].size()));
    insert.exec();
    insert.reset();
  }
  transaction.commit();
}

// One group: state and log of so many updates in one transaction.
void UpdateGroup(SQLite::Database& database, SQLite::Statement& state, SQLite::Statement& log,
                 const std::vector<std::string>& blobs, const std::vector<int64_t>& keys, size_t begin, int group,
                 int64_t* revision) {
  SQLite::Transaction transaction(database);
  for (size_t i = begin; i < begin + static_cast<size_t>(group); ++i) {
    const std::string& blob = blobs[i % blobs.size()];
    state.bind(1, keys[i % keys.size()] + 1);
    state.bindNoCopy(2, blob.data(), static_cast<int>(blob.size()));
    state.exec();
    state.reset();
    log.bind(1, ++*revision);
    log.bindNoCopy(2, blob.data(), static_cast<int>(blob.size()));
    log.exec();
    log.reset();
  }
  transaction.commit();
}

}  // namespace

int RunInsert(const InsertOptions& options) try {
  SQLite::Database database = OpenDurable(options.path);
  const bool facts = options.facts_of > 0;
  const std::vector<std::string> blobs = facts ? MakeFactBlobs(options) : MakeBlobs(options.first, options.count);
  SQLite::Statement insert(
      database, facts ? "INSERT INTO fact (key, data) VALUES (?, ?)" : "INSERT INTO account (key, data) VALUES (?, ?)");
  const double begin = Now();
  for (size_t i = 0; i < blobs.size(); i += static_cast<size_t>(options.batch)) {
    const size_t end = std::min(blobs.size(), i + static_cast<size_t>(options.batch));
    InsertBatch(database, insert, blobs, i, end, options.first + 1);
  }
  PrintRate("rows", options.count, Now() - begin);
  return 0;
} catch (const SQLite::Exception& error) {
  return Failed(error);
}

int RunUpdates(const UpdateOptions& options) try {
  constexpr int64_t kSample = 100'000;
  SQLite::Database database = OpenDurable(options.path);
  const std::vector<std::string> blobs = MakeBlobs(0, std::min<int64_t>(options.rows, 10'000));
  const std::vector<int64_t> keys = SampleIndexes(options.rows, kSample);
  SQLite::Statement state(database, "INSERT OR REPLACE INTO account (key, data) VALUES (?, ?)");
  SQLite::Statement log(database, "INSERT INTO log (revision, data) VALUES (?, ?)");
  int64_t revision = database.execAndGet("SELECT coalesce(max(revision), 0) FROM log").getInt64();
  const double begin = Now();
  size_t done = 0;
  for (; Now() < begin + options.seconds; done += static_cast<size_t>(options.group)) {
    UpdateGroup(database, state, log, blobs, keys, done, options.group, &revision);
  }
  PrintRate("updates", static_cast<int64_t>(done), Now() - begin);
  return 0;
} catch (const SQLite::Exception& error) {
  return Failed(error);
}

int RunScan(const std::string& path) {
  // Accounts are kind 1; a record's key has its kind above bit 48 (docs/storage.md).
  constexpr const char* kSql =
      "SELECT key, revision, sum, id, data FROM records WHERE key >= (1 << 48) AND key < (2 << 48)";
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
      sqlite3_prepare_v2(database, kSql, -1, &statement, nullptr) != SQLITE_OK) {
    std::fprintf(stderr, "bench_alone: %s\n", sqlite3_errmsg(database));
    return 1;
  }
  const double begin = Now();
  v1::Account account;
  int64_t rows = 0;
  int64_t digest = 0;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const void* data = sqlite3_column_blob(statement, 4);
    if (!account.ParseFromArray(data, sqlite3_column_bytes(statement, 4))) return 1;
    digest += sqlite3_column_int64(statement, 0) + account.employee_count();
    ++rows;
  }
  const double seconds = Now() - begin;
  sqlite3_finalize(statement);
  sqlite3_close(database);
  const nlohmann::json result = {{"rows", rows}, {"seconds", seconds}, {"digest", digest}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace folio::bench
