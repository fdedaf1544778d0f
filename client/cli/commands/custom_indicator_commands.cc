// indicators define; indicators custom.
#include <memory>
#include <string>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/dry_run.h"
#include "client/cli/commands/resource.h"
#include "client/cli/output/records.h"
#include "client/cli/value/json.h"
#include "folio/v1/custom_indicator.pb.h"

namespace folio::cli {
namespace {

struct DefineFlags {
  std::string id;
  std::string formula;
  std::string name;
  std::string name_fr;
  std::string description;
  std::string description_fr;
  std::string category;
  bool lower_is_better = false;
  bool dry_run = false;
};

absl::StatusOr<int> Define(Context& context, const DefineFlags& flags) {
  v1::UpdateCustomIndicatorRequest request;
  v1::CustomIndicator& indicator = *request.mutable_custom_indicator();
  indicator.set_name(FullName("customIndicators", flags.id));
  indicator.set_formula(flags.formula);
  indicator.set_display_name(flags.name);
  indicator.set_display_name_fr(flags.name_fr);
  indicator.set_description(flags.description);
  indicator.set_description_fr(flags.description_fr);
  indicator.set_lower_is_better(flags.lower_is_better);
  if (!flags.category.empty()) {
    const auto* value = FindEnumValue(*v1::IndicatorCategory_descriptor(), flags.category);
    indicator.set_category(static_cast<v1::IndicatorCategory>(value->number()));
  }
  request.set_allow_missing(true);
  request.set_validate_only(flags.dry_run);
  const absl::StatusOr<int> code = CallAndWrite(context, "CustomIndicatorService.UpdateCustomIndicator", request);
  if (code.ok()) TellDryRun(context, flags.dry_run);
  return code;
}

}  // namespace

void AddCustomIndicatorCommands(CLI::App& indicators, Context& context) {
  auto flags = std::make_shared<DefineFlags>();
  CLI::App* define = indicators.add_subcommand("define", "Defines an indicator of your own, or changes it");
  define->add_option("id", flags->id, "What formulas call it, for example arr_per_seat")->required();
  define->add_option("formula", flags->formula, "For example 'arr / year_before(arr) - 1'")->required();
  define->add_option("--name", flags->name, "Name shown to people; a new one needs it");
  define->add_option("--name-fr", flags->name_fr, "The same in French");
  define->add_option("--description", flags->description, "What it means");
  define->add_option("--description-fr", flags->description_fr, "The same in French");
  define->add_option("--category", flags->category, "Family")
      ->check(CLI::IsMember({"business", "adoption", "perception"}));
  define->add_flag("--lower-is-better", flags->lower_is_better, "A lower value is better");
  define->add_flag("--dry-run", flags->dry_run, "Check it and show its unit, but keep nothing");
  define->callback([&context, flags] { context.action = [&context, flags] { return Define(context, *flags); }; });

  CLI::App* custom = AddGroup(indicators, "custom", "Indicators of your own");
  AddStandardCommands(*custom, context, CustomIndicatorResource());
}

}  // namespace folio::cli
