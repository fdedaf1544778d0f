// list, get, create, update, delete and import of each resource; accounts undelete.
#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/cli/app/confirm.h"
#include "client/cli/commands/bulk_edit.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/dry_run.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/commands/resource.h"
#include "client/cli/commands/several.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dynamic.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "client/cli/value/message_file.h"
#include "folio/v1/account.pb.h"
#include "google/protobuf/field_mask.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Message;

// --- list -----------------------------------------------------------------------------------------------------------

struct ListFlags {
  std::string filter;
  std::string order_by;
  ListLimit limit;
  bool show_deleted = false;
};

absl::StatusOr<int> List(Context& context, const Resource& resource, const ListFlags& flags) {
  const std::unique_ptr<Message> request = NewMessage(resource.list->input_type());
  SetText(request.get(), "filter", flags.filter);
  SetText(request.get(), "order_by", flags.order_by);
  SetFlag(request.get(), "show_deleted", flags.show_deleted);
  return ListRows(
      context, *resource.list, *request, [&resource](const Message&) { return resource.columns; }, flags.limit);
}

void AddList(CLI::App& group, Context& context, const Resource& resource) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* command = group.add_subcommand("list", "Lists " + resource.noun);
  context.rows[command] = resource.type;
  if (resource.list->input_type()->FindFieldByName("filter") != nullptr) {
    command->add_option("--filter", flags->filter, "AIP-160 filter, for example 'sector = \"FinTech\"'");
    command->add_option("--order-by", flags->order_by, "Columns to sort by, for example 'display_name desc'");
  }
  command->add_option("--page-size", flags->limit.page_size, "Rows fetched at once")
      ->check(CLI::Range(1, kPageSizeMax));
  AddListLimit(*command, flags->limit);
  if (resource.undelete != nullptr) command->add_flag("--show-deleted", flags->show_deleted, "Also deleted ones");
  command->callback([&context, &resource, flags] {
    context.action = [&context, &resource, flags] { return List(context, resource, *flags); };
  });
}

// --- get ------------------------------------------------------------------------------------------------------------

absl::StatusOr<int> Get(Context& context, const Resource& resource, const std::string& id) {
  const std::unique_ptr<Message> request = NewMessage(resource.get->input_type());
  SetText(request.get(), "name", FullName(resource.collection, id));
  return CallAndWrite(context, resource.get->full_name(), *request);
}

void AddGet(CLI::App& group, Context& context, const Resource& resource) {
  auto id = std::make_shared<std::string>();
  CLI::App* command = group.add_subcommand("get", "Shows one " + resource.singular);
  context.rows[command] = resource.type;
  command->add_option("id", *id, "Its id, or its name \"" + resource.collection + "/…\"")->required();
  command->callback([&context, &resource, id] {
    context.action = [&context, &resource, id] { return Get(context, resource, *id); };
  });
}

// --- create and update ----------------------------------------------------------------------------------------------

struct WriteFlags {
  std::string id;                     // of what is created
  Several several;                    // which are updated
  std::optional<std::string> filter;  // in place of those
  std::vector<std::string> set;
  std::string file;  // the whole resource
  std::string json;
  std::string etag;
  std::string request_id;
  bool allow_missing = false;
  bool dry_run = false;
};

// Applies "field=value" to the resource, and notes the path.
absl::Status ApplySet(const std::string& assignment, const ValueStyle& style, Message* resource,
                      std::vector<std::string>* paths) {
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    return WrongUsage("--set takes field=value, not " + Quoted(assignment) + ".",
                      "--set attend champ=valeur, et non " + Quoted(assignment) + ".");
  }
  const absl::StatusOr<FieldPath> path = FindPath(*resource->GetDescriptor(), assignment.substr(0, equals));
  if (!path.ok()) return path.status();
  if (IsOutputOnly(path->leaf())) {
    return WrongUsage("The field '" + path->text + "' is set by the server.",
                      "Le champ '" + path->text + "' est écrit par le serveur.");
  }
  // A mask names fields of the resource, and keys of maps; an external id is a part of a list.
  paths->push_back(path->leaf().is_map() ? path->text : path->fields.front()->name());
  const absl::Status status = SetFromText(assignment.substr(equals + 1), *path, style, resource);
  if (!IsFault(status)) return status;
  const Fault fault = FaultOf(status);
  return BadValue(fault.reason, path->text + ": " + fault.text.english, path->text + " : " + fault.text.french);
}

