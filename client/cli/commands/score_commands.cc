// health change, history, override, overrides.
#include <fmt/format.h>

#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/dry_run.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "folio/v1/health.pb.h"

namespace folio::cli {
namespace {

struct ScoreFlags {
  std::string account;
  std::string from;
  std::string to;
  std::string reason;
  std::string until;
  std::string filter;
  int score = -1;
  ListLimit limit;
  bool remove = false;
  bool dry_run = false;
};

absl::Status SetDate(const std::string& text, google::type::Date* date) {
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<google::type::Date> day = ParseDate(text, {});
  if (!day.ok()) return day.status();
  *date = *day;
  return absl::OkStatus();
}

absl::StatusOr<int> ShowChange(Context& context, const ScoreFlags& flags) {
  v1::ExplainHealthChangeRequest request;
  request.set_account(FullName("accounts", flags.account));
  if (absl::Status status = SetDate(flags.from, request.mutable_from()); !status.ok()) return status;
  if (!flags.to.empty()) {
    if (absl::Status status = SetDate(flags.to, request.mutable_to()); !status.ok()) return status;
  }
  v1::HealthChange change;
  absl::Status status = context.Call("HealthService.ExplainHealthChange", request, &change);
  if (!status.ok()) return status;
  const Format format = context.output().format;
  if (format == Format::kJson || format == Format::kJsonLines) {
    context.out << JsonText(ToJson(change), format == Format::kJson) << '\n';
    return kSuccess;
  }
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::HealthDifference::descriptor(),
                      {"dimension", "measure", "points_before", "points_after", "difference", "due_to_facts",
                       "due_to_time", "due_to_model"});
  if (!writer.ok()) return writer.status();
  for (const v1::HealthDifference& row : change.differences()) writer->Write(row);
  writer->Finish();
  if (format != Format::kTable) return kSuccess;
  context.out << fmt::format("\n{:.4f} -> {:.4f}: {:+.4f} = {} {:+.4f}, {} {:+.4f}, {} {:+.4f}\n{}\n",
                             change.before().raw(), change.after().raw(), change.difference(),
                             context.Say({"facts", "faits"}), change.due_to_facts(), context.Say({"time", "temps"}),
                             change.due_to_time(), context.Say({"model", "modèle"}), change.due_to_model(),
                             change.summary());
  return kSuccess;
}

absl::StatusOr<int> ListHistory(Context& context, const ScoreFlags& flags) {
  v1::ListHealthHistoryRequest request;
  request.set_account(FullName("accounts", flags.account));
  if (!flags.from.empty()) {
    if (absl::Status status = SetDate(flags.from, request.mutable_from()); !status.ok()) return status;
  }
  if (!flags.to.empty()) {
    if (absl::Status status = SetDate(flags.to, request.mutable_to()); !status.ok()) return status;
  }
  return ListRows(
      context, "HealthService.ListHealthHistory", request,
      {"as_of", "computed_through", "score", "override.score", "raw", "band", "coverage", "model", "model_version"},
      flags.limit);
}

// An override has the id of its account, which may be given as a name.
std::string OverrideName(const std::string& account) {
  constexpr std::string_view kAccounts = "accounts/";
  return FullName("healthOverrides", account.starts_with(kAccounts) ? account.substr(kAccounts.size()) : account);
}

absl::StatusOr<int> SetOverride(Context& context, const ScoreFlags& flags) {
  const std::string name = OverrideName(flags.account);
  if (flags.remove) {
    v1::DeleteHealthOverrideRequest request;
    request.set_name(name);
    request.set_validate_only(flags.dry_run);
    google::protobuf::Empty empty;
    absl::Status status = context.Call("HealthService.DeleteHealthOverride", request, &empty);
    if (!status.ok()) return status;
    context.err << name << ": " << context.Say(Deleted(flags.dry_run)) << '\n';
    return kSuccess;
  }
  if (flags.score < 0 && flags.reason.empty() && flags.until.empty()) {
    v1::GetHealthOverrideRequest request;
    request.set_name(name);
    return CallAndWrite(context, "HealthService.GetHealthOverride", request);
  }
  if (flags.score < 0 || flags.reason.empty() || flags.until.empty()) {
    return WrongUsage("An override takes --score, --reason and --until; --remove takes it back.",
                      "Il faut --score, --reason et --until ; --remove retire le score forcé.");
  }
  v1::UpdateHealthOverrideRequest request;
  request.set_allow_missing(true);
  request.set_validate_only(flags.dry_run);
  request.mutable_health_override()->set_name(name);
  request.mutable_health_override()->set_score(flags.score);
  request.mutable_health_override()->set_reason(flags.reason);
  absl::Status status = SetDate(flags.until, request.mutable_health_override()->mutable_expire_date());
  if (!status.ok()) return status;
  for (const char* path : {"score", "reason", "expire_date"}) request.mutable_update_mask()->add_paths(path);
  const absl::StatusOr<int> code = CallAndWrite(context, "HealthService.UpdateHealthOverride", request);
  if (code.ok()) TellDryRun(context, flags.dry_run);
  return code;
}

absl::StatusOr<int> ListOverrides(Context& context, const ScoreFlags& flags) {
  v1::ListHealthOverridesRequest request;
  request.set_filter(flags.filter);
  request.set_order_by("expire_date");
  return ListRows(context, "HealthService.ListHealthOverrides", request,
                  {"account", "score", "expire_date", "author", "reason"}, flags.limit);
}

using Action = absl::StatusOr<int> (*)(Context&, const ScoreFlags&);

CLI::App* Add(CLI::App& group, Context& context, const std::string& name, const std::string& description, Action action,
              const std::shared_ptr<ScoreFlags>& flags) {
  CLI::App* command = group.add_subcommand(name, description);
  command->callback(
      [&context, action, flags] { context.action = [&context, action, flags] { return action(context, *flags); }; });
  return command;
}

void AddAccount(CLI::App& command, ScoreFlags& flags) {
  command.add_option("account", flags.account, "The account")->required();
}

}  // namespace

