// watch, watch portfolio: changes as they happen.
#include <memory>
#include <optional>

#include "client/cli/commands/commands.h"
#include "client/cli/output/cell.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "fmt/format.h"
#include "folio/v1/watch.pb.h"
#include "folio/watch.h"

namespace folio::cli {
namespace {

struct WatchFlags {
  std::string what = "changes";
  std::string filter;  // of the portfolio
  std::vector<std::string> collections;
  std::string account;
  bool from_snapshot = false;
  std::string resume;
  int64_t limit = 0;
};

// How a target stands, and with which value.
std::string TargetText(const v1::IndicatorTarget& target, Language language) {
  std::string text;
  for (const char* field : {"state", "reading"}) {
    const FieldPath path{.fields = {v1::IndicatorTarget::descriptor()->FindFieldByName(field)}};
    if (const std::string cell = CellText(target, path, {.language = language}); !cell.empty()) text += "  " + cell;
  }
  return text;
}

// Rows of CSV as they come; nothing where another format is asked for.
absl::StatusOr<std::optional<RecordWriter>> CsvRows(Context& context, const google::protobuf::Descriptor& type,
                                                    const std::vector<std::string>& columns) {
  std::optional<RecordWriter> rows;
  if (context.output().format != Format::kCsv) return rows;
  absl::StatusOr<RecordWriter> writer = NewRecordWriter(context.out, context.output(), type, columns);
  if (!writer.ok()) return writer.status();
  rows.emplace(*std::move(writer));
  return rows;
}

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
  if (event.has_indicator_target()) context.out << TargetText(event.indicator_target(), context.language());
  context.out << '\n';
}

// For whoever stops it now and resumes later.
void SayWhereToResume(Context& context, const std::string& token) {
  if (!token.empty()) context.err << context.Say({"resume with --resume ", "reprendre par --resume "}) << token << '\n';
}

// Runs a watch until it ends, is stopped, or has shown enough. `watch(take, options)` hands each response to `take`;
// `write(response)` shows it, and returns how many changes it has shown.
template <typename Response, typename Run, typename Write>
absl::StatusOr<int> WatchUntilEnough(Context& context, const WatchFlags& flags, Run watch, Write write) {
  std::string token;
  int64_t seen = 0;
  bool enough = false;
  WatchOptions options;
  options.stop = context.stop;
  const absl::Status status = watch(
      [&](const Response& response) {
        seen += write(response);
        context.out.flush();
        token = response.resume_token();
        enough = !context.out || (flags.limit > 0 && seen >= flags.limit);
        return enough ? absl::CancelledError("Enough has been seen.") : absl::OkStatus();
      },
      options);
  SayWhereToResume(context, token);
  if (enough) return kSuccess;
  return status;
}

absl::StatusOr<int> WatchChanges(Context& context, const WatchFlags& flags) {
  v1::WatchRequest request;
  for (const std::string& collection : flags.collections) request.add_collections(collection);
  if (!flags.account.empty()) request.set_account(FullName("accounts", flags.account));
  if (flags.from_snapshot) request.set_snapshot(true);
  if (!flags.resume.empty()) request.set_resume_token(flags.resume);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  auto csv = CsvRows(context, *v1::ChangeEvent::descriptor(), {"commit_time", "revision", "type", "name", "actor"});
  if (!csv.ok()) return csv.status();
  return WatchUntilEnough<v1::WatchResponse>(
      context, flags,
      [&](const auto& take, const WatchOptions& options) { return Watch(**client, request, take, options); },
      [&](const v1::WatchResponse& response) {
        for (const v1::ChangeEvent& event : response.events()) {
          csv->has_value() ? (*csv)->Write(event) : WriteEvent(context, event);
        }
        return response.events_size();
      });
}

void WriteChange(Context& context, const v1::WatchPortfolioResponse& response, const v1::PortfolioChange& change) {
  if (context.output().format != Format::kTable) {
    context.out << JsonText(ToJson(change), false) << '\n';
    return;
  }
  const v1::PortfolioEntry& entry = change.entry();
  const std::string type = EnumText(*v1::PortfolioChangeType_descriptor()->FindValueByNumber(change.type()));
  context.out << fmt::format("{}  {}  {}", response.computed_through(), type, entry.account());
  if (change.type() != v1::PORTFOLIO_CHANGE_TYPE_LEFT) {
    const std::string band = BandText(entry.health().band(), context.language());
    context.out << "  " << entry.display_name();
    if (entry.health().band() != v1::HEALTH_BAND_UNSPECIFIED)
      context.out << fmt::format("  {} {}", entry.health().score(), band);
    if (entry.has_health_trend()) context.out << fmt::format(" {:+}", entry.health_trend());
    for (const std::string& risk : entry.risks()) context.out << context.Say({"  risk ", "  risque "}) << risk;
    for (const std::string& opportunity : entry.opportunities()) {
      context.out << context.Say({"  opportunity ", "  opportunité "}) << opportunity;
    }
  }
  context.out << '\n';
}

absl::StatusOr<int> WatchRows(Context& context, const WatchFlags& flags) {
  v1::WatchPortfolioRequest request;
  request.set_filter(flags.filter);
  request.set_resume_token(flags.resume);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  auto csv = CsvRows(context, *v1::PortfolioChange::descriptor(),
                     {"type", "entry.account", "entry.display_name", "entry.arr", "entry.health", "entry.health.band",
                      "entry.health_trend", "entry.risks", "entry.opportunities"});
  if (!csv.ok()) return csv.status();
  return WatchUntilEnough<v1::WatchPortfolioResponse>(
      context, flags,
      [&](const auto& take, const WatchOptions& options) { return WatchPortfolio(**client, request, take, options); },
      [&](const v1::WatchPortfolioResponse& response) {
        if (response.begins_again()) {
          context.err << context.Say({"the server no longer knows what it has told: all rows come again",
                                      "le serveur ne sait plus ce qu'il a dit : toutes les lignes reviennent"})
                      << '\n';
        }
        for (const v1::PortfolioChange& change : response.changes()) {
          csv->has_value() ? (*csv)->Write(change) : WriteChange(context, response, change);
        }
        return response.changes_size();
      });
}

absl::StatusOr<int> WatchEither(Context& context, const WatchFlags& flags) {
  const bool of_changes = !flags.collections.empty() || !flags.account.empty() || flags.from_snapshot;
  if (flags.what == "changes") {
    if (flags.filter.empty()) return WatchChanges(context, flags);
    return WrongUsage("--filter is for `folio watch portfolio`.", "--filter est pour `folio watch portfolio`.");
  }
  if (!of_changes) return WatchRows(context, flags);
  return WrongUsage("--collections, --account and --from-snapshot are for changes; rows are chosen by --filter.",
                    "--collections, --account et --from-snapshot sont pour les changements ; les lignes se "
                    "choisissent par --filter.");
}

}  // namespace

void AddWatchCommand(CLI::App& app, Context& context) {
  auto flags = std::make_shared<WatchFlags>();
  CLI::App* command = app.add_subcommand("watch", "Shows changes as they happen; -o jsonl gives the whole resources");
  command->add_option("what", flags->what, "What to watch")
      ->check(CLI::IsMember({"changes", "portfolio"}))
      ->capture_default_str();
  command->add_option("--filter", flags->filter, "Of the portfolio, only rows that match, as for portfolio list");
  command->add_option("--collections", flags->collections, "Only these, for example accounts,tasks")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--account", flags->account, "Only what concerns this account");
  CLI::Option* snapshot = command->add_flag("--from-snapshot", flags->from_snapshot, "First the current state");
  command->add_option("--resume", flags->resume, "Go on behind this token")->excludes(snapshot);
  command->add_option("--limit", flags->limit, "End once so many changes have been shown")->check(CLI::PositiveNumber);
  command->callback([&context, flags] { context.action = [&context, flags] { return WatchEither(context, *flags); }; });
}

}  // namespace folio::cli
