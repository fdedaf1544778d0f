// The accounts' names and keys, in memory: projections find an account by its name without reading its record.
#pragma once

#include <string>
#include <string_view>

#include "server/engine/id_store.h"
#include "storage/storage.h"

namespace folio::engine {

class AccountKeys {
 public:
  // `storage` must outlive it.
  explicit AccountKeys(const storage::Storage& storage) : storage_(storage) {}

  // Tells the id of an account, once a key, for ever. Writer's thread only.
  void Put(storage::Key key, std::string_view id) { ids_.Put(key, id); }

  // --- Any thread ---

  bool Has(storage::Key key) const { return ids_.Has(key); }
  // Empty where the key is not known.
  std::string IdOf(storage::Key key) const { return ids_.Get(key); }
  // Key of "accounts/{account}"; 0 where the store has none, or its id has not been told.
  storage::Key Find(std::string_view account_name) const;

 private:
  const storage::Storage& storage_;
  IdStore ids_;
};

}  // namespace folio::engine
