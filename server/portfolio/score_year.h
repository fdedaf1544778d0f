// What is kept of the scores of one account in one year, whichever way it was written.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/store/v1/history.pb.h"
#include "server/base/date.h"
#include "server/portfolio/history_blocks.h"
#include "storage/storage.h"

namespace folio::portfolio {

// Kind of the records of one account; not a resource, so that no list and no watch shows them.
inline constexpr storage::Kind kScoreHistory = 200;

inline int YearOf(Day day) { return DateOf(day).year; }
std::string ScoreYearId(engine::RowKey account, int year);

struct ScoreYear {
  // The account's own record, with its key: 0 and empty where there is none.
  storage::Key key = 0;
  store::v1::ScoreHistory own;
  // All scores, those that publications changed by block among them, in order.
  std::vector<store::v1::StoredScore> scores;
};

// `source`: the store, or a transaction. `blocks` is quickest where accounts of one block and year follow each other.
template <class Source>
absl::StatusOr<ScoreYear> ReadScoreYear(const Source& source, engine::RowKey account, int year, BlockHistory& blocks);

}  // namespace folio::portfolio
