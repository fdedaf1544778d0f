// Which accounts have which identifiers of other systems: for uniqueness, for search, for matching rows of an import.
#pragma once

#include <cstdint>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/engine/digest_index.h"
#include "server/engine/projection.h"
#include "server/engine/table.h"

namespace folio::portfolio {

// Keeps digests, not texts: what it finds are candidates, to be compared with the account itself.
class ExternalIds final : public engine::Projection {
 public:
  void Load(storage::Kind kind, const storage::RecordView& record, const google::protobuf::Message& message) override;
  void Apply(std::span<const engine::Change> changes) override;
  void Publish(storage::Revision) override {}

  // Accounts that had, when they were last looked at, an external id that reads so, whatever the system; case and
  // accents do not count. Any thread.
  std::vector<engine::RowKey> Candidates(std::string_view id) const;

 private:
  // With mutex_ held.
  void Take(storage::Key account, const google::protobuf::Message& message);

  mutable std::shared_mutex mutex_;
  engine::DigestIndex index_;  // guarded by mutex_
};

}  // namespace folio::portfolio
