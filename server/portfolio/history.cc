#include "server/portfolio/history.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "folio/store/v1/history.pb.h"
#include "server/base/error.h"
#include "server/engine/chunk.h"
#include "server/engine/collection.h"
#include "server/engine/transaction.h"
#include "server/model/page_token.h"
#include "server/portfolio/history_blocks.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/score_year.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

using engine::RowKey;
using store::v1::StoredScore;

namespace {

constexpr std::string_view kActor = "system";
// Changes of one transaction: bounds what others wait for it.
constexpr size_t kChangesOfOne = 250;
constexpr size_t kBlocksOfOne = 16;
constexpr int kTransactionsOfOneCall = 80;
// Accounts that the walk looks at in one call: a tenth of a second's reading where all was written before.
constexpr RowKey kWalkedInOneCall = 10 * engine::kBlockRows;
// So many first scores of a block are one record, fewer are one each: what is read with any account of the block stays
// in proportion to it.
constexpr size_t kFirstScoresOfBlockMin = 128;
// How far back the last score of an account is looked for, before one that has not changed is written anew.
constexpr int kYearsLookedBack = 3;

StoredScore ToStored(const PublishedScore& score) {
  StoredScore stored;
  stored.set_day(score.day);
  stored.set_revision(score.revision);
  stored.set_absent(score.absent);
  stored.set_score(score.score);
  stored.set_raw(score.raw);
  stored.set_coverage(score.coverage);
  stored.set_model(score.model);
  stored.set_version(score.version);
  stored.set_overridden(score.overridden);
  return stored;
}

bool IsSame(const StoredScore& a, const StoredScore& b) {
  if (a.absent() != b.absent() || a.overridden() != b.overridden()) return false;
  return a.score() == b.score() && a.model() == b.model() && a.version() == b.version();
}

// What is there of an account in a year, and the last score that was written of it up to then.
struct Known {
  ScoreYear year;
  std::optional<StoredScore> last;
};

// `born`: the year in which the account was created, before which nothing was written.
template <class Source>
absl::StatusOr<Known> ReadKnown(const Source& source, RowKey account, int born, int year, BlockHistory& blocks) {
  Known known;
  const int first = std::max(born, year - kYearsLookedBack + 1);
  for (int number = year; number == year || (number >= first && !known.last.has_value()); --number) {
    auto found = ReadScoreYear(source, account, number, blocks);
    if (!found.ok()) return found.status();
    if (!found->scores.empty()) known.last = found->scores.back();
    if (number == year) known.year = *std::move(found);
  }
  return known;
}

bool IsNews(const std::optional<StoredScore>& last, const PublishedScore& score) {
  // Nothing is known of the account, and nothing was before.
  if (!last.has_value()) return !score.absent;
  // Days that were made up for together have one revision.
  const bool later = std::pair(last->revision(), Day{last->day()}) < std::pair(score.revision, score.day);
  return later && !IsSame(*last, ToStored(score));
}

absl::Status Append(engine::Transaction& transaction, const PublishedScore& score, int born, BlockHistory& blocks) {
  auto known = ReadKnown(transaction, score.account, born, YearOf(score.day), blocks);
  if (!known.ok()) return known.status();
  if (!IsNews(known->last, score)) return absl::OkStatus();
  ScoreYear& year = known->year;
  *year.own.add_scores() = ToStored(score);
  transaction.Put(kScoreHistory, year.key, ScoreYearId(score.account, YearOf(score.day)), year.own.SerializeAsString(),
                  nullptr, false);
  return absl::OkStatus();
}

absl::Status AppendAll(engine::Committer& committer, const std::function<absl::Status(engine::Transaction&)>& append) {
  return committer.Run({.actor = std::string(kActor), .apply = append}).status;
}

// The day on which an account was created; today where there is no such account any more.
Day BornOn(const Portfolio& portfolio, const engine::Snapshot& snapshot, RowKey account) {
  const int64_t created = snapshot.IntAt(account, portfolio.columns().create_time);
  return created == engine::Snapshot::kMissingInt ? portfolio.today() : portfolio.zone().DayAt(created);
}

// The score of an account that is shown now; nothing where there is no such account. Exact on the committer's thread;
// on another one, a publication may come in between, and give a score that was never shown so.
std::optional<PublishedScore> ShownScore(const Portfolio& portfolio, const engine::Snapshot& snapshot,
                                         const ModelSet& models, RowKey account) {
  if (!snapshot.IsLive(account)) return std::nullopt;
  const Columns& columns = portfolio.columns();
  const auto number = [](double value) { return std::isnan(value) ? 0 : value; };
  const int64_t score = snapshot.IntAt(account, columns.health);
  const bool absent = score == engine::Snapshot::kMissingInt;
  PublishedScore shown{.account = account,
                       .revision = snapshot.revision(),
                       .day = portfolio.today(),
                       .absent = absent,
                       .overridden = snapshot.IntAt(account, columns.health_overridden) == 1,
                       .score = absent ? 0 : static_cast<int>(score),
                       .raw = number(snapshot.RealAt(account, columns.health_raw)),
                       .coverage = number(snapshot.RealAt(account, columns.coverage)),
                       .model = snapshot.TextAt(account, columns.health_model)};
  if (const ModelVersionPtr model = models.Current(shown.model)) shown.version = model->version;
  return shown;
}

void Fill(const StoredScore& stored, const std::string& account, v1::HealthScore* score) {
  score->set_score(stored.score());
  score->set_raw(stored.raw());
  score->set_coverage(stored.coverage());
  score->set_model("healthModels/" + stored.model());
  score->set_model_version(stored.version());
  *score->mutable_as_of() = ToProtoDate(stored.day());
  score->set_computed_through(stored.revision());
  if (stored.absent()) {
    score->set_absence(v1::ABSENCE_NO_DATA);
  } else {
    score->set_band(scoring::BandOf(stored.score()));
  }
  if (stored.overridden()) {
    score->mutable_override()->set_account(account);
    score->mutable_override()->set_score(stored.score());
  }
}

// A page begins before a place: year, and position in it.
struct Place {
  int year = 0;
  int position = 0;
};

absl::StatusOr<Day> DayAsked(const google::type::Date& date, const char* field, Day otherwise) {
  const auto day = FromProto(date);
  if (!day.ok()) return error::InvalidField(field, "DATE_INVALID");
  return *day == kNoDay ? otherwise : *day;
}

}  // namespace

