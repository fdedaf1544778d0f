// keys create, list, revoke; workspaces create, list, get, update.
#include <memory>

#include "client/cli/app/confirm.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/resource.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/field_path.h"
#include "folio/v1/admin.pb.h"

namespace folio::cli {
namespace {

// --- keys -----------------------------------------------------------------------------------------------------------

struct KeyFlags {
  std::string workspace;
  std::string role = "editor";
  std::string display_name;
  std::string expires;
};

absl::StatusOr<int> CreateKey(Context& context, const KeyFlags& flags) {
  v1::CreateApiKeyRequest request;
  v1::ApiKey& key = *request.mutable_api_key();
  key.set_workspace(FullName("workspaces", flags.workspace));
  key.set_role(static_cast<v1::Role>(FindEnumValue(*v1::Role_descriptor(), flags.role)->number()));
  key.set_display_name(flags.display_name);
  if (!flags.expires.empty()) {
    const absl::StatusOr<google::protobuf::Timestamp> time = ParseTime(flags.expires, {});
    if (!time.ok()) return time.status();
    *key.mutable_expire_time() = *time;
  }
  v1::ApiKey created;
  absl::Status status = context.Call("AdminService.CreateApiKey", request, &created);
  if (status.ok()) status = WriteObject(context.out, context.output(), created);
  if (!status.ok()) return status;
  context.err << context.Say({"The secret is shown this one time: keep it in a safe place.",
                              "Le secret n'est montré que cette fois : gardez-le en lieu sûr."})
              << '\n';
  return kSuccess;
}

absl::StatusOr<int> ListKeys(Context& context, const std::string& workspace) {
  v1::ListApiKeysRequest request;
  if (!workspace.empty()) request.set_workspace(FullName("workspaces", workspace));
  v1::ListApiKeysResponse response;
  absl::Status status = context.Call("AdminService.ListApiKeys", request, &response);
  if (!status.ok()) return status;
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::ApiKey::descriptor(),
                      {"name", "display_name", "workspace", "role", "create_time", "expire_time", "revoke_time"});
  if (!writer.ok()) return writer.status();
  for (const v1::ApiKey& key : response.api_keys()) writer->Write(key);
  writer->Finish();
  return kSuccess;
}

absl::StatusOr<int> RevokeKey(Context& context, const std::string& id) {
  v1::RevokeApiKeyRequest request;
  request.set_name(FullName("apiKeys", id));
  absl::Status status = Confirm(context, {"Revoke " + request.name(), "Révoquer " + request.name()}, 1);
  if (!status.ok()) return status;
  return CallAndWrite(context, "AdminService.RevokeApiKey", request);
}

void AddKeys(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "keys", "API keys (for administrators)");
  auto flags = std::make_shared<KeyFlags>();
  CLI::App* create = group->add_subcommand("create", "Makes a key and shows its secret");
  create->add_option("--workspace", flags->workspace, "The workspace that it opens")->required();
  create->add_option("--role", flags->role, "What it may do")
      ->check(CLI::IsMember(EnumChoices(*v1::Role_descriptor())))
      ->capture_default_str();
  create->add_option("--name", flags->display_name, "What it is for");
  create->add_option("--expires", flags->expires, "Day or time at which it ends; never where it is left out");
  create->callback([&context, flags] { context.action = [&context, flags] { return CreateKey(context, *flags); }; });

  auto workspace = std::make_shared<std::string>();
  CLI::App* list = group->add_subcommand("list", "Lists keys, without their secrets");
  list->add_option("--workspace", *workspace, "Only of this workspace");
  list->callback(
      [&context, workspace] { context.action = [&context, workspace] { return ListKeys(context, *workspace); }; });

  auto id = std::make_shared<std::string>();
  CLI::App* revoke = group->add_subcommand("revoke", "Ends a key at once");
  revoke->add_option("key", *id, "The key")->required();
  revoke->callback([&context, id] { context.action = [&context, id] { return RevokeKey(context, *id); }; });
}

// --- workspaces -----------------------------------------------------------------------------------------------------

struct WorkspaceFlags {
  std::string id;
  std::string display_name;
  std::string currency;
  std::string time_zone;
};

absl::StatusOr<int> CreateWorkspace(Context& context, const WorkspaceFlags& flags) {
  v1::CreateWorkspaceRequest request;
  request.set_workspace_id(flags.id);
  request.mutable_workspace()->set_display_name(flags.display_name.empty() ? flags.id : flags.display_name);
  request.mutable_workspace()->set_currency_code(flags.currency);
  request.mutable_workspace()->set_time_zone(flags.time_zone);
  return CallAndWrite(context, "AdminService.CreateWorkspace", request);
}

absl::StatusOr<int> ListWorkspaces(Context& context) {
  v1::ListWorkspacesResponse response;
  absl::Status status = context.Call("AdminService.ListWorkspaces", v1::ListWorkspacesRequest(), &response);
  if (!status.ok()) return status;
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::Workspace::descriptor(),
                      {"name", "display_name", "currency_code", "time_zone", "create_time"});
  if (!writer.ok()) return writer.status();
  for (const v1::Workspace& workspace : response.workspaces()) writer->Write(workspace);
  writer->Finish();
  return kSuccess;
}

void AddWorkspaces(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "workspaces", "Workspaces: one's own, and for administrators all of them");
  auto flags = std::make_shared<WorkspaceFlags>();
  CLI::App* create = group->add_subcommand("create", "Creates a workspace");
  create->add_option("id", flags->id, "Its id, of small letters, digits and -")->required();
  create->add_option("--currency", flags->currency, "Currency of every amount, for example EUR")->required();
  create->add_option("--name", flags->display_name, "Name shown to people");
  create->add_option("--time-zone", flags->time_zone, "Where days begin, for example Europe/Paris; UTC otherwise");
  create->callback(
      [&context, flags] { context.action = [&context, flags] { return CreateWorkspace(context, *flags); }; });
  CLI::App* list = group->add_subcommand("list", "Lists all workspaces");
  list->callback([&context] { context.action = [&context] { return ListWorkspaces(context); }; });
  AddStandardCommands(*group, context, WorkspaceResource());
}

}  // namespace

void AddAdminCommands(CLI::App& app, Context& context) {
  AddKeys(app, context);
  AddWorkspaces(app, context);
}

}  // namespace folio::cli
