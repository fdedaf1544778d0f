// What the tests of storage share: a folder that goes away, matchers, and short ways to write a group.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/storage.h"

namespace folio::storage::testing {

// An empty folder, removed with all it holds at the end.
class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();
  std::string File(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline const absl::Status& StatusIn(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusIn(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, "is OK") {
  *result_listener << "which is " << StatusIn(arg).ToString();
  return StatusIn(arg).ok();
}

MATCHER_P(HasCode, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << "which is " << StatusIn(arg).ToString();
  return StatusIn(arg).code() == code;
}

// A seed of random tests: FOLIO_SEED, or one for each run. Printed, so that a failure can be had again.
uint64_t SeedOfRun();

// Random choices of a test.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  // 0 to n - 1.
  int64_t Below(int64_t n) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(n)); }
  bool OneIn(int64_t n) { return Below(n) == 0; }
  // Any bytes; some lengths are of several pages of the file.
  std::string Bytes(int64_t length_max);

 private:
  std::mt19937_64 engine_;
};

Write Put(Kind kind, Key key, std::string id, Revision revision, std::string data);
Write Remove(Kind kind, Key key, std::string id);

// A group of one transaction.
Group GroupOf(std::string entry, std::vector<Write> writes = {});

// All records of a kind, and the log from its beginning; a failure of the test where they cannot be read.
std::vector<Record> AllRecords(const Storage& storage, Kind kind);
std::vector<std::pair<Revision, std::string>> LogAfter(const Storage& storage, Revision after);
std::vector<std::pair<Revision, std::string>> WholeLog(const Storage& storage);

}  // namespace folio::storage::testing

namespace folio::storage {
// For EXPECT_EQ.
inline bool operator==(const Record& a, const Record& b) {
  return a.key == b.key && a.id == b.id && a.revision == b.revision && a.data == b.data;
}
inline bool operator==(const Reply& a, const Reply& b) {
  return a.request_id == b.request_id && a.fingerprint == b.fingerprint && a.revision == b.revision &&
         a.time_s == b.time_s && a.data == b.data;
}
void PrintTo(const Record& record, std::ostream* out);
}  // namespace folio::storage
