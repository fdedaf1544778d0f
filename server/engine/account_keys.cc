#include "server/engine/account_keys.h"

#include "server/base/text.h"
#include "server/engine/resources.h"

namespace folio::engine {
namespace {

constexpr std::string_view kPrefix = "accounts/";
// Enough for the accounts of a large batch of facts.
constexpr size_t kRemembered = 65'536;

}  // namespace

storage::Key AccountKeys::Find(std::string_view account_name) {
  if (!account_name.starts_with(kPrefix)) return 0;
  const std::string_view id = account_name.substr(kPrefix.size());
  const auto known = keys_.find(ToAbsl(id));
  if (known != keys_.end()) return known->second;
  const auto found = storage_.Find(kAccount, id);
  if (!found.ok() || !found->has_value()) return 0;
  if (keys_.size() >= kRemembered) keys_.clear();
  keys_.emplace(std::string(id), **found);
  return **found;
}

}  // namespace folio::engine
