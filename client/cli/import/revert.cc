#include "client/cli/import/revert.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "absl/strings/str_join.h"
#include "client/cli/app/confirm.h"
#include "client/cli/value/fault.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/watch.pb.h"
#include "folio/watch.h"
#include "google/protobuf/field_mask.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Writes share the server's transactions where they come together.
constexpr int kWriters = 16;

// What has become of one resource since the first revision in question.
struct Fate {
  bool created = false;        // within the revisions
  bool touched_later = false;  // also after them
  bool gone = false;
  std::string etag;                 // as it is now
  bool was_gone = false;            // before them
  std::unique_ptr<Message> before;  // as it was; nothing where the log does not tell, or where it was gone

  // True where taking back means to delete it.
  bool goes() const;
};

const Message* ResourceOf(const v1::ChangeEvent& event) {
  const google::protobuf::OneofDescriptor* oneof = event.GetDescriptor()->FindOneofByName("resource");
  const FieldDescriptor* field = event.GetReflection()->GetOneofFieldDescriptor(event, oneof);
  return field == nullptr ? nullptr : &event.GetReflection()->GetMessage(event, field);
}

std::string Text(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

void SetText(Message* message, const char* name, const std::string& value) {
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) message->GetReflection()->SetString(message, field, value);
}

bool IsDeleted(const Message& resource) {
  const FieldDescriptor* field = resource.GetDescriptor()->FindFieldByName("delete_time");
  return field != nullptr && resource.GetReflection()->HasField(resource, field);
}

bool Fate::goes() const { return created || was_gone || (before != nullptr && IsDeleted(*before)); }

class Revert {
 public:
  Revert(Context& context, const Resource& resource, const RevertFlags& flags)
      : context_(context), resource_(resource), flags_(flags) {}

  absl::StatusOr<int> Run() {
    const absl::StatusOr<const Client*> client = context_.client();
    if (!client.ok()) return client.status();
    client_ = *client;
    absl::Status status = ReadWhatWasDone();
    if (status.ok()) status = ReadWhatWasBefore();
    if (status.ok()) status = Ask();
    if (status.ok() && !flags_.dry_run) status = WriteAll();
    if (!status.ok()) return status;
    Report();
    return left_ > 0 ? kPartialSuccess : kSuccess;
  }

 private:
  using Each = std::function<void(const v1::ChangeEvent&)>;

  // Hands over the collection's changes after one revision, up to another.
  absl::Status ReadLog(int64_t after, int64_t through, const Each& each) {
    if (after >= through) return absl::OkStatus();
    v1::WatchRequest request;
    request.add_collections(resource_.collection);
    request.set_after_revision(after);
    bool read = false;
    WatchOptions options;
    options.stop = context_.stop;
    const absl::Status status = Watch(
        *client_, request,
        [&](const v1::WatchResponse& response) {
          for (const v1::ChangeEvent& event : response.events()) {
            if (event.revision() <= through) each(event);
          }
          read = response.revision() >= through;
          return read ? absl::CancelledError("All has been read.") : absl::OkStatus();
        },
        options);
    return read ? absl::OkStatus() : status;
  }

  absl::Status ReadWhatWasDone() {
    v1::ServerInfo info;
    absl::Status status = context_.Call("AdminService.GetServerInfo", v1::GetServerInfoRequest(), &info);
    if (!status.ok()) return status;
    std::set<std::string> actors;
    status = ReadLog(flags_.after, info.revision(), [&](const v1::ChangeEvent& event) {
      const bool wanted = event.revision() <= flags_.through;
      if (wanted) actors.insert(event.actor());
      if (wanted && (flags_.actor.empty() || event.actor() == flags_.actor)) {
        Fate& fate = fates_[event.name()];
        fate.created |= event.type() == v1::CHANGE_TYPE_CREATED;
        Take(event, &fate);
      } else if (const auto known = fates_.find(event.name()); known != fates_.end()) {
        known->second.touched_later = true;
        Take(event, &known->second);
      }
    });
    if (!status.ok() || actors.size() < 2 || !flags_.actor.empty()) return status;
    const std::string names = absl::StrJoin(actors, ", ");
    return WrongUsage("Several keys wrote between these revisions; say by --actor whose changes are meant: " + names,
                      "Plusieurs clés ont écrit entre ces révisions ; dites par --actor laquelle : " + names);
  }

  static void Take(const v1::ChangeEvent& event, Fate* fate) {
    const Message* resource = ResourceOf(event);
    fate->gone = event.type() == v1::CHANGE_TYPE_DELETED;
    if (resource != nullptr) fate->etag = Text(*resource, "etag");
  }

