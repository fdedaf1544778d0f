#include "server/portfolio/history_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "server/base/error.h"
#include "server/engine/chunk.h"

namespace folio::portfolio {

using engine::RowKey;
using store::v1::ScoreBlock;
using store::v1::StoredScore;

namespace {

constexpr uint8_t kAbsentByte = 255;

// The changes of a block in a year are numbered from 0.
std::string IdOf(int64_t block, int year, int number) { return fmt::format("{}~{}~{}", block, year, number); }

ScoreBlock ToStored(std::span<const PublishedScore> changes) {
  const PublishedScore& first = changes.front();
  ScoreBlock stored;
  stored.set_day(first.day);
  stored.set_revision(first.revision);
  stored.set_model(first.model);
  stored.set_version(first.version);
  for (const PublishedScore& score : changes) {
    stored.add_rows(static_cast<uint32_t>(engine::RowOf(score.account)));
    stored.mutable_scores()->push_back(static_cast<char>(score.absent ? kAbsentByte : score.score));
    stored.mutable_overridden()->push_back(static_cast<char>(score.overridden));
    stored.add_raw(score.raw);
    stored.add_coverage(score.coverage);
  }
  return stored;
}

// What a block's change made of one of its rows; false where it changed nothing of it.
bool Find(const ScoreBlock& change, uint32_t row, StoredScore* score) {
  const auto found = std::lower_bound(change.rows().begin(), change.rows().end(), row);
  if (found == change.rows().end() || *found != row) return false;
  const auto at = static_cast<int>(found - change.rows().begin());
  const auto byte = static_cast<uint8_t>(change.scores()[static_cast<size_t>(at)]);
  score->set_day(change.day());
  score->set_revision(change.revision());
  score->set_absent(byte == kAbsentByte);
  score->set_score(byte == kAbsentByte ? 0 : byte);
  score->set_raw(change.raw(at));
  score->set_coverage(change.coverage(at));
  score->set_model(change.model());
  score->set_version(change.version());
  score->set_overridden(change.overridden()[static_cast<size_t>(at)] != 0);
  return true;
}

}  // namespace

absl::Status AppendBlock(engine::Transaction& transaction, std::span<const PublishedScore> changes) {
  const int64_t block = engine::BlockOf(changes.front().account);
  const int year = DateOf(changes.front().day).year;
  for (int number = 0;; ++number) {
    const std::string id = IdOf(block, year, number);
    const auto key = transaction.Find(kScoreBlock, id);
    if (!key.ok()) return error::FromStorage(key.status());
    if (key->has_value()) continue;
    transaction.Put(kScoreBlock, 0, id, ToStored(changes).SerializeAsString(), nullptr, false);
    return absl::OkStatus();
  }
}

template <class Source>
absl::Status BlockHistory::Add(const Source& source, RowKey account, int year, std::vector<StoredScore>* scores) {
  const int64_t block = engine::BlockOf(account);
  if (block != block_ || year != year_) {
    changes_.clear();
    block_ = -1;
    for (int number = 0;; ++number) {
      const auto record = source.FindRecord(kScoreBlock, IdOf(block, year, number));
      if (!record.ok()) return error::FromStorage(record.status());
      if (!record->has_value()) break;
      if (!changes_.emplace_back().ParseFromString((*record)->data)) {
        return error::Internal("a stored history cannot be parsed");
      }
    }
    block_ = block;
    year_ = year;
  }
  StoredScore score;
  bool any = false;
  for (const ScoreBlock& change : changes_) {
    if (!Find(change, static_cast<uint32_t>(engine::RowOf(account)), &score)) continue;
    scores->push_back(score);
    any = true;
  }
  if (any) {
    std::stable_sort(scores->begin(), scores->end(),
                     [](const StoredScore& a, const StoredScore& b) { return a.revision() < b.revision(); });
  }
  return absl::OkStatus();
}

template absl::Status BlockHistory::Add(const storage::Storage&, RowKey, int, std::vector<StoredScore>*);
template absl::Status BlockHistory::Add(const engine::Transaction&, RowKey, int, std::vector<StoredScore>*);

}  // namespace folio::portfolio
