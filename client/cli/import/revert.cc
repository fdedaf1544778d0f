#include "client/cli/import/revert.h"

#include <algorithm>
#include <functional>
#include <memory>

#include "client/cli/import/revert_run.h"
#include "client/cli/import/taking_back.h"
#include "client/cli/value/dynamic.h"
#include "client/cli/value/fault.h"
#include "folio/v1/watch.pb.h"
#include "folio/watch.h"
#include "google/protobuf/field_mask.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

const Message* ResourceOf(const v1::ChangeEvent& event) {
  const google::protobuf::OneofDescriptor* oneof = event.GetDescriptor()->FindOneofByName("resource");
  const FieldDescriptor* field = event.GetReflection()->GetOneofFieldDescriptor(event, oneof);
  return field == nullptr ? nullptr : &event.GetReflection()->GetMessage(event, field);
}

// Resources with etags, whose states the log holds.
class ResourceRevert final : public RevertRun {
 public:
  ResourceRevert(Context& context, const Resource& resource, const RevertFlags& flags)
      : RevertRun(context, resource.noun, flags), resource_(resource) {}

 private:
  using Each = std::function<void(const v1::ChangeEvent&)>;

  absl::Status ReadHistory() override {
    absl::Status status = ReadWhatWasDone();
    return status.ok() ? ReadWhatWasBefore() : status;
  }

  // Hands over the collection's changes after one revision, up to another.
  absl::Status ReadLog(int64_t after, int64_t through, const Each& each) {
    if (after >= through) return absl::OkStatus();
    v1::WatchRequest request;
    request.add_collections(resource_.collection);
    request.set_after_revision(after);
    bool read = false;
    WatchOptions options;
    options.stop = context().stop;
    const absl::Status status = Watch(
        client(), request,
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
    const absl::StatusOr<int64_t> now = CurrentRevision(context());
    if (!now.ok()) return now.status();
    return ReadLog(flags().after, *now, [&](const v1::ChangeEvent& event) {
      Fate* fate = TakeChange(event.revision(), event.actor(), event.name());
      if (fate == nullptr) return;
      fate->created |= !fate->touched_later && event.type() == v1::CHANGE_TYPE_CREATED;
      const Message* const resource = ResourceOf(event);
      fate->gone = resource == nullptr || IsDeleted(*resource);
      fate->etag = resource == nullptr ? "" : TextOf(*resource, "etag");
    });
  }

  // What was changed stands in the log as it was before, however long before.
  absl::Status ReadWhatWasBefore() {
    const bool needed =
        std::any_of(fates().begin(), fates().end(), [](const auto& fate) { return !fate.second.created; });
    if (!needed) return absl::OkStatus();
    return ReadLog(0, flags().after, [&](const v1::ChangeEvent& event) {
      const auto fate = fates().find(event.name());
      if (fate == fates().end() || fate->second.created) return;
      fate->second.was_gone = event.type() == v1::CHANGE_TYPE_DELETED;
      const Message* resource = ResourceOf(event);
      fate->second.before.reset(resource == nullptr ? nullptr : resource->New());
      if (resource != nullptr) fate->second.before->CopyFrom(*resource);
    });
  }

  // Each write is bound to what the log has told.
  absl::Status WriteOne(const std::string& name, const Fate& fate) override {
    if (fate.goes()) return Call(*resource_.remove, name, fate.etag).status();
    if (!fate.gone) return Restore(*fate.before, fate.etag, false);
    if (resource_.undelete == nullptr) return Restore(*fate.before, "", true);
    const absl::StatusOr<std::unique_ptr<Message>> back = Call(*resource_.undelete, name, fate.etag);
    return back.ok() ? Restore(*fate.before, TextOf(**back, "etag"), false) : back.status();
  }

  // Makes the resource what it was.
  absl::Status Restore(const Message& before, const std::string& etag, bool allow_missing) {
    const MethodDescriptor& method = *resource_.update;
    const std::unique_ptr<Message> request = NewMessage(method.input_type());
    Message* const resource = PartOf(request.get(), resource_.singular);
    resource->CopyFrom(before);
    SetText(resource, "etag", etag);
    static_cast<google::protobuf::FieldMask*>(PartOf(request.get(), "update_mask"))->add_paths("*");
    SetFlag(request.get(), "allow_missing", allow_missing);
    return client().Invoke(method, *request, NewMessage(method.output_type()).get(), context().stop);
  }

  // A method that takes a name and an etag.
  absl::StatusOr<std::unique_ptr<Message>> Call(const MethodDescriptor& method, const std::string& name,
                                                const std::string& etag) {
    const std::unique_ptr<Message> request = NewMessage(method.input_type());
    SetText(request.get(), "name", name);
    SetText(request.get(), "etag", etag);
    std::unique_ptr<Message> response = NewMessage(method.output_type());
    if (absl::Status status = client().Invoke(method, *request, response.get(), context().stop); !status.ok()) {
      return status;
    }
    return response;
  }

  const Resource& resource_;
};

}  // namespace

absl::StatusOr<int> RunRevert(Context& context, const Resource& resource, const RevertFlags& flags) {
  if (flags.through <= flags.after) {
    return WrongUsage("--through must be after --after.", "--through doit venir après --after.");
  }
  if (resource.collection == "facts") return RevertFacts(context, flags);
  return ResourceRevert(context, resource, flags).Run();
}

}  // namespace folio::cli
