// keys create, list, revoke; workspaces create, list, get, update.
#include <memory>

#include "client/cli/app/confirm.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/resource.h"
#include "client/cli/commands/several.h"
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
  const absl::StatusOr<int> code = CallAndWrite(context, "AdminService.CreateApiKey", request);
  if (!code.ok()) return code;
  context.err << context.Say({"The secret is shown this one time: keep it in a safe place.",
                              "Le secret n'est montré que cette fois : gardez-le en lieu sûr."})
              << '\n';
  return kSuccess;
}

const std::vector<std::string> kKeyColumns = {"name",        "display_name", "workspace",  "role",
                                              "create_time", "expire_time",  "revoke_time"};

absl::StatusOr<int> ListKeys(Context& context, const std::string& workspace) {
  v1::ListApiKeysRequest request;
  if (!workspace.empty()) request.set_workspace(FullName("workspaces", workspace));
  v1::ListApiKeysResponse response;
  absl::Status status = context.Call("AdminService.ListApiKeys", request, &response);
  if (!status.ok()) return status;
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::ApiKey::descriptor(), kKeyColumns);
  if (!writer.ok()) return writer.status();
  for (const v1::ApiKey& key : response.api_keys()) writer->Write(key);
  writer->Finish();
  return kSuccess;
}

absl::StatusOr<int> RevokeKeys(Context& context, const Several& several) {
  const absl::StatusOr<std::vector<std::string>> names = NamesOf(several, "apiKeys");
  if (!names.ok()) return names.status();
  const std::string count = std::to_string(names->size());
  const Words what =
      names->size() == 1 ? Words{names->front(), names->front()} : Words{count + " keys", count + " clés"};
  absl::Status status =
      Confirm(context, {"Revoke " + what.english, "Révoquer " + what.french}, static_cast<int64_t>(names->size()));
  if (!status.ok()) return status;
  return ChangeEach(context, several, *names, v1::ApiKey(), kKeyColumns,
                    [&](const std::string& name, google::protobuf::Message* revoked) {
                      v1::RevokeApiKeyRequest request;
                      request.set_name(name);
                      return context.Call("AdminService.RevokeApiKey", request, revoked);
                    });
}

void AddKeys(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "keys", "API keys (for administrators)");
  auto flags = std::make_shared<KeyFlags>();
  CLI::App* create = group->add_subcommand("create", "Makes a key and shows its secret");
  context.rows[create] = v1::ApiKey::descriptor();
  create->add_option("--workspace", flags->workspace, "The workspace that it opens")->required();
  create->add_option("--role", flags->role, "What it may do")
      ->check(CLI::IsMember(EnumChoices(*v1::Role_descriptor())))
      ->capture_default_str();
  create->add_option("--name", flags->display_name, "What it is for");
  create->add_option("--expires", flags->expires, "Day or time at which it ends; never where it is left out");
  create->callback([&context, flags] { context.action = [&context, flags] { return CreateKey(context, *flags); }; });

  auto workspace = std::make_shared<std::string>();
  CLI::App* list = group->add_subcommand("list", "Lists keys, without their secrets");
  context.rows[list] = v1::ApiKey::descriptor();
  list->add_option("--workspace", *workspace, "Only of this workspace");
  list->callback(
      [&context, workspace] { context.action = [&context, workspace] { return ListKeys(context, *workspace); }; });

  auto several = std::make_shared<Several>();
  CLI::App* revoke = group->add_subcommand("revoke", "Ends keys at once");
  context.rows[revoke] = v1::ApiKey::descriptor();
  AddSeveral(*revoke, *several, "keys", "The keys")->required();
  revoke->callback(
      [&context, several] { context.action = [&context, several] { return RevokeKeys(context, *several); }; });
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
  context.rows[list] = v1::Workspace::descriptor();
  list->callback([&context] { context.action = [&context] { return ListWorkspaces(context); }; });
  AddStandardCommands(*group, context, WorkspaceResource());
}

}  // namespace

void AddAdminCommands(CLI::App& app, Context& context) {
  AddKeys(app, context);
  AddWorkspaces(app, context);
}

}  // namespace folio::cli
