// Scores of many accounts that changed at once, as they are stored: a record for each block of accounts.
#pragma once

#include <span>
#include <vector>

#include "folio/store/v1/history.pb.h"
#include "server/engine/transaction.h"
#include "server/portfolio/scores.h"
#include "storage/storage.h"

namespace folio::portfolio {

// Kind of the records; no resource, as kScoreHistory.
inline constexpr storage::Kind kScoreBlock = 201;

// Writes changes of accounts of one block, in the order of their keys, of one revision, day, model and version.
absl::Status AppendBlock(engine::Transaction& transaction, std::span<const PublishedScore> changes);

// The changes of blocks that are stored, of the year and the block of an account. Keeps those that it has read last.
class BlockHistory {
 public:
  // Adds the scores of an account, in order. `source`: the store, or a transaction; the same at each call.
  template <class Source>
  absl::Status Add(const Source& source, engine::RowKey account, int year, std::vector<store::v1::StoredScore>* scores);

 private:
  int64_t block_ = -1;
  int year_ = 0;
  std::vector<store::v1::ScoreBlock> changes_;
};

}  // namespace folio::portfolio
