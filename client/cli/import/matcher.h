// Finds the account that a row without an id speaks of.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "client/cli/app/context.h"
#include "client/cli/value/fault.h"
#include "folio/v1/account.pb.h"

namespace folio::cli {

class AccountMatcher {
 public:
  // Reads what the server has. `field` is "domain", "display_name" or "external_ids.SYSTEM". Upper and lower case are
  // the same in domains and names.
  static absl::StatusOr<AccountMatcher> Load(Context& context, const std::string& field);

  // Gives a row without a name that of the one account with the same value. A row whose value nobody has, or that has
  // none, stays as it is: it is a new account. Fault MATCH_AMBIGUOUS where several accounts have the value.
  std::optional<Fault> Match(v1::Account* row) const;

 private:
  explicit AccountMatcher(std::string field) : field_(std::move(field)) {}

  // Empty where the account has none.
  std::string KeyOf(const v1::Account& account) const;
  void Add(const v1::Account& account);

  std::string field_;
  std::unordered_map<std::string, std::string> names_;  // by key; empty: several accounts have it
};

}  // namespace folio::cli
