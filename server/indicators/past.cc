#include "server/indicators/past.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "server/base/error.h"
#include "server/engine/feed.h"
#include "server/engine/resources.h"
#include "server/portfolio/fact_writer.h"

namespace folio::indicators {

namespace log = engine::log;

namespace {

// Results of a page or two.
constexpr int64_t kMemoBytes = 64 << 20;

}  // namespace

// Puts a past together, step by step.
class PastReader {
 public:
  PastReader(const portfolio::Workspace& workspace, const ledger::State& now, Past* past)
      : storage_(workspace.storage()), workspace_(workspace), now_(now), past_(*past) {}

  absl::Status Run() {
    if (auto status = ReadLaterChanges(); !status.ok()) return status;
    if (auto status = FindEarlierStates(); !status.ok()) return status;
    if (auto status = FindDay(); !status.ok()) return status;
    if (auto status = MakeState(); !status.ok()) return status;
    return MakeRows();
  }

 private:
  using Place = std::pair<storage::Kind, storage::Key>;

  // What was known of a record that has been written since.
  struct Then {
    std::string id;
    std::string last;  // what the first change since left, by which a record that had not come is taken out again
    bool existed = false;
    std::optional<std::string> data;  // nothing yet where it is still to be found in the log
  };

  absl::Status Compacted() const {
    return error::Named("REVISION_COMPACTED", {{"wanted", std::to_string(past_.revision())},
                                               {"first", std::to_string(storage_.first_log_revision())}});
  }

  absl::Status TooFar() const {
    return error::Named("REVISION_TOO_FAR",
                        {{"wanted", std::to_string(past_.revision())}, {"maximum", std::to_string(kChangedSinceMax)}});
  }

  // The first change of a record after the revision tells what was there before it.
  absl::Status ReadLaterChanges() {
    absl::Status fault;
    log::LogEntry entry;
    const absl::Status read =
        storage_.ReadLog(past_.revision() - 1, [&](storage::Revision revision, std::string_view bytes) {
          if (revision > now_.revision) return false;
          entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
          if (revision == past_.revision()) {
            then_ = entry.time();
            return true;
          }
          fault = TakeLater(entry);
          return fault.ok();
        });
    if (!fault.ok()) return fault;
    return read.ok() ? read : error::FromStorage(read);
  }

  absl::Status TakeLater(log::LogEntry& entry) {
    int batches = 0;  // of which it is not told yet what was there before
    for (log::Change& change : *entry.mutable_changes()) {
      if (change.change() == log::CHANGE_KIND_FACTS) {
        ++batches;
      } else if (change.change() == portfolio::kFactsBefore) {
        --batches;
        TakeFacts(change);
      } else {
        TakeRecord(change);
      }
    }
    if (batches != 0) return Compacted();  // written before the log kept it
    return std::ssize(changed_) > kChangedSinceMax ? TooFar() : absl::OkStatus();
  }

  void TakeFacts(const log::Change& change) {
    log::FactsBefore before;
    before.ParseFromString(change.data());
    for (log::FactBefore& fact : *before.mutable_replaced()) {
      if (first_new_fact_ != 0 && fact.key() >= first_new_fact_) continue;
      // A fact that was created by the same batch comes after its other ones.
      if (before.first_new_key() != 0 && fact.key() >= before.first_new_key()) continue;
      const auto [place, is_first] = changed_.try_emplace({engine::kFact, fact.key()});
      if (is_first) place->second = {.existed = true, .data = std::move(*fact.mutable_data())};
    }
    if (first_new_fact_ == 0) first_new_fact_ = before.first_new_key();
  }

  void TakeRecord(const log::Change& change) {
    const auto kind = static_cast<storage::Kind>(change.kind());
    if (!ledger::Ledger::Reads(kind) || change.key() == 0) return;
    const auto [place, is_first] = changed_.try_emplace({kind, change.key()});
    if (!is_first) return;
    Then& then = place->second;
    then.id = change.id();
    then.existed = change.change() != log::CHANGE_KIND_CREATED;
    if (change.change() == log::CHANGE_KIND_DELETED) {
      then.data = change.data();
    } else {
      then.last = change.data();
    }
  }

  absl::Status FindEarlierStates() {
    const auto is_wanted = [](const Then& then) { return then.existed && !then.data.has_value(); };
    const bool any = std::ranges::any_of(changed_, [&](const auto& changed) { return is_wanted(changed.second); });
    if (!any) return absl::OkStatus();
    std::map<Place, std::string> found;
    log::LogEntry entry;
    const absl::Status read =
        storage_.ReadLog(storage_.first_log_revision() - 1, [&](storage::Revision revision, std::string_view bytes) {
          if (revision > past_.revision()) return false;
          entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
          for (log::Change& change : *entry.mutable_changes()) {
            const Place place{static_cast<storage::Kind>(change.kind()), change.key()};
            const auto known = changed_.find(place);
            if (known != changed_.end() && is_wanted(known->second)) found[place] = std::move(*change.mutable_data());
          }
          return true;
        });
    if (!read.ok()) return error::FromStorage(read);
    for (auto& [place, then] : changed_) {
      if (!is_wanted(then)) continue;
      const auto state = found.find(place);
      if (state == found.end()) return Compacted();
      then.data = std::move(state->second);
    }
    return absl::OkStatus();
  }

