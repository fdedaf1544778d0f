#include "server/portfolio/workspace.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "server/base/error.h"
#include "server/portfolio/loader.h"

namespace folio::portfolio {

namespace {

// Position of the log's last tick.
constexpr std::string_view kDayCursor = "day";
constexpr int kKinds = 256;

// Kinds that projections read at start: what names another comes after it.
constexpr std::array kLoadOrder = {engine::kCustomField,
                                   engine::kHealthModelVersion,
                                   engine::kSignalRule,
                                   engine::kAccount,
                                   engine::kContact,
                                   engine::kSubscription,
                                   engine::kTask,
                                   engine::kSignal,
                                   engine::kHealthOverride,
                                   engine::kLead,
                                   engine::kDeal,
                                   engine::kExchangeRate,
                                   engine::kBusinessCalendar,
                                   engine::kFact,
                                   engine::kCustomIndicator,
                                   engine::kIndicatorTarget};

Day ParseStoredDay(const std::optional<std::string>& text) {
  Day day = kNoDay;
  if (text.has_value()) std::from_chars(text->data(), text->data() + text->size(), day);
  return day;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Workspace>> Workspace::Open(Options options) {
  const auto zone = TimeZone::Load(options.settings.time_zone());
  if (!zone.ok()) return zone.status();
  std::unique_ptr<Workspace> workspace(new Workspace());
  workspace->storage_ = std::move(options.storage);
  workspace->clock_ = options.clock;
  workspace->fiscal_year_start_month_ = std::max(1, options.settings.fiscal_year_start_month());
  workspace->time_zone_ = options.settings.time_zone();
  workspace->indicator_settings_ = options.settings.indicator_settings();
  workspace->log_retention_days_ = options.settings.log_retention_days();
  storage::Storage& storage = *workspace->storage_;

  // The day never goes back: a clock that does would otherwise change what has been answered.
  const auto stored_day = storage.GetCursor(kDayCursor);
  if (!stored_day.ok()) return error::FromStorage(stored_day.status());
  const Day last_day = ParseStoredDay(*stored_day);
  const Day today = std::max(last_day, zone->DayAt(workspace->clock_->Now()));

  workspace->tables_ = std::make_unique<engine::ResourceTables>();
  workspace->external_ids_ = std::make_unique<ExternalIds>();
  workspace->portfolio_ = std::make_unique<Portfolio>(storage, *workspace->tables_, *zone,
                                                      options.settings.currency_code(), last_day, today);
  workspace->ledger_ = std::make_unique<ledger::Ledger>(workspace->portfolio_->account_keys(), *zone,
                                                        options.settings.time_zone(), options.settings.currency_code());
  workspace->rules_ = std::make_unique<DomainRules>(*workspace->external_ids_, *workspace->portfolio_,
                                                    options.settings.currency_code());
  workspace->feed_ = std::make_unique<engine::Feed>(storage);
  // The portfolio writes into the accounts' table, so it publishes before the tables do.
  const std::vector<engine::Projection*> projections = {workspace->external_ids_.get(), workspace->portfolio_.get(),
                                                        workspace->ledger_.get(), workspace->tables_.get()};
  if (auto status = workspace->Load(projections); !status.ok()) return status;
  workspace->committer_ =
      std::make_unique<engine::Committer>(storage, *workspace->clock_, projections, *workspace->feed_);
  workspace->recorder_ = std::make_unique<HistoryRecorder>(storage, *workspace->committer_, *workspace->portfolio_);
  workspace->signal_writer_ =
      std::make_unique<SignalWriter>(*workspace->portfolio_, *workspace->committer_, *workspace->rules_);
  workspace->collections_.resize(kKinds);
  for (const engine::ResourceType& type : engine::AllResources()) {
    workspace->collections_[type.kind] = std::make_unique<engine::Collection>(type, storage, *workspace->committer_,
                                                                              *workspace->tables_, *workspace->rules_);
  }
  if (today != last_day) {
    if (auto status = workspace->SubmitDay(today); !status.ok()) return status;
  }
  return workspace;
}

absl::Status Workspace::Load(const std::vector<engine::Projection*>& projections) {
  // The tables take half of the time; the others do not look at them before they publish.
  Loader loader(*storage_, {external_ids_.get(), portfolio_.get(), ledger_.get()}, *tables_);
  for (const storage::Kind kind : kLoadOrder) {
    if (auto status = loader.Load(kind); !status.ok()) return status;
  }
  for (engine::Projection* projection : projections) projection->Publish(storage_->head());
  return absl::OkStatus();
}

void Workspace::Tick() {
  const Day today = portfolio_->zone().DayAt(clock_->Now());
  // A refused tick is tried again at the next call.
  if (today > portfolio_->today()) SubmitDay(today).IgnoreError();
  // What could not be written is found missing at the next start, by the comparison with what was.
  recorder_->Record().IgnoreError();
  if (log_retention_days_ > 0 && today != retained_on_) DropOldLog(today);
}

void Workspace::DropOldLog(Day today) {
  const Instant oldest = portfolio_->zone().StartOf(today - log_retention_days_);
  storage::Revision first = storage_->first_log_revision();
  engine::log::LogEntry entry;
  const absl::Status read = storage_->ReadLog(first - 1, [&](storage::Revision revision, std::string_view bytes) {
    first = revision;
    return entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) && entry.time() < oldest;
  });
  // What cannot be read or dropped now is kept, and tried again tomorrow: keeping too much loses nothing.
  if (read.ok() && first > storage_->first_log_revision()) {
    committer_->RunExclusive([first](storage::Storage& storage) { return storage.Compact(first); }).IgnoreError();
  }
  retained_on_ = today;
}

absl::Status Workspace::SubmitDay(Day day) {
  return committer_->Submit({.actor = std::string(engine::kSystemActor),
                             .apply =
                                 [day](engine::Transaction& transaction) {
                                   engine::log::Tick tick;
                                   tick.set_day(day);
                                   transaction.Note(engine::log::CHANGE_KIND_TICK, 0, tick.SerializeAsString());
                                   transaction.SetCursor(kDayCursor, std::to_string(day));
                                   return absl::OkStatus();
                                 },
                             .done = [](const engine::Outcome&) {}});
}

}  // namespace folio::portfolio
