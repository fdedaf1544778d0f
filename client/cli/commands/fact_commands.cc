// facts import KIND FILE; facts list [ACCOUNT].
#include <algorithm>
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/import/rows.h"
#include "client/cli/output/records.h"
#include "client/cli/value/field_path.h"
#include "folio/pages.h"
#include "folio/v1/fact.pb.h"

namespace folio::cli {
namespace {

constexpr int64_t kPageSizeMax = 1'000;

struct FactFlags {
  std::string account;
  std::vector<std::string> kinds;
  int64_t limit = 50;
};

absl::StatusOr<int> ListFacts(Context& context, const FactFlags& flags) {
  v1::ListFactsRequest request;
  if (!flags.account.empty()) request.set_account(FullName("accounts", flags.account));
  request.set_page_size(static_cast<int>(std::min<int64_t>(flags.limit, kPageSizeMax)));
  for (const std::string& kind : flags.kinds) {
    request.add_kinds(static_cast<v1::FactKind>(FindEnumValue(*v1::FactKind_descriptor(), kind)->number()));
  }
  std::vector<std::string> columns = {"event_time", "source", "source_id", "subscription"};
  for (const std::string& kind : flags.kinds.empty() ? FactKinds() : flags.kinds) columns.push_back(kind);
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::Fact::descriptor(), columns);
  if (!writer.ok()) return writer.status();
  PageCursor cursor(**client, *FindMethod("FactService.ListFacts"), request);
  const google::protobuf::Message* row = nullptr;
  while (writer->count() < flags.limit && context.out && (row = cursor.Next()) != nullptr) writer->Write(*row);
  if (!cursor.status().ok()) return cursor.status();
  writer->Finish();
  return kSuccess;
}

}  // namespace

void AddFactCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "facts", "Work with facts: usage, tickets, answers, orders, costs …");
  auto flags = std::make_shared<FactFlags>();
  CLI::App* list =
      group->add_subcommand("list", "Lists facts of an account, or those that belong to none, the latest first");
  list->add_option("account", flags->account, "The account; those without one where it is left out");
  list->add_option("--kind", flags->kinds, "Only these kinds")->delimiter(',')->check(CLI::IsMember(FactKinds()));
  list->add_option("--limit", flags->limit, "Most facts to list")->check(CLI::PositiveNumber)->capture_default_str();
  list->callback([&context, flags] { context.action = [&context, flags] { return ListFacts(context, *flags); }; });
  AddImportCommand(*group, context, "facts");
}

}  // namespace folio::cli
