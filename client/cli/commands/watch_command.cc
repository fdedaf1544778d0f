// watch: changes as they happen.
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "folio/v1/watch.pb.h"
#include "folio/watch.h"

namespace folio::cli {
namespace {

struct WatchFlags {
  std::vector<std::string> collections;
  std::string account;
  bool from_snapshot = false;
  std::string resume;
  int64_t limit = 0;
};

void WriteEvent(Context& context, const v1::ChangeEvent& event) {
  if (context.output().format != Format::kTable) {
    context.out << JsonText(ToJson(event), false) << '\n';
    return;
  }
  const auto* type = v1::ChangeType_descriptor()->FindValueByNumber(event.type());
  // What is part of a snapshot has no time of its own.
  context.out << (event.has_commit_time() ? FormatTime(event.commit_time()) : "-") << "  " << event.revision() << "  "
              << EnumText(*type) << "  " << event.name();
  if (event.has_facts()) {
    context.out << "+" << event.facts().created_count() << " ~" << event.facts().updated_count() << " -"
                << event.facts().deleted_count();
  }
  context.out << '\n';
}

absl::StatusOr<int> WatchChanges(Context& context, const WatchFlags& flags) {
  v1::WatchRequest request;
  for (const std::string& collection : flags.collections) request.add_collections(collection);
  if (!flags.account.empty()) request.set_account(FullName("accounts", flags.account));
  if (flags.from_snapshot) request.set_snapshot(true);
  if (!flags.resume.empty()) request.set_resume_token(flags.resume);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  std::string token;
  int64_t seen = 0;
  bool enough = false;
  WatchOptions options;
  options.stop = context.stop;
  const absl::Status status = Watch(
      **client, request,
      [&](const v1::WatchResponse& response) {
        for (const v1::ChangeEvent& event : response.events()) {
          WriteEvent(context, event);
          ++seen;
        }
        context.out.flush();
        token = response.resume_token();
        enough = !context.out || (flags.limit > 0 && seen >= flags.limit);
        return enough ? absl::CancelledError("Enough has been seen.") : absl::OkStatus();
      },
      options);
  // Where to go on, for whoever stops it now and resumes later.
  if (!token.empty()) context.err << context.Say({"resume with --resume ", "reprendre par --resume "}) << token << '\n';
  if (enough) return kSuccess;
  return status;
}

}  // namespace

void AddWatchCommand(CLI::App& app, Context& context) {
  auto flags = std::make_shared<WatchFlags>();
  CLI::App* command = app.add_subcommand("watch", "Shows changes as they happen; -o jsonl gives the whole resources");
  command->add_option("--collections", flags->collections, "Only these, for example accounts,tasks")->delimiter(',');
  command->add_option("--account", flags->account, "Only what concerns this account");
  CLI::Option* snapshot = command->add_flag("--from-snapshot", flags->from_snapshot, "First the current state");
  command->add_option("--resume", flags->resume, "Go on behind this token")->excludes(snapshot);
  command->add_option("--limit", flags->limit, "End once so many changes have been shown")->check(CLI::PositiveNumber);
  command->callback(
      [&context, flags] { context.action = [&context, flags] { return WatchChanges(context, *flags); }; });
}

}  // namespace folio::cli
