#include "client/cli/commands/bulk_edit.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <vector>

#include "client/cli/app/confirm.h"
#include "client/cli/app/report.h"
#include "client/cli/app/write_many.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/import/progress.h"
#include "client/cli/import/taking_back.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dynamic.h"
#include "client/cli/value/fault.h"
#include "folio/pages.h"

namespace folio::cli {
namespace {

using google::protobuf::Message;

// Of those that are left as they are; the others are counted.
constexpr int64_t kToldMax = 20;

class BulkRun {
 public:
  BulkRun(Context& context, const Client& client, const BulkEdit& edit)
      : context_(context), client_(client), edit_(edit) {}

  absl::StatusOr<int> Run() {
    absl::Status status = Find();
    if (status.ok()) status = Ask();
    if (!status.ok()) return status;
    const absl::StatusOr<int64_t> before = CurrentRevision(context_);
    if (!before.ok()) return before.status();
    const absl::Status written = WriteAll();
    // A connection that has gone meanwhile leaves nothing to tell of how to take it back.
    Report(*before, CurrentRevision(context_).value_or(0));
    if (!written.ok()) return written;
    return left_ > 0 ? kPartialSuccess : kSuccess;
  }

 private:
  struct Found {
    std::string name;
    std::string etag;
  };

  bool updates() const { return &edit_.method == edit_.resource.update; }

  absl::Status Find() {
    const std::unique_ptr<Message> request = NewMessage(edit_.resource.list->input_type());
    SetText(request.get(), "filter", edit_.filter);
    SetNumber(request.get(), "page_size", kPageSizeMax);
    PageCursor cursor(client_, *edit_.resource.list, *request);
    while (const Message* row = cursor.Next()) found_.push_back({TextOf(*row, "name"), TextOf(*row, "etag")});
    return cursor.status();
  }

  absl::Status Ask() {
    if (edit_.dry_run || found_.empty()) return absl::OkStatus();
    const std::string what = std::to_string(found_.size()) + " " + edit_.resource.noun;
    const Words question =
        updates() ? Words{"Update " + what, "Modifier " + what} : Words{"Delete " + what, "Supprimer " + what};
    return Confirm(context_, question, static_cast<int64_t>(found_.size()), 0);
  }

  absl::Status WriteAll() {
    Progress progress(context_.err, context_.progress_style(), context_.language(),
                      static_cast<int64_t>(found_.size()));
    const absl::Status status = WriteMany(found_.size(), [&](size_t at) {
      bool changed = false;
      const absl::Status written = WriteOne(found_[at], &changed);
      const std::lock_guard lock(mutex_);
      if (written.ok()) {
        ++(changed ? changed_ : unchanged_);
      } else if (StopsTheRest(written)) {
        return written;
      } else {
        Leave(found_[at].name, written);
      }
      progress.Update(changed_ + unchanged_ + left_, left_);
      return absl::OkStatus();
    });
    progress.Finish();
    return status;
  }

  absl::Status WriteOne(const Found& found, bool* changed) {
    const std::unique_ptr<Message> request(edit_.request.New());
    request->CopyFrom(edit_.request);
    Message* const bound = updates() ? PartOf(request.get(), edit_.resource.singular) : request.get();
    SetText(bound, "name", found.name);
    SetText(bound, "etag", found.etag);
    const std::unique_ptr<Message> response = NewMessage(edit_.method.output_type());
    absl::Status status = client_.Invoke(edit_.method, *request, response.get(), context_.stop);
    *changed = status.ok() && (!updates() || TextOf(*response, "etag") != found.etag);
    return status;
  }

  // The mutex is held.
  void Leave(const std::string& name, const absl::Status& status) {
    if (left_++ >= kToldMax) return;
    TellLeft(context_, name, absl::IsAborted(status) ? ChangedSince(context_) : CauseOf(context_, status));
  }

  void Report(int64_t revision_before, int64_t revision) {
    if (left_ > kToldMax) {
      context_.err << context_.Say({"and left as well: ", "laissés de même : "}) << left_ - kToldMax << '\n';
    }
    if (const auto after = static_cast<int64_t>(found_.size()) - changed_ - unchanged_ - left_; after > 0) {
      context_.err << context_.Say({"not attempted: ", "non tentés : "}) << after << '\n';
    }
    if (!edit_.dry_run && changed_ > 0 && revision > revision_before) {
      TellHowToRevert(context_, TakeItBack(), edit_.resource.noun, revision_before, revision);
    }
    if (context_.flags.format == "table") {
      WriteText();
    } else {
      const Json report = {{"found", found_.size()},   {updates() ? "updated" : "deleted", changed_},
                           {"unchanged", unchanged_},  {"left", left_},
                           {"dry_run", edit_.dry_run}, {"revision", revision}};
      context_.out << JsonText(report, false) << '\n';
    }
  }

  void WriteText() {
    if (edit_.dry_run) context_.out << context_.Say({"dry run, nothing written: ", "essai, rien n'est écrit : "});
    context_.out << context_.Say(updates() ? Words{"updated ", "modifiés "} : Words{"deleted ", "supprimés "})
                 << changed_;
    if (updates()) context_.out << context_.Say({", unchanged ", ", inchangés "}) << unchanged_;
    context_.out << context_.Say({", left as they are ", ", laissés tels quels "}) << left_ << '\n';
  }

  Context& context_;
  const Client& client_;
  const BulkEdit& edit_;
  std::vector<Found> found_;
  std::mutex mutex_;
  int64_t changed_ = 0;
  int64_t unchanged_ = 0;
  int64_t left_ = 0;
};

}  // namespace

void AddFilterInPlaceOf(CLI::Option* ids, const std::vector<CLI::Option*>& of_one, CLI::App& command,
                        const Resource& resource, std::optional<std::string>& filter) {
  const bool revertible =
      std::any_of(Resources().begin(), Resources().end(), [&](const Resource& one) { return &one == &resource; });
  if (!revertible) {
    ids->required();
    return;
  }
  CLI::Option* option = command.add_option("--filter", filter, "All that this AIP-160 filter finds, in place of an id");
  for (CLI::Option* other : of_one) other->excludes(option);
}

absl::Status CheckIdsOrFilter(bool has_ids, const std::optional<std::string>& filter) {
  if (has_ids != filter.has_value()) return absl::OkStatus();
  return has_ids ? WrongUsage("Give ids or --filter, not both.", "Donnez des identifiants ou --filter, pas les deux.")
                 : WrongUsage("Say which: by id, or by --filter all that it finds.",
                              "Dites lesquels : par identifiant, ou par --filter tous ceux qu'il trouve.");
}

absl::StatusOr<int> RunBulkEdit(Context& context, const BulkEdit& edit) {
  if (edit.filter.empty()) {
    return WrongUsage("An empty --filter would mean all " + edit.resource.noun +
                          ": give one that says so, create_time > \"1970-01-01\".",
                      "Un --filter vide voudrait dire tout : donnez-en un qui le dise, create_time > \"1970-01-01\".");
  }
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  return BulkRun(context, **client, edit).Run();
}

}  // namespace folio::cli
