// signals list, get, update, dry-run; signals rules.
#include <memory>
#include <optional>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/dry_run.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/commands/resource.h"
#include "client/cli/commands/several.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "client/cli/value/message_file.h"
#include "fmt/format.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/signal_rule.pb.h"

namespace folio::cli {
namespace {

const std::vector<std::string> kSeverities = {"low", "medium", "high", "critical"};
const std::vector<std::string> kStates = {"open", "acknowledged", "dismissed", "resolved"};
const std::vector<std::string> kOrders = {"severity", "newest", "oldest", "account"};

const std::vector<std::string> kColumns = {"id",       "severity",     "since",          "state",
                                           "assignee", "snooze_until", "expected_value", "summary"};

// The value of an enum by the name that people write, which the parser has checked.
template <class Enum>
Enum ValueOf(const google::protobuf::EnumDescriptor& type, const std::string& name) {
  return static_cast<Enum>(FindEnumValue(type, name)->number());
}

struct ListFlags {
  std::string account;
  std::string account_filter;
  std::string kind;
  std::string rule;
  std::vector<std::string> states;
  std::string min_severity;
  std::string assignee;
  std::string order;
  bool unassigned = false;
  bool dismissed = false;
  bool snoozed = false;
  ListLimit limit;
};

v1::ListSignalsRequest RequestOf(const ListFlags& flags) {
  v1::ListSignalsRequest request;
  if (!flags.account.empty()) request.set_account(FullName("accounts", flags.account));
  request.set_account_filter(flags.account_filter);
  if (!flags.kind.empty()) request.set_kind(ValueOf<v1::SignalKind>(*v1::SignalKind_descriptor(), flags.kind));
  request.set_rule(flags.rule);
  for (const std::string& state : flags.states) {
    request.add_states(ValueOf<v1::SignalState>(*v1::SignalState_descriptor(), state));
  }
  if (!flags.min_severity.empty()) {
    request.set_min_severity(ValueOf<v1::SignalSeverity>(*v1::SignalSeverity_descriptor(), flags.min_severity));
  }
  request.set_assignee(flags.assignee);
  request.set_unassigned(flags.unassigned);
  request.set_show_dismissed(flags.dismissed);
  request.set_show_snoozed(flags.snoozed);
  if (!flags.order.empty()) request.set_order(ValueOf<v1::SignalOrder>(*v1::SignalOrder_descriptor(), flags.order));
  return request;
}

absl::StatusOr<int> List(Context& context, const ListFlags& flags) {
  v1::ListSignalsRequest request = RequestOf(flags);
  return ListRows(context, "SignalService.ListSignals", request, kColumns, flags.limit);
}

void AddList(CLI::App& signals, Context& context) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* list = signals.add_subcommand("list", "Lists risks and opportunities, the most severe first");
  context.rows[list] = v1::Signal::descriptor();
  list->add_option("--account", flags->account, "Only this account's");
  list->add_option("--account-filter", flags->account_filter,
                   "Only of accounts that match, as for portfolio list: for example 'owner = \"anna@example.com\"'");
  list->add_option("--kind", flags->kind, "Only risks or only opportunities")
      ->check(CLI::IsMember({"risk", "opportunity"}));
  list->add_option("--rule", flags->rule, "Only of this rule, for example usage_drop");
  list->add_option("--state", flags->states, "Only of these states, for example open,acknowledged")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(kStates));
  list->add_option("--min-severity", flags->min_severity, "Only of this severity or above")
      ->check(CLI::IsMember(kSeverities));
  list->add_option("--assignee", flags->assignee, "Only what this person looks after");
  list->add_flag("--unassigned", flags->unassigned, "Only what nobody looks after");
  list->add_option("--order", flags->order, "In which order")->check(CLI::IsMember(kOrders));
  list->add_flag("--show-dismissed", flags->dismissed, "Also dismissed ones");
  list->add_flag("--show-snoozed", flags->snoozed, "Also snoozed ones");
  AddListLimit(*list, flags->limit);
  list->callback([&context, flags] { context.action = [&context, flags] { return List(context, *flags); }; });
}

absl::StatusOr<int> Get(Context& context, const std::string& name) {
  v1::GetSignalRequest request;
  request.set_name(FullName("signals", name));
  return CallAndWrite(context, "SignalService.GetSignal", request);
}

constexpr char kNameHelp[] = "The signal, RULE~ACCOUNT: for example usage_drop~acme";

