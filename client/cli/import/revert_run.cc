#include "client/cli/import/revert_run.h"

#include "absl/strings/str_join.h"
#include "client/cli/app/confirm.h"
#include "client/cli/app/write_many.h"
#include "client/cli/import/taking_back.h"
#include "client/cli/value/fault.h"

namespace folio::cli {

bool IsDeleted(const google::protobuf::Message& resource) {
  const google::protobuf::FieldDescriptor* field = resource.GetDescriptor()->FindFieldByName("delete_time");
  return field != nullptr && resource.GetReflection()->HasField(resource, field);
}

bool Fate::goes() const { return created || was_gone || (before != nullptr && IsDeleted(*before)); }

absl::StatusOr<int> RevertRun::Run() {
  const absl::StatusOr<const Client*> client = context_.client();
  if (!client.ok()) return client.status();
  client_ = *client;
  absl::Status status = ReadHistory();
  if (status.ok()) status = CheckActors();
  if (status.ok()) status = Ask();
  if (status.ok() && !flags_.dry_run) status = WriteAll();
  if (!status.ok()) return status;
  Report();
  return left_ > 0 ? kPartialSuccess : kSuccess;
}

Fate* RevertRun::TakeChange(int64_t revision, const std::string& actor, const std::string& name) {
  const bool wanted = revision <= flags_.through;
  if (wanted) actors_.insert(actor);
  if (wanted && (flags_.actor.empty() || actor == flags_.actor)) return &fates_[name];
  const auto known = fates_.find(name);
  if (known == fates_.end()) return nullptr;
  known->second.touched_later = true;
  return &known->second;
}

absl::Status RevertRun::CheckActors() const {
  if (actors_.size() < 2 || !flags_.actor.empty()) return absl::OkStatus();
  const std::string names = absl::StrJoin(actors_, ", ");
  return WrongUsage("Several keys wrote between these revisions; say by --actor whose changes are meant: " + names,
                    "Plusieurs clés ont écrit entre ces révisions ; dites par --actor laquelle : " + names);
}

absl::Status RevertRun::Ask() {
  const std::string changed = ChangedSince(context_);
  for (auto& [name, fate] : fates_) {
    if (fate.touched_later || (!fate.goes() && fate.before == nullptr)) {
      Leave(name, changed);
    } else if (!(fate.goes() && fate.gone)) {
      todo_.emplace_back(&name, &fate);
    }
  }
  if (flags_.dry_run || todo_.empty()) return absl::OkStatus();
  const auto count = static_cast<int64_t>(todo_.size());
  const std::string what = std::to_string(count) + " " + noun_;
  return Confirm(context_, {"Take back what was written to " + what, "Défaire ce qui a été écrit dans " + what}, count,
                 0);
}

void RevertRun::Leave(const std::string& name, const std::string& why) {
  const std::lock_guard lock(mutex_);
  ++left_;
  TellLeft(context_, name, why);
}

absl::Status RevertRun::WriteAll() {
  const std::string changed = ChangedSince(context_);
  return WriteMany(todo_.size(), [&](size_t at) {
    const auto& [name, fate] = todo_[at];
    const absl::Status status = WriteOne(*name, *fate);
    if (status.ok()) {
      ++(fate->goes() ? removed_ : restored_);
    } else if (absl::IsAborted(status) || absl::IsNotFound(status)) {
      Leave(*name, changed);
    } else if (absl::IsInvalidArgument(status)) {
      Leave(*name, std::string(status.message()));
    } else {
      return status;
    }
    return absl::OkStatus();
  });
}

void RevertRun::Report() {
  if (flags_.dry_run) {
    for (const auto& [name, fate] : todo_) ++(fate->goes() ? removed_ : restored_);
    context_.out << context_.Say({"dry run, nothing written: ", "essai, rien n'est écrit : "});
  }
  context_.out << context_.Say({"deleted ", "supprimés "}) << removed_ << context_.Say({", restored ", ", rétablis "})
               << restored_ << context_.Say({", left as they are ", ", laissés tels quels "}) << left_ << '\n';
}

}  // namespace folio::cli