  // The day of the last tick up to the revision: looked for further and further back, since ticks are a day apart.
  absl::Status FindDay() {
    past_.day_ = workspace_.portfolio().zone().DayAt(then_);
    constexpr storage::Revision kStep = 1'000;
    const storage::Revision first = storage_.first_log_revision();
    storage::Revision end = past_.revision() + 1;
    bool found = false;
    for (storage::Revision step = kStep; end > first && !found; step *= 2) {
      const storage::Revision begin = std::max(first, end - step);
      const absl::Status read = storage_.ReadLog(begin - 1, [&](storage::Revision revision, std::string_view bytes) {
        if (revision >= end) return false;
        log::LogEntry entry;
        entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
        for (const log::Change& change : entry.changes()) {
          log::Tick tick;
          if (change.change() != log::CHANGE_KIND_TICK || !tick.ParseFromString(change.data())) continue;
          past_.day_ = tick.day();
          found = true;
        }
        return true;
      });
      if (!read.ok()) return error::FromStorage(read);
      end = begin;
    }
    return absl::OkStatus();
  }

  absl::Status MakeState() {
    ledger::Ledger::Undoing undoing{.revision = past_.revision()};
    if (first_new_fact_ != 0) undoing.last_fact = first_new_fact_ - 1;
    for (const auto& [place, then] : changed_) {
      engine::Change change{.kind = place.first, .key = place.second, .id = then.id};
      if (then.existed) {
        change.type = log::CHANGE_KIND_UPDATED;
        auto message = ParsedAs(place.first, *then.data);
        if (message == nullptr) return Compacted();
        change.message = std::move(message);
      } else {
        change.type = log::CHANGE_KIND_DELETED;
        change.data = then.last;
      }
      undoing.changes.push_back(std::move(change));
    }
    past_.state_ = workspace_.ledger().Before(now_, undoing);
    return absl::OkStatus();
  }

  static std::shared_ptr<google::protobuf::Message> ParsedAs(storage::Kind kind, const std::string& data) {
    std::shared_ptr<google::protobuf::Message> message = engine::FindResource(kind)->NewMessage();
    return message->ParseFromString(data) ? message : nullptr;
  }

  // The rows of accounts as they were, in a table like the one of today.
  absl::Status MakeRows() {
    past_.tables_ = std::make_unique<engine::ResourceTables>();
    engine::ResourceTables& tables = *past_.tables_;
    const auto take = [&tables](storage::Kind kind, storage::Key key, std::string_view id, std::string_view data) {
      const auto message = ParsedAs(kind, std::string(data));
      if (message != nullptr) tables.Load(kind, {.key = key, .id = id}, *message);
    };
    const absl::Status read = storage_.Scan(engine::kCustomField, [&](const storage::RecordView& record) {
      take(engine::kCustomField, record.key, record.id, record.data);
      return true;
    });
    if (!read.ok()) return error::FromStorage(read);
    for (const auto& [place, then] : changed_) {
      if (place.first != engine::kAccount) continue;
      past_.changed_accounts_.push_back(place.second);
      if (then.existed) take(engine::kAccount, place.second, then.id, *then.data);
    }
    tables.Publish(past_.revision());
    past_.rows_ = tables.table(engine::kAccount)->snapshot();
    past_.deleted_column_ = tables.deleted_column(engine::kAccount);
    return absl::OkStatus();
  }

  const storage::Storage& storage_;
  const portfolio::Workspace& workspace_;
  const ledger::State& now_;
  Past& past_;
  Instant then_ = 0;
  std::map<Place, Then> changed_;    // since the revision
  storage::Key first_new_fact_ = 0;  // since the revision; 0 where there is none
};

Past::Past(storage::Revision revision) : revision_(revision), memos_(kMemoBytes) {}

absl::StatusOr<std::shared_ptr<const Past>> Past::Read(const portfolio::Workspace& workspace, const ledger::State& now,
                                                       storage::Revision revision) {
  const storage::Storage& storage = workspace.storage();
  if (revision > now.revision) return error::RevisionNotReached(revision, now.revision);
  const storage::Revision first = storage.first_log_revision();
  if (revision < first) {
    return error::Named("REVISION_COMPACTED", {{"wanted", std::to_string(revision)}, {"first", std::to_string(first)}});
  }
  std::shared_ptr<Past> past(new Past(revision));
  if (auto status = PastReader(workspace, now, past.get()).Run(); !status.ok()) return status;
  return past;
}

}  // namespace folio::indicators
