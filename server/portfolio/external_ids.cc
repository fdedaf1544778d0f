#include "server/portfolio/external_ids.h"

#include <xxhash.h>

#include <algorithm>
#include <mutex>

#include "folio/v1/account.pb.h"
#include "server/base/text.h"
#include "server/engine/resources.h"

namespace folio::portfolio {

namespace {

uint64_t DigestOf(std::string_view id) {
  const std::string folded = Fold(id);
  return XXH3_64bits(folded.data(), folded.size());
}

}  // namespace

void ExternalIds::Load(storage::Kind kind, const storage::RecordView& record,
                       const google::protobuf::Message& message) {
  if (kind == engine::kAccount) Take(record.key, message);
}

void ExternalIds::Apply(const engine::Change& change) {
  if (change.kind == engine::kAccount && change.message != nullptr) Take(change.key, *change.message);
}

void ExternalIds::Take(storage::Key account, const google::protobuf::Message& message) {
  std::unique_lock lock(mutex_);
  for (const v1::ExternalId& external : static_cast<const v1::Account&>(message).external_ids()) {
    const uint64_t digest = DigestOf(external.id());
    const auto [first, is_new] = first_.emplace(digest, account);
    if (is_new || first->second == account) continue;
    auto& others = others_[digest];
    if (std::find(others.begin(), others.end(), account) == others.end()) others.push_back(account);
  }
}

std::vector<engine::RowKey> ExternalIds::Candidates(std::string_view id) const {
  std::shared_lock lock(mutex_);
  const uint64_t digest = DigestOf(id);
  const auto first = first_.find(digest);
  if (first == first_.end()) return {};
  std::vector<engine::RowKey> candidates = {first->second};
  if (const auto others = others_.find(digest); others != others_.end()) {
    candidates.insert(candidates.end(), others->second.begin(), others->second.end());
  }
  return candidates;
}

}  // namespace folio::portfolio