// An account whose shown score is not written, with the last one that is. Nobody else writes, so that it holds until
// the committer comes to it.
struct HistoryRecorder::Unwritten {
  RowKey account = 0;
  std::optional<StoredScore> last;
};

absl::Status HistoryRecorder::Record() {
  if (auto status = WriteChanges(); !status.ok()) return status;
  return WalkOn();
}

absl::Status HistoryRecorder::WriteChanges() {
  for (int i = 0; i < kTransactionsOfOneCall; ++i) {
    const Scores::Changes changes = portfolio_.scores().TakeChanges(kChangesOfOne, kBlocksOfOne);
    if (changes.singles.empty() && changes.blocks.empty()) return absl::OkStatus();
    const auto append = [this, &changes](engine::Transaction& transaction) {
      const auto snapshot = portfolio_.snapshot();
      BlockHistory blocks;
      for (const PublishedScore& change : changes.singles) {
        const int born = YearOf(BornOn(portfolio_, *snapshot, change.account));
        if (auto status = Append(transaction, change, born, blocks); !status.ok()) return status;
      }
      for (const BlockChange& change : changes.blocks) {
        if (auto status = AppendBlock(transaction, change.Published()); !status.ok()) return status;
      }
      return absl::OkStatus();
    };
    if (auto status = AppendAll(committer_, append); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status HistoryRecorder::WalkOn() {
  const auto snapshot = portfolio_.snapshot();
  const auto models = portfolio_.models();
  const RowKey end = std::min(snapshot->highest_key() + 1, next_ + kWalkedInOneCall);
  BlockHistory blocks;
  while (next_ < end) {
    // What was written before is found here, before the committer is asked, which others wait for.
    std::vector<Unwritten> unwritten;
    const RowKey block_end = std::min(end, (engine::BlockOf(next_) + 1) * engine::kBlockRows);
    for (RowKey account = next_; account < block_end; ++account) {
      const auto score = ShownScore(portfolio_, *snapshot, *models, account);
      if (!score.has_value()) continue;
      const int born = YearOf(BornOn(portfolio_, *snapshot, account));
      auto known = ReadKnown(storage_, account, born, YearOf(score->day), blocks);
      if (!known.ok()) return known.status();
      if (IsNews(known->last, *score)) unwritten.push_back({.account = account, .last = std::move(known->last)});
    }
    if (auto status = WriteShown(unwritten); !status.ok()) return status;
    next_ = block_end;
  }
  return absl::OkStatus();
}

absl::Status HistoryRecorder::WriteShown(const std::vector<Unwritten>& unwritten) {
  if (unwritten.empty()) return absl::OkStatus();
  return AppendAll(committer_, [this, &unwritten](engine::Transaction& transaction) {
    const auto snapshot = portfolio_.snapshot();
    const auto models = portfolio_.models();
    std::map<std::pair<std::string, int>, std::vector<PublishedScore>> news;  // by model and version
    for (const auto& [account, last] : unwritten) {
      auto score = ShownScore(portfolio_, *snapshot, *models, account);
      if (!score.has_value() || !IsNews(last, *score)) continue;
      news[{score->model, score->version}].push_back(*std::move(score));
    }
    BlockHistory blocks;
    for (const auto& [model, scores] : news) {
      if (scores.size() >= kFirstScoresOfBlockMin) {
        if (auto status = AppendBlock(transaction, scores); !status.ok()) return status;
        continue;
      }
      for (const PublishedScore& score : scores) {
        const int born = YearOf(BornOn(portfolio_, *snapshot, score.account));
        if (auto status = Append(transaction, score, born, blocks); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  });
}

absl::Status ListHealthHistory(const Workspace& workspace, const v1::ListHealthHistoryRequest& request,
                               v1::ListHealthHistoryResponse* response) {
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const auto account = AccountKey(workspace, request.account());
  if (!account.ok()) return account.status();
  const Day today = workspace.portfolio().today();
  const auto to = DayAsked(request.to(), "to", today);
  if (!to.ok()) return to.status();
  const auto snapshot = workspace.portfolio().snapshot();
  const Day born = BornOn(workspace.portfolio(), *snapshot, *account);
  const auto from = DayAsked(request.from(), "from", born);
  if (!from.ok()) return from.status();
  if (request.has_from() && request.has_to() && *from > *to) {
    return error::InvalidField("to", "DATE_ORDER", {{"other", FormatDay(*from)}});
  }

  v1::ListHealthHistoryRequest bound = request;
  bound.clear_page_size();
  bound.clear_page_token();
  const uint64_t binding = engine::FingerprintOf(bound);
  Place before{.year = YearOf(std::min(*to, today)), .position = INT32_MAX};
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 1);
    if (!position.ok()) return position.status();
    before = {.year = static_cast<int>(std::get<int64_t>(position->values.front())),
              .position = static_cast<int>(position->key)};
  }
  // Nothing was written before the account was here.
  const int first = YearOf(std::max(*from, std::min(born, today)));
  BlockHistory blocks;
  for (int year = before.year; year >= first; --year) {
    const auto found = ReadScoreYear(workspace.storage(), *account, year, blocks);
    if (!found.ok()) return found.status();
    const std::vector<StoredScore>& scores = found->scores;
    const auto count = static_cast<int>(scores.size());
    for (int i = std::min(count, year == before.year ? before.position : INT32_MAX) - 1; i >= 0; --i) {
      const StoredScore& score = scores[static_cast<size_t>(i)];
      if (score.day() > *to || score.day() < *from) continue;
      if (response->scores_size() == *page_size) {
        response->set_next_page_token(model::EncodePageToken({.values = {int64_t{year}}, .key = i + 1}, binding));
        return absl::OkStatus();
      }
      Fill(score, request.account(), response->add_scores());
    }
  }
  return absl::OkStatus();
}

}  // namespace folio::portfolio
