// What every engine must do: tests against the seam alone. An engine joins by its line in engines.cc.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "storage/storage.h"
#include "tests/storage/support.h"

namespace folio::storage::testing {

// An engine under test.
struct Engine {
  std::string name;
  bool durable = false;  // what was stored is there when the same file is opened again
  std::function<absl::StatusOr<std::unique_ptr<Storage>>(const std::string& file)> open;
};

inline void PrintTo(const Engine& engine, std::ostream* out) { *out << engine.name; }

class ConformanceTest : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override { Open(); }

  // Closes the store and opens it again, where the engine is durable.
  void Reopen() {
    if (!GetParam().durable) return;
    storage_.reset();
    Open();
  }

  // Commits a group that must be accepted.
  void Commit(const Group& group) { ASSERT_THAT(storage_->Commit(group), IsOk()); }

  std::optional<Record> Get(Kind kind, Key key) const {
    const auto record = storage_->Get(kind, key);
    EXPECT_THAT(record, IsOk());
    return record.ok() ? *record : std::nullopt;
  }
  std::optional<Key> Find(Kind kind, std::string_view id) const {
    const auto key = storage_->Find(kind, id);
    EXPECT_THAT(key, IsOk());
    return key.ok() ? *key : std::nullopt;
  }

  TempFolder folder_;
  std::unique_ptr<Storage> storage_;

 private:
  void Open() {
    auto opened = GetParam().open(folder_.File("store"));
    ASSERT_THAT(opened, IsOk());
    storage_ = *std::move(opened);
  }
};

}  // namespace folio::storage::testing