  // What was changed stands in the log as it was before, however long before.
  absl::Status ReadWhatWasBefore() {
    const bool needed =
        std::any_of(fates_.begin(), fates_.end(), [](const auto& fate) { return !fate.second.created; });
    if (!needed) return absl::OkStatus();
    return ReadLog(0, flags_.after, [&](const v1::ChangeEvent& event) {
      const auto fate = fates_.find(event.name());
      if (fate == fates_.end() || fate->second.created) return;
      fate->second.was_gone = event.type() == v1::CHANGE_TYPE_DELETED;
      const Message* resource = ResourceOf(event);
      fate->second.before.reset(resource == nullptr ? nullptr : resource->New());
      if (resource != nullptr) fate->second.before->CopyFrom(*resource);
    });
  }

  absl::Status Ask() {
    for (auto& [name, fate] : fates_) {
      if (fate.touched_later || (!fate.goes() && fate.before == nullptr)) {
        Leave(name);
      } else if (!(fate.goes() && fate.gone)) {
        todo_.emplace_back(&name, &fate);
      }
    }
    if (flags_.dry_run || todo_.empty()) return absl::OkStatus();
    const auto count = static_cast<int64_t>(todo_.size());
    const std::string what = std::to_string(count) + " " + resource_.noun;
    return Confirm(context_, {"Take back what was written to " + what, "Défaire ce qui a été écrit dans " + what},
                   count, 0);
  }

  void Leave(const std::string& name) {
    const std::lock_guard lock(mutex_);
    ++left_;
    context_.err << name << ": "
                 << context_.Say({"left as it is: it has been changed since", "laissé tel quel : modifié depuis"})
                 << '\n';
  }

  absl::Status WriteAll() {
    std::vector<std::jthread> writers;
    std::atomic<size_t> next = 0;
    absl::Status first;
    for (int i = 0; i < kWriters; ++i) {
      writers.emplace_back([&] {
        for (size_t at; (at = next++) < todo_.size();) {
          const absl::Status status = WriteOne(*todo_[at].first, *todo_[at].second);
          if (status.ok()) continue;
          if (absl::IsAborted(status) || absl::IsNotFound(status)) {
            Leave(*todo_[at].first);
            continue;
          }
          const std::lock_guard lock(mutex_);
          if (first.ok()) first = status;
          next = todo_.size();
        }
      });
    }
    writers.clear();
    return first;
  }

  // Each write is bound to what the log has told.
  absl::Status WriteOne(const std::string& name, const Fate& fate) {
    const bool goes = fate.goes();
    const MethodDescriptor& method = goes ? *resource_.remove : *resource_.update;
    auto* factory = google::protobuf::MessageFactory::generated_factory();
    const std::unique_ptr<Message> request(factory->GetPrototype(method.input_type())->New());
    const std::unique_ptr<Message> response(factory->GetPrototype(method.output_type())->New());
    if (goes) {
      SetText(request.get(), "name", name);
      SetText(request.get(), "etag", fate.etag);
    } else {
      const auto* type = method.input_type();
      const google::protobuf::Reflection& reflection = *request->GetReflection();
      Message* resource = reflection.MutableMessage(request.get(), type->FindFieldByName(resource_.singular));
      resource->CopyFrom(*fate.before);
      SetText(resource, "etag", fate.gone ? "" : fate.etag);
      Message* mask = reflection.MutableMessage(request.get(), type->FindFieldByName("update_mask"));
      static_cast<google::protobuf::FieldMask*>(mask)->add_paths("*");
      if (const FieldDescriptor* missing = type->FindFieldByName("allow_missing"); fate.gone && missing != nullptr) {
        reflection.SetBool(request.get(), missing, true);
      }
    }
    const absl::Status status = client_->Invoke(method, *request, response.get(), context_.stop);
    if (status.ok()) ++(goes ? removed_ : restored_);
    return status;
  }

  void Report() {
    if (flags_.dry_run) {
      for (const auto& [name, fate] : todo_) ++(fate->goes() ? removed_ : restored_);
      context_.out << context_.Say({"dry run, nothing written: ", "essai, rien n'est écrit : "});
    }
    context_.out << context_.Say({"deleted ", "supprimés "}) << removed_ << context_.Say({", restored ", ", rétablis "})
                 << restored_ << context_.Say({", left as they are ", ", laissés tels quels "}) << left_ << '\n';
  }

  Context& context_;
  const Resource& resource_;
  const RevertFlags& flags_;
  const Client* client_ = nullptr;
  std::map<std::string, Fate> fates_;
  std::vector<std::pair<const std::string*, const Fate*>> todo_;
  std::mutex mutex_;
  std::atomic<int64_t> removed_ = 0;
  std::atomic<int64_t> restored_ = 0;
  int64_t left_ = 0;
};

}  // namespace

absl::StatusOr<int> RunRevert(Context& context, const Resource& resource, const RevertFlags& flags) {
  if (flags.through <= flags.after) {
    return WrongUsage("--through must be after --after.", "--through doit venir après --after.");
  }
  return Revert(context, resource, flags).Run();
}

}  // namespace folio::cli
