#include "client/cli/import/matcher.h"

#include "unicode/unistr.h"

namespace folio::cli {
namespace {

constexpr std::string_view kExternalIds = "external_ids.";

std::string Folded(const std::string& text) {
  std::string folded;
  icu::UnicodeString::fromUTF8(text).trim().foldCase().toUTF8String(folded);
  return folded;
}

}  // namespace

absl::StatusOr<AccountMatcher> AccountMatcher::Load(Context& context, const std::string& field) {
  AccountMatcher matcher(field);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  const absl::Status status = (*client)->InvokeStream(
      *FindMethod("AccountService.ExportAccounts"), v1::ExportAccountsRequest(),
      [&](const google::protobuf::Message& message) {
        const auto& response = static_cast<const v1::ExportAccountsResponse&>(message);
        for (const v1::Account& account : response.accounts()) matcher.Add(account);
        return absl::OkStatus();
      },
      context.stop);
  if (!status.ok()) return status;
  return matcher;
}

std::string AccountMatcher::KeyOf(const v1::Account& account) const {
  if (field_ == "domain") return Folded(account.domain());
  if (field_ == "display_name") return Folded(account.display_name());
  for (const v1::ExternalId& external : account.external_ids()) {
    if (kExternalIds.size() + external.system().size() == field_.size() && field_.ends_with(external.system())) {
      return external.id();
    }
  }
  return "";
}

void AccountMatcher::Add(const v1::Account& account) {
  const std::string key = KeyOf(account);
  if (key.empty()) return;
  const auto [known, added] = names_.emplace(key, account.name());
  if (!added) known->second.clear();
}

std::optional<Fault> AccountMatcher::Match(v1::Account* row) const {
  if (!row->name().empty()) return std::nullopt;
  const std::string key = KeyOf(*row);
  const auto found = names_.find(key);
  if (key.empty() || found == names_.end()) return std::nullopt;
  if (found->second.empty()) {
    return Fault{"MATCH_AMBIGUOUS",
                 {"Several accounts have the " + field_ + " " + Quoted(key) + ": give the row an id.",
                  "Plusieurs comptes ont " + field_ + " " + Quoted(key) + " : donnez un id à la ligne."}};
  }
  row->set_name(found->second);
  return std::nullopt;
}

}  // namespace folio::cli
