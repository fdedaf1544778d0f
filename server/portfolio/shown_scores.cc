#include "server/portfolio/shown_scores.h"

#include "server/portfolio/score_year.h"

namespace folio::portfolio {

absl::Status ShownScores::Read(engine::RowKey account, Day born, std::span<const Day> days, std::vector<int>* scores) {
  scores->assign(days.size(), kNone);
  if (days.empty()) return absl::OkStatus();
  int shown = kNone;
  size_t next = 0;
  // The workspace's day may still be the one before that of the clock when an account comes.
  for (int year = YearOf(born - 1); year <= YearOf(days.back()); ++year) {
    const auto found = ReadScoreYear(storage_, account, year, blocks_[year]);
    if (!found.ok()) return found.status();
    for (const store::v1::StoredScore& score : found->scores) {
      if (score.revision() > revision_) continue;
      for (; next < days.size() && days[next] < score.day(); ++next) (*scores)[next] = shown;
      shown = score.absent() ? kNone : score.score();
    }
  }
  for (; next < days.size(); ++next) (*scores)[next] = shown;
  return absl::OkStatus();
}

}  // namespace folio::portfolio
