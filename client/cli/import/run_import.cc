#include "client/cli/import/run_import.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "client/cli/import/grace.h"
#include "client/cli/import/import_report.h"
#include "client/cli/import/matcher.h"
#include "client/cli/import/pace.h"
#include "client/cli/import/progress.h"
#include "client/cli/import/rejects.h"
#include "client/cli/import/source.h"
#include "client/cli/import/taking_back.h"
#include "client/cli/value/dynamic.h"
#include "client/cli/value/fault.h"
#include "folio/import.h"
#include "folio/v1/import.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Message;

// How long a stopped import waits for the answers to what it has sent.
constexpr std::chrono::seconds kGrace{5};

// A row that has been handed over and is not yet known to be durable, or rejected.
struct PendingRow {
  SourceRow row;
  std::vector<RowFault> faults;  // found on this side
};

// One run of an import, from the first row to the report.
class ImportRun {
 public:
  ImportRun(Context& context, const ImportFlags& flags, ImportSource source, std::string rejects_path)
      : context_(context),
        flags_(flags),
        source_(std::move(source)),
        rejects_(std::move(rejects_path), source_.dialect, source_.columns, context.language()),
        progress_(context.err, context.progress_style(), context.language(), source_.survey.rows),
        grace_(context.stop, kGrace) {}

  absl::StatusOr<int> Run() {
    absl::Status status = LoadMatcher();
    if (status.ok()) status = Open();
    if (status.ok()) status = SendRows();
    // Also where it stops early: what has been sent is written, and so must be counted and told.
    if (status.ok()) status = Finish();
    if (status.ok() && interrupted_) status = absl::CancelledError("The import was stopped.");
    progress_.Finish();
    if (!status.ok()) {
      if (importer_ != nullptr) ReportInterruption(context_, flags_, Outcome(), rejects_);
      return status;
    }
    ReportImport(context_, flags_, source_.survey, Outcome(), rejects_);
    return Rejected() > 0 ? kPartialSuccess : kSuccess;
  }

 private:
  v1::ImportHeader Header(bool restart) const {
    v1::ImportHeader header;
    header.set_collection(source_.type.collection);
    if (!flags_.dry_run) header.set_import_id(source_.import_id);
    header.set_validate_only(flags_.dry_run);
    header.set_restart(restart);
    const auto* conflict = FindEnumValue(*v1::ConflictPolicy_descriptor(), flags_.on_conflict);
    const auto* deleted = FindEnumValue(*v1::DeletedPolicy_descriptor(), flags_.on_deleted);
    header.set_on_conflict(static_cast<v1::ConflictPolicy>(conflict->number()));
    header.set_on_deleted(static_cast<v1::DeletedPolicy>(deleted->number()));
    return header;
  }

  absl::Status LoadMatcher() {
    if (flags_.match_on.empty()) return absl::OkStatus();
    absl::StatusOr<AccountMatcher> matcher = AccountMatcher::Load(context_, flags_.match_on);
    if (!matcher.ok()) return matcher.status();
    matcher_ = *std::move(matcher);
    return absl::OkStatus();
  }

  absl::Status OpenImporter(bool restart) {
    const absl::StatusOr<const Client*> client = context_.client();
    if (!client.ok()) return client.status();
    ImportOptions options;
    options.stop = grace_.token();
    options.on_answer = [this](const v1::ImportResponse& answer) { TakeAnswer(answer); };
    importer_ = nullptr;
    absl::StatusOr<std::unique_ptr<Importer>> importer = Importer::Open(**client, Header(restart), std::move(options));
    if (!importer.ok()) return importer.status();
    importer_ = *std::move(importer);
    return absl::OkStatus();
  }

  // Goes on where an earlier run of the same import was cut off. One that has come to its end is done over again: the
  // server may have changed since.
  absl::Status Open() {
    const absl::StatusOr<int64_t> now = CurrentRevision(context_);
    if (!now.ok()) return now.status();
    revision_before_ = *now;
    if (absl::Status status = OpenImporter(flags_.restart); !status.ok()) return status;
    resumed_after_ = importer_->durable_through_row();
    if (resumed_after_ > 0 && resumed_after_ >= source_.survey.rows) {
      if (absl::Status status = importer_->Finish(); !status.ok()) return status;
      if (absl::Status status = OpenImporter(true); !status.ok()) return status;
      resumed_after_ = importer_->durable_through_row();
    }
    counts_before_ = counts_;
    if (resumed_after_ > 0) {
      progress_.StartAt(resumed_after_);
      context_.err << context_.Say({"going on after row ", "reprise après la ligne "}) << resumed_after_
                   << context_.Say({" of an import that was cut off (after a revert: --restart)",
                                    " d'un import interrompu (après un revert : --restart)"})
                   << std::endl;
    }
    return rejects_.Begin(resumed_after_ > 0);
  }