void AddGet(CLI::App& signals, Context& context) {
  auto name = std::make_shared<std::string>();
  CLI::App* get = signals.add_subcommand("get", "Shows one signal with its evidence");
  context.rows[get] = v1::Signal::descriptor();
  get->add_option("signal", *name, kNameHelp)->required();
  get->callback([&context, name] { context.action = [&context, name] { return Get(context, *name); }; });
}

struct UpdateFlags {
  Several several;
  std::string state;
  std::optional<std::string> assignee;
  std::optional<std::string> snooze_until;
  std::string etag;
  bool dry_run = false;
};

// The change, but for which signal it is of.
absl::StatusOr<v1::UpdateSignalRequest> RequestOf(const UpdateFlags& flags) {
  v1::UpdateSignalRequest request;
  v1::Signal* signal = request.mutable_signal();
  signal->set_etag(flags.etag);
  if (!flags.state.empty()) {
    signal->set_state(ValueOf<v1::SignalState>(*v1::SignalState_descriptor(), flags.state));
    request.mutable_update_mask()->add_paths("state");
  }
  if (flags.assignee.has_value()) {
    signal->set_assignee(*flags.assignee);
    request.mutable_update_mask()->add_paths("assignee");
  }
  if (flags.snooze_until.has_value()) {
    request.mutable_update_mask()->add_paths("snooze_until");
    if (!flags.snooze_until->empty()) {
      const absl::StatusOr<google::type::Date> day = ParseDate(*flags.snooze_until, {});
      if (!day.ok()) return day.status();
      *signal->mutable_snooze_until() = *day;
    }
  }
  if (!request.has_update_mask()) {
    return WrongUsage("Nothing to change: give --state, --assignee or --snooze-until.",
                      "Rien à modifier : donnez --state, --assignee ou --snooze-until.");
  }
  request.set_validate_only(flags.dry_run);
  return request;
}

absl::StatusOr<int> Update(Context& context, const UpdateFlags& flags) {
  absl::StatusOr<v1::UpdateSignalRequest> request = RequestOf(flags);
  if (!request.ok()) return request.status();
  if (absl::Status status = OnlyOfOne(flags.several, "--etag", flags.etag); !status.ok()) return status;
  const absl::StatusOr<std::vector<std::string>> names = NamesOf(flags.several, "signals");
  if (!names.ok()) return names.status();
  const absl::StatusOr<int> code = ChangeEach(context, flags.several, *names, v1::Signal(), kColumns,
                                              [&](const std::string& name, google::protobuf::Message* changed) {
                                                request->mutable_signal()->set_name(name);
                                                return context.Call("SignalService.UpdateSignal", *request, changed);
                                              });
  if (code.ok()) TellDryRun(context, flags.dry_run);
  return code;
}

void AddUpdate(CLI::App& signals, Context& context) {
  auto flags = std::make_shared<UpdateFlags>();
  CLI::App* update = signals.add_subcommand("update", "Says what becomes of signals");
  context.rows[update] = v1::Signal::descriptor();
  AddSeveral(*update, flags->several, "signals", "The signals, each RULE~ACCOUNT: for example usage_drop~acme")
      ->required();
  update->add_option("--state", flags->state, "Its state")->check(CLI::IsMember(kStates));
  update->add_option("--assignee", flags->assignee, "Who looks after it; empty for nobody");
  update->add_option("--snooze-until", flags->snooze_until, "Not shown before this day; empty ends a snooze");
  update->add_option("--etag", flags->etag, "Change one only where this is its current etag");
  update->add_flag("--dry-run", flags->dry_run, "Check everything, write nothing");
  update->callback([&context, flags] { context.action = [&context, flags] { return Update(context, *flags); }; });
}

struct DryRunFlags {
  std::string rule;
  std::string file;
  std::string json;
  std::string from;
  std::string to;
  std::string filter;
  int max_accounts = 0;
};

// Leaves the day unset where there is no text.
absl::Status SetDay(const std::string& text, google::type::Date* date) {
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<google::type::Date> day = ParseDate(text, {});
  if (day.ok()) *date = *day;
  return day.status();
}

absl::Status ReadRule(const DryRunFlags& flags, const ValueStyle& style, v1::SignalRule* rule) {
  if (!flags.file.empty()) return ReadMessage(flags.file, style, rule);
  const absl::StatusOr<Json> json = ReadJson(flags.json);
  return json.ok() ? FromJson(*json, style, rule) : json.status();
}

