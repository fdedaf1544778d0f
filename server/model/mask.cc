// Field masks: which fields an update changes, and the change itself.
#include <algorithm>
#include <set>

#include "server/base/error.h"
#include "server/base/nearest.h"
#include "server/model/message_plan.h"
#include "server/model/schema.h"

namespace folio::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::string_view kMaskField = "update_mask";

// "custom_fields.region" taken apart; the key is empty where there is none.
struct MaskPath {
  std::string_view field;
  std::string_view key;

  explicit MaskPath(std::string_view path) {
    const size_t point = path.find('.');
    field = path.substr(0, point);
    if (point != std::string_view::npos) key = path.substr(point + 1);
  }
};

const std::string& KeyOf(const Message& entry, const FieldDescriptor& map, std::string* scratch) {
  return entry.GetReflection()->GetStringReference(entry, map.message_type()->map_key(), scratch);
}

// Position of a key among the entries of a map; -1 where it has none.
int FindKey(const Message& message, const FieldDescriptor& map, std::string_view key) {
  const Reflection& reflection = *message.GetReflection();
  const int count = reflection.FieldSize(message, &map);
  std::string scratch;
  for (int i = 0; i < count; ++i) {
    if (KeyOf(reflection.GetRepeatedMessage(message, &map, i), map, &scratch) == key) return i;
  }
  return -1;
}

std::vector<std::string> AllWritable(const MessagePlan& plan) {
  std::vector<std::string> paths;
  for (const FieldPlan& field : plan.fields) {
    if (field.writable) paths.push_back(field.field->name());
  }
  return paths;
}

std::vector<std::string> AllSet(const MessagePlan& plan, const Message& resource) {
  std::vector<std::string> paths;
  const Reflection& reflection = *resource.GetReflection();
  std::string scratch;
  for (const FieldPlan& field : plan.fields) {
    if (!field.writable || !IsSet(resource, field)) continue;
    if (!field.map) {
      paths.push_back(field.field->name());
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(resource, field.field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(resource, field.field, i);
      paths.push_back(field.field->name() + "." + KeyOf(entry, *field.field, &scratch));
    }
  }
  return paths;
}

error::Fault UnknownPath(const MessagePlan& plan, const std::string& path) {
  const std::vector<std::string> writable = AllWritable(plan);
  const std::string nearest =
      NearestName(MaskPath(path).field, std::vector<std::string_view>(writable.begin(), writable.end()));
  return {std::string(kMaskField), "FIELD_UNKNOWN", {{"name", path}, {"nearest", nearest}}};
}

// Faults of the paths that a client has written out.
std::vector<error::Fault> CheckPaths(const MessagePlan& plan, const FieldMask& mask) {
  std::vector<error::Fault> faults;
  for (const std::string& path : mask.paths()) {
    const MaskPath parts(path);
    const FieldPlan* field = FindField(plan, parts.field);
    const bool has_point = path.size() > parts.field.size();
    if (field == nullptr || (has_point && (!field->map || parts.key.empty()))) {
      faults.push_back(UnknownPath(plan, path));
    } else if (!field->writable) {
      faults.push_back({std::string(kMaskField), "FIELD_OUTPUT_ONLY", {{"name", path}}});
    }
  }
  return faults;
}

void CopyKey(const Message& from, const FieldDescriptor& map, std::string_view key, Message* to) {
  const Reflection& reflection = *from.GetReflection();
  const int source = FindKey(from, map, key);
  int target = FindKey(*to, map, key);
  if (source < 0) {
    if (target < 0) return;
    reflection.SwapElements(to, &map, target, reflection.FieldSize(*to, &map) - 1);
    reflection.RemoveLast(to, &map);
    return;
  }
  Message* entry = target < 0 ? reflection.AddMessage(to, &map) : reflection.MutableRepeatedMessage(to, &map, target);
  entry->CopyFrom(reflection.GetRepeatedMessage(from, &map, source));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ExpandMask(const FieldMask& mask, const Message& resource) {
  const MessagePlan& plan = PlanOf(resource.GetDescriptor());
  if (mask.paths().empty()) return AllSet(plan, resource);
  if (mask.paths_size() == 1 && mask.paths(0) == "*") return AllWritable(plan);
  const std::vector<error::Fault> faults = CheckPaths(plan, mask);
  if (!faults.empty()) return error::InvalidFields(faults);
  const std::set<std::string> unique(mask.paths().begin(), mask.paths().end());
  std::vector<std::string> paths;
  for (const std::string& path : unique) {
    const std::string whole(MaskPath(path).field);
    if (path == whole || !unique.contains(whole)) paths.push_back(path);
  }
  return paths;
}

void CopyPaths(const Message& from, const std::vector<std::string>& paths, Message* to) {
  const MessagePlan& plan = PlanOf(from.GetDescriptor());
  std::vector<const FieldDescriptor*> whole;
  for (const std::string& path : paths) {
    const MaskPath parts(path);
    const FieldPlan* field = FindField(plan, parts.field);
    if (field == nullptr) continue;
    if (parts.key.empty()) {
      whole.push_back(field->field);
    } else {
      CopyKey(from, *field->field, parts.key, to);
    }
  }
  if (whole.empty()) return;
  // Exchanging with a copy sets what is set there and clears what is not.
  const std::unique_ptr<Message> copy(from.New());
  copy->CopyFrom(from);
  to->GetReflection()->SwapFields(copy.get(), to, whole);
}

}  // namespace folio::model