absl::Status ApplyJson(const std::string& source, const ValueStyle& style, Message* resource,
                       std::vector<std::string>* paths, std::string* etag) {
  const absl::StatusOr<Json> json = ReadJson(source);
  if (!json.ok()) return json.status();
  if (json->is_object() && etag->empty()) *etag = json->value("etag", std::string());
  return FromJson(*json, style, resource, paths);
}

absl::Status FillWhole(Context& context, const Resource& resource, const WriteFlags& flags, Message* message,
                       std::vector<std::string>* paths) {
  if (!flags.set.empty() || !flags.json.empty()) {
    return WrongUsage("--file holds the whole " + resource.singular + ": leave out --set and --json.",
                      "--file contient toute la ressource : n'ajoutez ni --set ni --json.");
  }
  const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle(resource.collection);
  if (!style.ok()) return style.status();
  paths->emplace_back("*");
  return ReadMessage(flags.file, *style, message);
}

absl::Status Fill(Context& context, const Resource& resource, WriteFlags& flags, Message* message,
                  std::vector<std::string>* paths) {
  if (!flags.file.empty()) return FillWhole(context, resource, flags, message, paths);
  if (flags.set.empty() && flags.json.empty()) {
    return WrongUsage("Nothing to write: give --set field=value or --json FILE.",
                      "Rien à écrire : donnez --set champ=valeur ou --json FICHIER.");
  }
  const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle(resource.collection);
  if (!style.ok()) return style.status();
  if (!flags.json.empty()) {
    absl::Status status = ApplyJson(flags.json, *style, message, paths, &flags.etag);
    if (!status.ok()) return status;
  }
  for (const std::string& assignment : flags.set) {
    if (absl::Status status = ApplySet(assignment, *style, message, paths); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Create(Context& context, const Resource& resource, WriteFlags flags) {
  const std::unique_ptr<Message> request = NewMessage(resource.create->input_type());
  std::vector<std::string> paths;
  Message* const message = PartOf(request.get(), resource.singular);
  if (absl::Status status = Fill(context, resource, flags, message, &paths); !status.ok()) return status;
  const std::string prefix = resource.collection + "/";
  SetText(request.get(), resource.singular + "_id",
          flags.id.starts_with(prefix) ? flags.id.substr(prefix.size()) : flags.id);
  SetText(request.get(), "request_id", flags.request_id);
  SetFlag(request.get(), "validate_only", flags.dry_run);
  const absl::StatusOr<int> code = CallAndWrite(context, resource.create->full_name(), *request);
  if (code.ok()) TellDryRun(context, flags.dry_run);
  return code;
}

constexpr char kExternalId[] = "external_ids.";

bool SetsExternalId(const WriteFlags& flags) {
  return std::any_of(flags.set.begin(), flags.set.end(),
                     [](const std::string& assignment) { return assignment.starts_with(kExternalId); });
}

// An update of one external id must keep those of other systems: they are added from the current account, and the
// update is bound to what was read.
absl::Status KeepOtherExternalIds(Context& context, const Resource& resource, const WriteFlags& flags,
                                  const std::string& name, Message* message) {
  if (!SetsExternalId(flags)) return absl::OkStatus();
  v1::GetAccountRequest request;
  request.set_name(name);
  v1::Account current;
  const absl::Status status = context.Call(resource.get->full_name(), request, &current);
  if (absl::IsNotFound(status) && flags.allow_missing) return absl::OkStatus();
  if (!status.ok()) return status;
  auto* account = static_cast<v1::Account*>(message);
  if (account->etag().empty()) account->set_etag(current.etag());
  for (const v1::ExternalId& external : current.external_ids()) {
    if (std::none_of(flags.set.begin(), flags.set.end(), [&](const std::string& assignment) {
          return assignment.starts_with(absl::StrCat(kExternalId, external.system(), "="));
        })) {
      *account->add_external_ids() = external;
    }
  }
  return absl::OkStatus();
}

// What is asked of each resource that is updated, but for its name and etag.
absl::StatusOr<std::unique_ptr<Message>> ChangeOf(Context& context, const Resource& resource, WriteFlags& flags) {
  absl::Status status = CheckIdsOrFilter(!flags.several.given.empty(), flags.filter);
  if (status.ok() && flags.several.reads_input() && (flags.json == "-" || flags.file == "-")) {
    status = WrongUsage("Standard input holds either the ids or the fields.",
                        "L'entrée standard contient soit les identifiants, soit les champs.");
  }
  std::unique_ptr<Message> change = NewMessage(resource.update->input_type());
  std::vector<std::string> paths;
  if (status.ok()) status = Fill(context, resource, flags, PartOf(change.get(), resource.singular), &paths);
  if (status.ok()) status = OnlyOfOne(flags.several, "--etag", flags.etag);  // also that of --json
  if (status.ok()) status = OnlyOfOne(flags.several, "--request-id", flags.request_id);
  if (status.ok() && flags.filter.has_value() && SetsExternalId(flags)) {
    status = WrongUsage("An external id is of one account: it cannot be set by --filter.",
                        "Un identifiant externe est celui d'un seul compte : --filter ne peut pas l'écrire.");
  }
  if (!status.ok()) return status;
  auto* mask = static_cast<google::protobuf::FieldMask*>(PartOf(change.get(), "update_mask"));
  for (const std::string& path : paths) mask->add_paths(path);
  SetFlag(change.get(), "allow_missing", flags.allow_missing);
  SetText(change.get(), "request_id", flags.request_id);
  SetFlag(change.get(), "validate_only", flags.dry_run);
  return change;
}

absl::StatusOr<int> Update(Context& context, const Resource& resource, WriteFlags flags) {
  const absl::StatusOr<std::unique_ptr<Message>> change = ChangeOf(context, resource, flags);
  if (!change.ok()) return change.status();
  if (flags.filter.has_value()) {
    return RunBulkEdit(context, {resource, *resource.update, **change, *flags.filter, flags.dry_run});
  }
  const absl::StatusOr<std::vector<std::string>> names = NamesOf(flags.several, resource.collection);
  if (!names.ok()) return names.status();
  const absl::StatusOr<int> code =
      ChangeEach(context, flags.several, *names, *NewMessage(resource.type), resource.columns,
                 [&](const std::string& name, Message* changed) {
                   const std::unique_ptr<Message> request((*change)->New());
                   request->CopyFrom(**change);
                   Message* const message = PartOf(request.get(), resource.singular);
                   SetText(message, "name", name);
                   SetText(message, "etag", flags.etag);
                   absl::Status kept = KeepOtherExternalIds(context, resource, flags, name, message);
                   return kept.ok() ? context.Call(resource.update->full_name(), *request, changed) : kept;
                 });
  if (code.ok()) TellDryRun(context, flags.dry_run);
  return code;
}

// Rules have parts within parts, which people keep in files of their own.
void AddWriteFlags(CLI::App& command, const Resource& resource, WriteFlags* flags) {
  if (&resource == &SignalRuleResource()) {
    command.add_option("--file", flags->file, "The whole rule: JSON or protocol buffers' text; - for standard input");
  }
  command.add_option("--set", flags->set, "A field and its value, for example sector=FinTech; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--json", flags->json, "File with the fields as JSON; - reads standard input");
  command.add_option("--request-id", flags->request_id, "Repeating a write with the same id has one effect");
  command.add_flag("--dry-run", flags->dry_run, "Check everything, write nothing");
}

void AddCreate(CLI::App& group, Context& context, const Resource& resource) {
  auto flags = std::make_shared<WriteFlags>();
  CLI::App* command = group.add_subcommand("create", "Creates one " + resource.singular);
  context.rows[command] = resource.type;
  command->add_option("id", flags->id, "Its id; chosen by the server where it is left out");
  AddWriteFlags(*command, resource, flags.get());
  command->callback([&context, &resource, flags] {
    context.action = [&context, &resource, flags] { return Create(context, resource, *flags); };
  });
}

void AddUpdate(CLI::App& group, Context& context, const Resource& resource) {
  auto flags = std::make_shared<WriteFlags>();
  CLI::App* command = group.add_subcommand("update", "Changes fields of " + resource.noun);
  context.rows[command] = resource.type;
  CLI::Option* ids = AddSeveral(*command, flags->several, "ids", "Their ids");
  AddWriteFlags(*command, resource, flags.get());
  std::vector<CLI::Option*> of_one = {command->get_option("--request-id")};
  of_one.push_back(command->add_option("--etag", flags->etag, "Change one only where this is its current etag"));
  if (resource.update->input_type()->FindFieldByName("allow_missing") != nullptr) {
    of_one.push_back(command->add_flag("--allow-missing", flags->allow_missing, "Create it where it does not exist"));
  }
  AddFilterInPlaceOf(ids, of_one, *command, resource, flags->filter);
  command->callback([&context, &resource, flags] {
    context.action = [&context, &resource, flags] { return Update(context, resource, *flags); };
  });
}

// --- delete and undelete --------------------------------------------------------------------------------------------

struct DeleteFlags {
  Several several;
  std::optional<std::string> filter;  // in place of those
  std::string etag;
  bool allow_missing = false;
  bool dry_run = false;
};

Words Done(bool undeleted, bool dry_run) {
  if (!undeleted) return Deleted(dry_run);
  if (dry_run) return {"would be undeleted, nothing written", "serait rétabli, rien n'est écrit"};
  return {"undeleted", "rétabli"};
}

absl::Status RemoveOne(Context& context, const google::protobuf::MethodDescriptor& method, const std::string& name,
                       const DeleteFlags& flags) {
  const std::unique_ptr<Message> request = NewMessage(method.input_type());
  SetText(request.get(), "name", name);
  SetText(request.get(), "etag", flags.etag);
  SetFlag(request.get(), "allow_missing", flags.allow_missing);
  SetFlag(request.get(), "validate_only", flags.dry_run);
  const std::unique_ptr<Message> response = NewMessage(method.output_type());
  return context.Call(method.full_name(), *request, response.get());
}

absl::StatusOr<int> Remove(Context& context, const Resource& resource, const google::protobuf::MethodDescriptor& method,
                           const DeleteFlags& flags) {
  absl::Status status = CheckIdsOrFilter(!flags.several.given.empty(), flags.filter);
  if (status.ok()) status = OnlyOfOne(flags.several, "--etag", flags.etag);
  if (!status.ok()) return status;
  if (flags.filter.has_value()) {
    const std::unique_ptr<Message> request = NewMessage(method.input_type());
    SetFlag(request.get(), "validate_only", flags.dry_run);
    return RunBulkEdit(context, {resource, method, *request, *flags.filter, flags.dry_run});
  }
  const absl::StatusOr<std::vector<std::string>> names = NamesOf(flags.several, resource.collection);
  if (!names.ok()) return names.status();
  if (&method == resource.remove && !flags.dry_run && !names->empty()) {
    const std::string what = names->size() == 1 ? names->front() : std::to_string(names->size()) + " " + resource.noun;
    status = Confirm(context, {"Delete " + what, "Supprimer " + what}, static_cast<int64_t>(names->size()));
    if (!status.ok()) return status;
  }
  return ForEach(context, *names, [&](const std::string& name) {
    absl::Status removed = RemoveOne(context, method, name, flags);
    if (removed.ok()) {
      context.err << name << ": " << context.Say(Done(&method == resource.undelete, flags.dry_run)) << '\n';
    }
    return removed;
  });
}

void AddRemove(CLI::App& group, Context& context, const Resource& resource, const std::string& verb,
               const std::string& description, const google::protobuf::MethodDescriptor& method) {
  auto flags = std::make_shared<DeleteFlags>();
  CLI::App* command = group.add_subcommand(verb, description);
  CLI::Option* ids = AddSeveral(*command, flags->several, "ids", "Their ids");
  std::vector<CLI::Option*> of_one = {
      command->add_option("--etag", flags->etag, "One only where this is its current etag")};
  if (method.input_type()->FindFieldByName("allow_missing") != nullptr) {
    of_one.push_back(command->add_flag("--allow-missing", flags->allow_missing, "Succeed where it does not exist"));
  }
  if (&method == resource.remove) {
    AddFilterInPlaceOf(ids, of_one, *command, resource, flags->filter);
  } else {
    ids->required();  // a filter finds nothing that is deleted
  }
  command->add_flag("--dry-run", flags->dry_run, "Check everything, write nothing");
  command->callback([&context, &resource, &method, flags] {
    context.action = [&context, &resource, &method, flags] { return Remove(context, resource, method, *flags); };
  });
}

}  // namespace

void AddStandardCommands(CLI::App& group, Context& context, const Resource& resource) {
  if (resource.list != nullptr) AddList(group, context, resource);
  if (resource.get != nullptr) AddGet(group, context, resource);
  if (resource.create != nullptr) AddCreate(group, context, resource);
  if (resource.update != nullptr) AddUpdate(group, context, resource);
  if (resource.remove != nullptr) {
    AddRemove(group, context, resource, "delete", "Deletes " + resource.noun, *resource.remove);
  }
  if (resource.undelete != nullptr) {
    AddRemove(group, context, resource, "undelete", "Brings deleted " + resource.noun + " back", *resource.undelete);
  }
}

void AddResourceCommands(CLI::App& app, Context& context) {
  for (const Resource& resource : Resources()) {
    CLI::App* group = AddGroup(app, resource.noun, "Work with " + resource.noun);
    AddStandardCommands(*group, context, resource);
    AddExportCommand(*group, context, resource);
    AddImportCommand(*group, context, resource.collection);
  }
  CLI::App* fields = AddGroup(app, CustomFieldResource().noun, "Fields of the workspace's own");
  AddStandardCommands(*fields, context, CustomFieldResource());
}

}  // namespace folio::cli
