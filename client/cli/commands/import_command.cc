// accounts|contacts|… import FILE, revert; facts import KIND FILE, revert.
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/resource.h"
#include "client/cli/import/revert.h"
#include "client/cli/import/rows.h"
#include "client/cli/import/run_import.h"

namespace folio::cli {
namespace {

std::string IsExternalId(const std::string& text) {
  constexpr std::string_view kPrefix = "external_ids.";
  return text.starts_with(kPrefix) && text.size() > kPrefix.size() ? "" : "no external_ids.SYSTEM";
}

void AddRevertCommand(CLI::App& group, Context& context, const Resource& resource) {
  auto flags = std::make_shared<RevertFlags>();
  CLI::App* command =
      group.add_subcommand("revert", "Takes back what was written between two revisions, as an import tells them");
  command->add_option("--after", flags->after, "The last revision that stays")
      ->required()
      ->check(CLI::NonNegativeNumber);
  command->add_option("--through", flags->through, "The last revision that is taken back")
      ->required()
      ->check(CLI::PositiveNumber);
  command->add_option("--actor", flags->actor, "Only what this key wrote, for example apiKeys/1234");
  command->add_flag("--dry-run", flags->dry_run, "Say what would be done, write nothing");
  command->callback([&context, &resource, flags] {
    context.action = [&context, &resource, flags] { return RunRevert(context, resource, *flags); };
  });
}

}  // namespace

void AddImportCommand(CLI::App& group, Context& context, const std::string& collection) {
  auto flags = std::make_shared<ImportFlags>();
  flags->collection = collection;
  CLI::App* command = group.add_subcommand("import", "Imports a CSV or JSON lines file (see docs/import.md)");
  if (collection == "facts") {
    command->add_option("kind", flags->detail, "Kind of the facts")->required()->check(CLI::IsMember(FactKinds()));
  }
  command->add_option("file", flags->file, "The file; - reads standard input")->required();
  command->add_option("--map", flags->map, "Mapping file: which column feeds which field")->check(CLI::ExistingFile);
  command->add_flag("--dry-run", flags->dry_run, "Check every row and count, write nothing");
  if (collection != "facts") {
    command->add_option("--on-conflict", flags->on_conflict, "What to do with a row whose resource exists")
        ->check(CLI::IsMember({"update", "replace", "skip", "fail"}))
        ->capture_default_str();
  }
  if (collection == "accounts") {
    command
        ->add_option("--match-on", flags->match_on,
                     "What finds the account of a row without id: domain, display_name or external_ids.SYSTEM")
        ->check(CLI::IsMember({"domain", "display_name"}) | CLI::Validator(IsExternalId, "external_ids.SYSTEM"));
    command->add_option("--on-deleted", flags->on_deleted, "What to do with a row whose resource is deleted")
        ->check(CLI::IsMember({"fail", "restore", "skip"}))
        ->capture_default_str();
  }
  command->add_option("--rejects", flags->rejects,
                      "Where rejected rows go; otherwise beside the file, customers.csv to customers.rejected.csv");
  command->add_option("--max-errors", flags->max_errors, "Stop when more rows than this are rejected")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--max-rate", flags->max_rate, "At most so many rows a second")->check(CLI::PositiveNumber);
  command->add_flag("--restart", flags->restart, "Begin again, also where an earlier run was cut off");
  command->add_flag("--ignore-unknown", flags->ignore_unknown, "Leave out columns that feed no field");
  command->add_option("--encoding", flags->encoding, "Encoding of the file, where the detected one is wrong");
  command
      ->add_option("--delimiter", flags->delimiter,
                   "What divides the cells, where the detected one is wrong: , ; | or tab")
      ->check(CLI::IsMember({",", ";", "|", "tab"}).description(""));
  command->callback([&context, flags] {
    const CsvStyle style = CsvStyleOf(context.flags.csv_profile);
    if (flags->delimiter.empty() && style.delimiter != CsvStyle().delimiter) flags->delimiter = style.delimiter;
    flags->formulas_quoted = style.quote_formulas;
    context.action = [&context, flags] { return RunImport(context, *flags); };
  });
  const auto take_back = [&](const Resource& resource) {
    flags->noun = resource.noun;
    AddRevertCommand(group, context, resource);
  };
  if (collection == FactResource().collection) take_back(FactResource());
  for (const Resource& resource : Resources()) {
    if (resource.collection == collection) take_back(resource);
  }
}

}  // namespace folio::cli
