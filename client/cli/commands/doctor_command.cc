// doctor: is everything as it should be, and if not, what to do; version.
#include <chrono>
#include <cmath>

#include "client/cli/app/report.h"
#include "client/cli/commands/commands.h"
#include "client/cli/output/records.h"
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

// Writes the findings as they come: what is fine, what is odd, what has failed. JSON is one array, written at the end.
class Checkup {
 public:
  explicit Checkup(Context& context) : context_(context), style_(context.output()) {
    if (style_.format == Format::kCsv) WriteCsvHead(context.out, style_, {"verdict", "check", "detail"});
  }
  ~Checkup() {
    if (style_.format == Format::kJson) context_.out << JsonText(findings_, true) << '\n';
  }
  Checkup(const Checkup&) = delete;
  Checkup& operator=(const Checkup&) = delete;

  void Fine(const Words& what, const std::string& detail) { Tell({"ok", "bien"}, what, detail); }
  void Odd(const Words& what, const std::string& detail) { Tell({"attention", "attention"}, what, detail); }
  void Failed(const Words& what, const std::string& detail) { Tell({"failed", "échec"}, what, detail); }

 private:
  // Programs read the same words in either language.
  void Tell(const Words& verdict, const Words& what, const std::string& detail) {
    const Json finding = {{"verdict", verdict.english}, {"check", what.english}, {"detail", detail}};
    switch (style_.format) {
      case Format::kTable:
        context_.out << context_.Say(verdict) << "  " << context_.Say(what) << ": " << detail << '\n';
        break;
      case Format::kJson:
        findings_.push_back(finding);
        break;
      case Format::kJsonLines:
        context_.out << JsonText(finding, false) << '\n';
        break;
      case Format::kCsv:
        WriteCsvRow(context_.out, style_.csv, {verdict.english, what.english, detail});
        break;
    }
  }

  Context& context_;
  const OutputStyle style_;
  Json findings_ = Json::array();
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

// Errors of other commands send people here; here is what there is to do.
int TellUnreached(Context& context, const absl::Status& status) {
  context.err
      << ErrorLead(context) << CauseOf(context, status) << "\n  "
      << context.Say(
             {"Start foliod there, or give the address of one by --server, by FOLIO_SERVER or by a profile.",
              "Lancez-y foliod, ou donnez l'adresse d'un autre par --server, par FOLIO_SERVER ou par un profil."})
      << '\n';
  return ExitCodeOf(status);
}

absl::StatusOr<int> Examine(Context& context) {
  Checkup checkup(context);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  const ClientOptions& options = (*client)->options();
  v1::ServerInfo info;
  const absl::Status status = context.Call("AdminService.GetServerInfo", v1::GetServerInfoRequest(), &info);
  const bool reached = !absl::IsUnavailable(status) && !absl::IsDeadlineExceeded(status);
  if (reached) CheckConnection(checkup, options);
  if (!reached) checkup.Failed({"server", "serveur"}, options.server);
  if (!status.ok() && options.key.empty()) {
    checkup.Odd({"no key is given", "aucune clé n'est donnée"}, "--key-file, FOLIO_KEY, " + ProfilePath());
  }
  if (!reached && !context.stop.stop_requested()) return TellUnreached(context, status);
  if (!status.ok()) return status;
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
