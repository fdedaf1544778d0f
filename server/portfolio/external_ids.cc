#include "server/portfolio/external_ids.h"

#include <xxhash.h>

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
  if (kind != engine::kAccount) return;
  std::unique_lock lock(mutex_);
  Take(record.key, message);
}

void ExternalIds::Apply(std::span<const engine::Change> changes) {
  std::unique_lock lock(mutex_);
  for (const engine::Change& change : changes) {
    if (change.kind == engine::kAccount && change.message != nullptr) Take(change.key, *change.message);
  }
}

void ExternalIds::Take(storage::Key account, const google::protobuf::Message& message) {
  const auto& externals = static_cast<const v1::Account&>(message).external_ids();
  for (const v1::ExternalId& external : externals) index_.Add(DigestOf(external.id()), account);
}

std::vector<engine::RowKey> ExternalIds::Candidates(std::string_view id) const {
  const uint64_t digest = DigestOf(id);
  std::shared_lock lock(mutex_);
  return index_.Find(digest);
}

}  // namespace folio::portfolio
