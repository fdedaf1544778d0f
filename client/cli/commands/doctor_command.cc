// doctor: is everything as it should be, and if not, what to do; version.
#include <chrono>
#include <cmath>

#include "client/cli/commands/commands.h"
#include "client/cli/value/dates.h"
#include "folio/options.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/task.pb.h"
#include "folio/v1/workspace.pb.h"
#include "google/protobuf/empty.pb.h"

namespace folio::cli {
namespace {

// Beyond this, tokens with an end and days of facts begin to go wrong.
constexpr double kClockSkewSeconds = 5;

// Writes the findings: what is fine, what is odd, what is broken.
class Checkup {
 public:
  explicit Checkup(Context& context) : context_(context) {}
  void Fine(const Words& what, const std::string& detail) { Line({"ok", "bien"}, what, detail); }
  void Odd(const Words& what, const std::string& detail) { Line({"attention", "attention"}, what, detail); }

 private:
  void Line(const Words& verdict, const Words& what, const std::string& detail) {
    context_.out << context_.Say(verdict) << "  " << context_.Say(what) << ": " << detail << '\n';
  }
  Context& context_;
};

bool IsLoopback(const std::string& server) {
  return server.starts_with("127.") || server.starts_with("localhost") || server.starts_with("[::1]") ||
         server.starts_with("unix:");
}

// The role of the key, found by calls that change nothing: each needs a higher one than the one before.
std::string RoleOf(Context& context) {
  v1::ListWorkspacesResponse workspaces;
  if (context.Call("AdminService.ListWorkspaces", v1::ListWorkspacesRequest(), &workspaces).ok()) {
    return "administrator";
  }
  v1::Workspace workspace;
  v1::UpdateWorkspaceRequest update;
  update.set_validate_only(true);
  if (context.Call("WorkspaceService.GetWorkspace", v1::GetWorkspaceRequest(), &workspace).ok()) {
    update.mutable_workspace()->set_display_name(workspace.display_name());
    update.mutable_workspace()->set_name(workspace.name());
    update.mutable_update_mask()->add_paths("display_name");
    if (context.Call("WorkspaceService.UpdateWorkspace", update, &workspace).ok()) return "manager";
  }
  v1::DeleteTaskRequest remove;
  remove.set_name("tasks/doctor-checks-the-role");
  remove.set_allow_missing(true);
  remove.set_validate_only(true);
  google::protobuf::Empty empty;
  if (context.Call("TaskService.DeleteTask", remove, &empty).ok()) return "editor";
  return "reader";
}

void CheckClock(Checkup& checkup, const v1::ServerInfo& info) {
  const double server = static_cast<double>(info.time().seconds()) + info.time().nanos() / 1e9;
  const double here = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const double skew = std::abs(server - here);
  const std::string time = FormatTime(info.time());
  if (skew <= kClockSkewSeconds) {
    checkup.Fine({"clock", "horloge"}, time);
  } else if (info.development()) {
    checkup.Fine({"clock (set by foliod --now)", "horloge (réglée par foliod --now)"}, time);
  } else {
    checkup.Odd({"the server's clock differs from this one: set both by NTP",
                 "l'horloge du serveur diffère de celle-ci : réglez-les par NTP"},
                time);
  }
}

void CheckConnection(Checkup& checkup, const ClientOptions& options) {
  if (!options.tls && !IsLoopback(options.server)) {
    checkup.Odd({"the key travels unencrypted; use https:// or tls = true",
                 "la clé circule en clair ; utilisez https:// ou tls = true"},
                options.server);
  } else {
    checkup.Fine({"server", "serveur"}, options.server);
  }
}

absl::StatusOr<int> Examine(Context& context) {
  Checkup checkup(context);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  CheckConnection(checkup, (*client)->options());
  v1::ServerInfo info;
  if (absl::Status status = context.Call("AdminService.GetServerInfo", v1::GetServerInfoRequest(), &info);
      !status.ok()) {
    if ((*client)->options().key.empty()) {
      checkup.Odd({"no key is given", "aucune clé n'est donnée"}, "--key-file, FOLIO_KEY, " + ProfilePath());
    }
    return status;
  }
  checkup.Fine({"version", "version"}, "foliod " + info.version() + ", folio " FOLIO_VERSION);
  checkup.Fine({"workspace", "espace"}, info.workspace());
  checkup.Fine({"role of the key", "rôle de la clé"}, RoleOf(context));
  checkup.Fine({"accounts", "comptes"}, std::to_string(info.account_count()));
  checkup.Fine({"revision", "révision"}, std::to_string(info.revision()));
  checkup.Fine({"current day", "jour courant"}, FormatDate(info.as_of()));
  CheckClock(checkup, info);
  return kSuccess;
}

}  // namespace

void AddDoctorCommand(CLI::App& app, Context& context) {
  CLI::App* doctor = app.add_subcommand("doctor", "Checks server, key and clock, and says what to do");
  doctor->callback([&context] { context.action = [&context] { return Examine(context); }; });
  CLI::App* version = app.add_subcommand("version", "Shows the version of this program");
  version->callback([&context] {
    context.action = [&context]() -> absl::StatusOr<int> {
      context.out << "folio " FOLIO_VERSION "\n";
      return kSuccess;
    };
  });
}

}  // namespace folio::cli