absl::StatusOr<v1::DryRunSignalRuleRequest> RequestOf(Context& context, const DryRunFlags& flags) {
  v1::DryRunSignalRuleRequest request;
  if (int{!flags.rule.empty()} + int{!flags.file.empty()} + int{!flags.json.empty()} != 1) {
    return WrongUsage("Give a rule, or a file with one as --file FILE or --json FILE.",
                      "Donnez une règle, ou un fichier qui en contient une avec --file FICHIER ou --json FICHIER.");
  }
  if (!flags.rule.empty()) {
    request.set_name(FullName("signalRules", flags.rule));
  } else {
    const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle("signalRules");
    if (!style.ok()) return style.status();
    if (auto status = ReadRule(flags, *style, request.mutable_signal_rule()); !status.ok()) return status;
  }
  if (auto status = SetDay(flags.from, request.mutable_start_date()); !status.ok()) return status;
  if (auto status = SetDay(flags.to, request.mutable_end_date()); !status.ok()) return status;
  request.set_filter(flags.filter);
  request.set_max_accounts(flags.max_accounts);
  return request;
}

// A line for each signal, then the totals.
absl::Status WriteDryRun(Context& context, const v1::DryRunSignalRuleResponse& response) {
  absl::StatusOr<RecordWriter> writer = NewRecordWriter(context.out, context.output(), *v1::Signal::descriptor(),
                                                        {"account", "severity", "begin_date", "end_date"});
  if (!writer.ok()) return writer.status();
  for (const v1::DryRunAccount& account : response.accounts()) {
    for (const v1::DryRunSignal& fired : account.signals()) {
      v1::Signal row;
      row.set_account(account.account());
      row.set_severity(fired.severity());
      *row.mutable_begin_date() = fired.begin_date();
      if (fired.has_end_date()) *row.mutable_end_date() = fired.end_date();
      writer->Write(row);
    }
  }
  writer->Finish();
  context.err << fmt::format(
      fmt::runtime(
          context.Say({"Would have fired {} times on {} of {} accounts from {} to {}; {} hold on the last day.",
                       "Se serait déclenchée {} fois sur {} des {} comptes, du {} au {} ; {} le dernier jour."})),
      response.fired_count(), response.fired_account_count(), response.account_count(),
      FormatDate(response.start_date()), FormatDate(response.end_date()), response.open_count());
  context.err << '\n';
  return absl::OkStatus();
}

absl::StatusOr<int> DryRun(Context& context, const DryRunFlags& flags) {
  const absl::StatusOr<v1::DryRunSignalRuleRequest> request = RequestOf(context, flags);
  if (!request.ok()) return request.status();
  v1::DryRunSignalRuleResponse response;
  absl::Status status = context.Call("SignalRuleService.DryRunSignalRule", *request, &response);
  if (!status.ok()) return status;
  const Format format = context.output().format;
  if (format == Format::kJson || format == Format::kJsonLines) {
    context.out << JsonText(ToJson(response), format == Format::kJson) << '\n';
    return kSuccess;
  }
  status = WriteDryRun(context, response);
  if (!status.ok()) return status;
  return kSuccess;
}

void AddDryRun(CLI::App& signals, Context& context) {
  auto flags = std::make_shared<DryRunFlags>();
  CLI::App* command = signals.add_subcommand("dry-run", "Says when a rule would have fired on past days");
  command->add_option("rule", flags->rule, "A rule that exists");
  command->add_option("--file", flags->file,
                      "A rule that need not be stored: JSON or protocol buffers' text; - for standard input");
  command->add_option("--json", flags->json, "File with a rule as JSON; - reads standard input");
  command->add_option("--from", flags->from, "First day; 90 days before the last where it is left out");
  command->add_option("--to", flags->to, "Last day; today where it is left out");
  command->add_option("--filter", flags->filter, "Only accounts that match, as for portfolio list");
  command->add_option("--limit", flags->max_accounts, "Most accounts told one by one")->check(CLI::PositiveNumber);
  command->callback([&context, flags] { context.action = [&context, flags] { return DryRun(context, *flags); }; });
}

}  // namespace

void AddSignalCommands(CLI::App& app, Context& context) {
  CLI::App* signals = AddGroup(app, "signals", "Risks and opportunities");
  AddList(*signals, context);
  AddGet(*signals, context);
  AddUpdate(*signals, context);
  AddDryRun(*signals, context);
  CLI::App* rules = AddGroup(*signals, "rules", "What makes a risk or an opportunity");
  AddStandardCommands(*rules, context, SignalRuleResource());
}

}  // namespace folio::cli