void AddScoreCommands(CLI::App& health, Context& context) {
  auto change_flags = std::make_shared<ScoreFlags>();
  CLI::App* change =
      Add(health, context, "change", "Why a score changed: facts, time or model", ShowChange, change_flags);
  context.rows[change] = v1::HealthDifference::descriptor();
  AddAccount(*change, *change_flags);
  change->add_option("--from", change_flags->from, "The earlier day, YYYY-MM-DD")->required();
  change->add_option("--to", change_flags->to, "The later day; today where it is left out");

  auto history_flags = std::make_shared<ScoreFlags>();
  CLI::App* history =
      Add(health, context, "history", "The scores that an account had, the latest first", ListHistory, history_flags);
  AddAccount(*history, *history_flags);
  history->add_option("--from", history_flags->from, "Only from this day on, YYYY-MM-DD");
  history->add_option("--to", history_flags->to, "Only up to this day");
  context.rows[history] = v1::HealthScore::descriptor();
  AddListLimit(*history, history_flags->limit);

  auto override_flags = std::make_shared<ScoreFlags>();
  CLI::App* override =
      Add(health, context, "override", "Shows the score that was set by hand for an account, or sets one until a day",
          SetOverride, override_flags);
  context.rows[override] = v1::HealthOverride::descriptor();
  AddAccount(*override, *override_flags);
  override->add_option("--score", override_flags->score, "0 to 100")->check(CLI::Range(0, 100));
  override->add_option("--reason", override_flags->reason, "Why; shown beside the score");
  override->add_option("--until", override_flags->until, "The first day on which it no longer counts, YYYY-MM-DD");
  override->add_flag("--remove", override_flags->remove, "Take it back: the computed score counts again");
  override->add_flag("--dry-run", override_flags->dry_run, "Check everything, write nothing");

  auto overrides_flags = std::make_shared<ScoreFlags>();
  CLI::App* overrides =
      Add(health, context, "overrides", "Lists scores that were set by hand", ListOverrides, overrides_flags);
  overrides->add_option("--filter", overrides_flags->filter, "AIP-160 filter, for example 'score < 50'");
  context.rows[overrides] = v1::HealthOverride::descriptor();
  AddListLimit(*overrides, overrides_flags->limit);
}

}  // namespace folio::cli
