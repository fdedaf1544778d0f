// From the names of accounts to their keys, for projections: those seen lately are remembered.
#pragma once

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "storage/storage.h"

namespace folio::engine {

// For one thread at a time.
class AccountKeys {
 public:
  explicit AccountKeys(const storage::Storage& storage) : storage_(storage) {}

  // Key of "accounts/{account}"; 0 where there is none, or it cannot be read.
  storage::Key Find(std::string_view account_name);

 private:
  const storage::Storage& storage_;
  absl::flat_hash_map<std::string, storage::Key> keys_;  // by id
};

}  // namespace folio::engine
