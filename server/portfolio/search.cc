#include "server/engine/search.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "folio/v1/account.pb.h"
#include "server/base/error.h"
#include "server/base/text.h"
#include "server/engine/resources.h"
#include "server/portfolio/queries.h"

namespace folio::portfolio {

using engine::RowKey;

namespace {

constexpr int kResultsDefault = 20;
constexpr int kResultsMax = 100;

v1::MatchKind KindOf(engine::Match match) {
  switch (match) {
    case engine::Match::kExact:
      return v1::MATCH_KIND_EXACT;
    case engine::Match::kPrefix:
      return v1::MATCH_KIND_PREFIX;
    case engine::Match::kSubstring:
      return v1::MATCH_KIND_SUBSTRING;
    case engine::Match::kTypo:
      return v1::MATCH_KIND_TYPO;
  }
  return v1::MATCH_KIND_UNSPECIFIED;
}

// Accounts whose own id, or an identifier of another system, is the query.
absl::StatusOr<std::vector<RowKey>> FindByIdentifier(const Workspace& workspace, const std::string& query) {
  std::vector<RowKey> found;
  const std::string id = query.starts_with("accounts/") ? query.substr(sizeof("accounts/") - 1) : query;
  const auto own = workspace.storage().Find(engine::kAccount, id);
  if (!own.ok()) return error::FromStorage(own.status());
  if (own->has_value()) found.push_back(**own);
  const std::string folded = Fold(query);
  for (const RowKey candidate : workspace.external_ids().Candidates(query)) {
    const auto record = workspace.storage().Get(engine::kAccount, candidate);
    if (!record.ok()) return error::FromStorage(record.status());
    v1::Account account;
    if (!record->has_value() || !account.ParseFromString((*record)->data)) continue;
    const bool same = std::any_of(account.external_ids().begin(), account.external_ids().end(),
                                  [&](const v1::ExternalId& external) { return Fold(external.id()) == folded; });
    if (same) found.push_back(candidate);
  }
  return found;
}

}  // namespace

absl::Status Search(const Workspace& workspace, const v1::SearchAccountsRequest& request,
                    v1::SearchAccountsResponse* response) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto snapshot = portfolio.snapshot();
  const int asked = request.max_results();
  if (asked < 0) return error::InvalidField("max_results", "FIELD_OUT_OF_RANGE", {{"minimum", "0"}});
  const int limit = asked == 0 ? kResultsDefault : std::min(asked, kResultsMax);
  absl::flat_hash_set<RowKey> seen;
  const auto add = [&](RowKey key, v1::MatchKind match) {
    const bool deleted = snapshot->IntAt(key, portfolio.columns().deleted) == 1;
    if (response->hits_size() == limit || !snapshot->IsLive(key) || deleted || !seen.insert(key).second) return;
    v1::SearchHit* hit = response->add_hits();
    FillEntry(portfolio, *snapshot, key, hit->mutable_entry());
    hit->set_match(match);
  };
  const auto identified = FindByIdentifier(workspace, request.query());
  if (!identified.ok()) return identified.status();
  for (const RowKey key : *identified) add(key, v1::MATCH_KIND_IDENTIFIER);
  // Deleted accounts may be among the hits: a few more are asked for, so that they do not push others out.
  for (const engine::Hit& hit :
       engine::SearchText(*snapshot, portfolio.columns().display_name, request.query(), 2 * limit)) {
    add(hit.key, KindOf(hit.match));
  }
  return absl::OkStatus();
}

}  // namespace folio::portfolio
