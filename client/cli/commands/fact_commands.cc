// facts list [ACCOUNT], get, upsert, delete; facts export KIND, facts import KIND FILE, revert.
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/commands/resource.h"
#include "client/cli/import/rows.h"
#include "client/cli/value/field_path.h"
#include "client/cli/value/json.h"
#include "folio/v1/fact.pb.h"

namespace folio::cli {
namespace {

struct FactFlags {
  std::string account;
  std::vector<std::string> kinds;
  ListLimit limit;
};

absl::StatusOr<int> ListFacts(Context& context, const FactFlags& flags) {
  v1::ListFactsRequest request;
  if (!flags.account.empty()) request.set_account(FullName("accounts", flags.account));
  for (const std::string& kind : flags.kinds) {
    request.add_kinds(static_cast<v1::FactKind>(FindEnumValue(*v1::FactKind_descriptor(), kind)->number()));
  }
  std::vector<std::string> columns = {"event_time", "source", "source_id", "subscription"};
  for (const std::string& kind : flags.kinds.empty() ? FactKinds() : flags.kinds) columns.push_back(kind);
  return ListRows(context, "FactService.ListFacts", request, columns, flags.limit);
}

struct UpsertFlags {
  std::string json;
  std::string request_id;
  bool dry_run = false;
};

absl::StatusOr<int> Upsert(Context& context, const UpsertFlags& flags) {
  const absl::StatusOr<Json> json = ReadJson(flags.json);
  if (!json.ok()) return json.status();
  const absl::StatusOr<ValueStyle> style = context.WorkspaceStyle("facts");
  if (!style.ok()) return style.status();
  v1::BatchUpsertFactsRequest request;
  for (const Json& fact : json->is_array() ? *json : Json::array({*json})) {
    v1::Fact* added = request.add_facts();
    if (absl::Status status = FromJson(fact, *style, added); !status.ok()) return status;
    const auto etag = fact.find("etag");
    if (etag != fact.end() && etag->is_string()) added->set_etag(etag->get<std::string>());
  }
  request.set_request_id(flags.request_id);
  request.set_validate_only(flags.dry_run);
  return CallAndWrite(context, "FactService.BatchUpsertFacts", request);
}

void AddUpsert(CLI::App& group, Context& context) {
  auto flags = std::make_shared<UpsertFlags>();
  CLI::App* upsert =
      group.add_subcommand("upsert", "Writes up to 1000 facts, all or none; a known source id is replaced");
  upsert->add_option("--json", flags->json, "File with a fact or an array of facts; - reads standard input")
      ->required();
  upsert->add_option("--request-id", flags->request_id, "Repeating a write with the same id has one effect");
  upsert->add_flag("--dry-run", flags->dry_run, "Check everything, write nothing");
  upsert->callback([&context, flags] { context.action = [&context, flags] { return Upsert(context, *flags); }; });
}

}  // namespace

void AddFactCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "facts", "Work with facts: usage, tickets, answers, orders, costs …");
  auto flags = std::make_shared<FactFlags>();
  CLI::App* list =
      group->add_subcommand("list", "Lists facts of an account, the latest first, or those that belong to none");
  context.rows[list] = v1::Fact::descriptor();
  list->add_option("account", flags->account, "The account; those without one where it is left out");
  list->add_option("--kind", flags->kinds, "Only these kinds")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(FactKinds()));
  AddListLimit(*list, flags->limit);
  list->callback([&context, flags] { context.action = [&context, flags] { return ListFacts(context, *flags); }; });
  AddStandardCommands(*group, context, FactResource());
  AddUpsert(*group, context);
  AddFactExportCommand(*group, context);
  AddImportCommand(*group, context, "facts");
}

}  // namespace folio::cli