  absl::Status SendRows() {
    absl::StatusOr<std::unique_ptr<RowReader>> reader = OpenRows(source_.path, source_.dialect);
    if (!reader.ok()) return reader.status();
    const std::unique_ptr<Message> message = NewMessage(source_.type.message);
    SourceRow row;
    Pace pace(flags_.max_rate);
    while (true) {
      const absl::StatusOr<bool> found = (*reader)->Next(&row);
      if (!found.ok()) return found.status();
      if (!*found) return absl::OkStatus();
      interrupted_ = context_.stop.stop_requested();
      too_many_errors_ = row.position > resumed_after_ && flags_.max_errors >= 0 && Rejected() > flags_.max_errors;
      if (interrupted_ || too_many_errors_) return absl::OkStatus();
      if (row.position > resumed_after_) pace.AwaitNext(context_.stop);
      if (absl::Status status = SendRow(std::move(row), message.get()); !status.ok()) return status;
    }
  }

  absl::Status SendRow(SourceRow row, Message* message) {
    const int64_t position = row.position;
    handed_over_ = position;
    if (source_.survey.superseded.contains(position)) return importer_->Skip(position);
    std::vector<RowFault> faults = source_.converter->Convert(row, message);
    if (matcher_ && faults.empty()) {
      if (std::optional<Fault> fault = matcher_->Match(static_cast<v1::Account*>(message))) {
        faults.push_back({flags_.match_on, *std::move(fault)});
      }
    }
    const bool valid = faults.empty();
    if (!valid) ++local_rejects_;
    if (position <= resumed_after_) {
      // Dealt with by the run before; only this side's own rejections have to be told again.
      return valid ? absl::OkStatus() : rejects_.Add(row, faults);
    }
    pending_.push_back({std::move(row), std::move(faults)});
    const absl::Status status = valid ? importer_->Add(position, *message) : importer_->Skip(position);
    return status.ok() ? rejects_status_ : status;
  }

  // Waits until everything that has been handed over has its fate.
  absl::Status Finish() {
    if (absl::Status status = importer_->Finish(); !status.ok()) return status;
    settled_ = true;
    Settle(handed_over_);
    return rejects_status_;
  }

  void TakeAnswer(const v1::ImportResponse& answer) {
    counts_ = answer.counts();
    durable_ = answer.durable_through_row();
    revision_ = std::max(revision_, answer.revision());
    for (const v1::RejectedRow& rejected : answer.rejected_rows()) {
      const Words text = {rejected.message(), rejected.message()};
      server_faults_[rejected.row()].push_back({rejected.field(), {rejected.reason(), text}});
    }
    Settle(durable_);
    progress_.Update(durable_, Rejected());
  }

  // Rows up to this one have their fate: rejected ones go to the file, in the order of the source.
  void Settle(int64_t through) {
    while (!pending_.empty() && pending_.front().row.position <= through) {
      PendingRow& pending = pending_.front();
      const auto server = server_faults_.find(pending.row.position);
      if (server != server_faults_.end()) {
        pending.faults.insert(pending.faults.end(), server->second.begin(), server->second.end());
      }
      if (!pending.faults.empty() && rejects_status_.ok()) rejects_status_ = rejects_.Add(pending.row, pending.faults);
      pending_.pop_front();
    }
    server_faults_.erase(server_faults_.begin(), server_faults_.upper_bound(through));
  }

  int64_t Rejected() const { return counts_.rejected() + local_rejects_; }

  ImportOutcome Outcome() const {
    return {.counts = counts_,
            .counts_before = counts_before_,
            .rejected = Rejected(),
            .durable = durable_,
            .resumed_after = resumed_after_,
            .revision_before = revision_before_,
            .revision = revision_,
            .too_many_errors = too_many_errors_,
            .unacknowledged = !settled_};
  }

  Context& context_;
  const ImportFlags& flags_;
  const ImportSource source_;
  RejectsFile rejects_;
  Progress progress_;
  Grace grace_;
  std::optional<AccountMatcher> matcher_;
  std::unique_ptr<Importer> importer_;
  std::deque<PendingRow> pending_;
  std::map<int64_t, std::vector<RowFault>> server_faults_;
  v1::ImportCounts counts_;
  v1::ImportCounts counts_before_;  // when this run began
  absl::Status rejects_status_;
  int64_t durable_ = 0;
  int64_t revision_before_ = 0;
  int64_t revision_ = 0;
  int64_t resumed_after_ = 0;
  int64_t handed_over_ = 0;  // the last row that was
  int64_t local_rejects_ = 0;
  bool settled_ = false;  // all that was handed over is acknowledged
  bool interrupted_ = false;
  bool too_many_errors_ = false;
};

absl::StatusOr<std::string> RejectsPath(const ImportFlags& flags) {
  const std::string path = !flags.rejects.empty() ? flags.rejects
                           : flags.file == "-"    ? std::string("stdin.rejected.csv")
                                                  : RejectsPathFor(flags.file);
  if (path == flags.file) {
    return WrongUsage("The rejected rows cannot go into the file itself.",
                      "Les lignes rejetées ne peuvent aller dans le fichier lui-même.");
  }
  return path;
}

}  // namespace

absl::StatusOr<int> RunImport(Context& context, const ImportFlags& flags) {
  absl::StatusOr<std::string> rejects = RejectsPath(flags);
  if (!rejects.ok()) return rejects.status();
  Spool spool;
  const absl::StatusOr<std::string> path = spool.Take(flags.file);
  if (!path.ok()) return path.status();
  absl::StatusOr<ImportSource> source = PrepareSource(context, flags, *path);
  if (!source.ok()) return source.status();
  return ImportRun(context, flags, *std::move(source), *std::move(rejects)).Run();
}

}  // namespace folio::cli
