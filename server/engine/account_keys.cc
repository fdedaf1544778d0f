#include "server/engine/account_keys.h"

#include "server/engine/resources.h"

namespace folio::engine {
namespace {

constexpr std::string_view kPrefix = "accounts/";

}  // namespace

storage::Key AccountKeys::Find(std::string_view account_name) const {
  if (!account_name.starts_with(kPrefix)) return 0;
  const std::string_view id = account_name.substr(kPrefix.size());
  for (const storage::Key candidate : storage_.FindCandidates(kAccount, id)) {
    if (ids_.Get(candidate) == id) return candidate;
  }
  return 0;
}

}  // namespace folio::engine
