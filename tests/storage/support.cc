#include "tests/storage/support.h"

#include <stdlib.h>

#include <cstdlib>
#include <iostream>
#include <ostream>

namespace folio::storage {

void PrintTo(const Record& record, std::ostream* out) {
  *out << "{" << record.key << " \"" << record.id << "\" at " << record.revision << ", " << record.data.size()
       << " bytes}";
}

namespace testing {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "folio_storage_XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + pattern);
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

uint64_t SeedOfRun() {
  const char* given = std::getenv("FOLIO_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  std::cout << "FOLIO_SEED=" << seed << std::endl;
  return seed;
}

std::string Dice::Bytes(int64_t length_max) {
  const int64_t longest = OneIn(8) ? length_max : std::min<int64_t>(length_max, 40);
  std::string bytes(static_cast<size_t>(Below(longest + 1)), '\0');
  // Half of them repeat themselves, as records do, and so can be compressed.
  const int64_t letters = OneIn(2) ? 256 : 4;
  for (char& byte : bytes) byte = static_cast<char>(Below(letters));
  return bytes;
}

Write Put(Kind kind, Key key, std::string id, Revision revision, std::string data) {
  return {.kind = kind, .key = key, .id = std::move(id), .revision = revision, .data = std::move(data)};
}

Write Remove(Kind kind, Key key, std::string id) { return {.kind = kind, .key = key, .id = std::move(id)}; }

Group GroupOf(std::string entry, std::vector<Write> writes) {
  return {.entries = {std::move(entry)}, .writes = std::move(writes)};
}

std::vector<Record> AllRecords(const Storage& storage, Kind kind) {
  std::vector<Record> records;
  EXPECT_THAT(storage.Scan(kind,
                           [&](const RecordView& view) {
                             records.push_back({view.key, std::string(view.id), view.revision, std::string(view.data)});
                             return true;
                           }),
              IsOk());
  return records;
}

std::vector<std::pair<Revision, std::string>> LogAfter(const Storage& storage, Revision after) {
  std::vector<std::pair<Revision, std::string>> entries;
  EXPECT_THAT(storage.ReadLog(after,
                              [&](Revision revision, std::string_view entry) {
                                entries.emplace_back(revision, entry);
                                return true;
                              }),
              IsOk());
  return entries;
}

std::vector<std::pair<Revision, std::string>> WholeLog(const Storage& storage) {
  return LogAfter(storage, storage.first_log_revision() - 1);
}

}  // namespace testing
}  // namespace folio::storage
