#include "server/portfolio/score_year.h"

#include <fmt/format.h>

#include "server/base/error.h"
#include "server/engine/transaction.h"

namespace folio::portfolio {

std::string ScoreYearId(engine::RowKey account, int year) { return fmt::format("{}~{}", account, year); }

template <class Source>
absl::StatusOr<ScoreYear> ReadScoreYear(const Source& source, engine::RowKey account, int year, BlockHistory& blocks) {
  ScoreYear read;
  const auto record = source.FindRecord(kScoreHistory, ScoreYearId(account, year));
  if (!record.ok()) return error::FromStorage(record.status());
  if (record->has_value()) {
    read.key = (*record)->key;
    if (!read.own.ParseFromString((*record)->data)) return error::Internal("a stored history cannot be parsed");
    read.scores.assign(read.own.scores().begin(), read.own.scores().end());
  }
  if (auto status = blocks.Add(source, account, year, &read.scores); !status.ok()) return status;
  return read;
}

template absl::StatusOr<ScoreYear> ReadScoreYear(const storage::Storage&, engine::RowKey, int, BlockHistory&);
template absl::StatusOr<ScoreYear> ReadScoreYear(const engine::Transaction&, engine::RowKey, int, BlockHistory&);

}  // namespace folio::portfolio
