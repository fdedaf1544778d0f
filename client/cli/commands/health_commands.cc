// health explain; what else there is of health is in score_commands, model_commands and proof_commands.
#include <cmath>
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/output/cell.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "fmt/format.h"
#include "folio/v1/health.pb.h"

namespace folio::cli {
namespace {

struct ExplainFlags {
  std::string account;
  std::string as_of;
  std::string model;
  int64_t revision = 0;
  int facts = 0;
};

// The sum that people check the table by: it is the raw score.
double SumOfPoints(const v1::HealthScore& score) {
  double sum = 0;
  for (const v1::HealthContribution& contribution : score.contributions()) sum += contribution.points();
  return sum;
}

// The band is told of the score that is shown: of the computed one where nobody has set another.
void WriteComputed(Context& context, const v1::HealthScore& score) {
  const std::string shown = score.has_override()
                                ? fmt::format("{}", std::floor(score.raw() + 0.5))
                                : fmt::format("{} ({})", score.score(), BandText(score.band(), context.language()));
  context.out << '\n' << score.model_reason();
  context.out << fmt::format("\n{} {:.4f} = {}, {} {}, {} {:.0f} %\n",
                             context.Say({"computed: sum of points", "calculé : somme des points"}), SumOfPoints(score),
                             shown, context.Say({"as of", "au"}), FormatDate(score.as_of()),
                             context.Say({"data for", "données pour"}), score.coverage() * 100);
}

void WriteOverride(Context& context, const v1::HealthScore& score) {
  context.out << fmt::format(
      fmt::runtime(context.Say({"set by hand: {} ({}), by {}, no longer from {} on: {}\n",
                                "fixé à la main : {} ({}), par {}, ne vaut plus à partir du {} : {}\n"})),
      score.score(), BandText(score.band(), context.language()), score.override().author(),
      FormatDate(score.override().expire_date()), score.override().reason());
}

absl::Status WriteExplanation(Context& context, const v1::HealthScore& score) {
  const OutputStyle style = context.output();
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, style, *v1::HealthContribution::descriptor(),
                      {"dimension", "measure", "value", "unit", "credit", "weight", "points", "explanation"});
  if (!writer.ok()) return writer.status();
  for (const v1::HealthContribution& contribution : score.contributions()) writer->Write(contribution);
  writer->Finish();
  if (style.format != Format::kTable) return absl::OkStatus();
  if (score.absence() == v1::ABSENCE_UNSPECIFIED) WriteComputed(context, score);
  if (score.has_override()) WriteOverride(context, score);
  for (const std::string& caveat : score.caveats()) context.out << caveat << '\n';
  return absl::OkStatus();
}

absl::StatusOr<int> Explain(Context& context, const ExplainFlags& flags) {
  v1::ExplainHealthRequest request;
  request.set_account(FullName("accounts", flags.account));
  if (!flags.model.empty()) request.set_model(FullName("healthModels", flags.model));
  request.set_fact_limit(flags.facts);
  request.set_as_of_revision(flags.revision);
  if (!flags.as_of.empty()) {
    const absl::StatusOr<google::type::Date> day = ParseDate(flags.as_of, {});
    if (!day.ok()) return day.status();
    *request.mutable_as_of() = *day;
  }
  v1::HealthScore score;
  absl::Status status = context.Call("HealthService.ExplainHealth", request, &score);
  if (!status.ok()) return status;
  const Format format = context.output().format;
  if (format == Format::kJson || format == Format::kJsonLines) {
    context.out << JsonText(ToJson(score), format == Format::kJson) << '\n';
    return kSuccess;
  }
  if (score.absence() != v1::ABSENCE_UNSPECIFIED) {
    context.err << context.Say({"no score: nothing has been recorded that it could be made of",
                                "pas de score : rien n'est enregistré dont il pourrait être fait"})
                << '\n';
  }
  status = WriteExplanation(context, score);
  if (!status.ok()) return status;
  return kSuccess;
}

}  // namespace

void AddHealthCommands(CLI::App& app, Context& context) {
  CLI::App* health = AddGroup(app, "health", "Health scores");
  auto explain_flags = std::make_shared<ExplainFlags>();
  CLI::App* explain = health->add_subcommand("explain", "An account's score with all that it is made of");
  context.rows[explain] = v1::HealthContribution::descriptor();
  explain->add_option("account", explain_flags->account, "The account")->required();
  explain->add_option("--as-of", explain_flags->as_of, "Day of the score, YYYY-MM-DD; today where it is left out");
  explain
      ->add_option("--as-of-revision", explain_flags->revision,
                   "The score as it was known at this revision: nothing that was recorded later is read")
      ->check(CLI::PositiveNumber);
  explain->add_option("--model", explain_flags->model, "A model to score by, its draft included");
  explain->add_option("--facts", explain_flags->facts, "Most facts named for each measure (with -o json)")
      ->check(CLI::Range(0, 100));
  explain->callback([&context, explain_flags] {
    context.action = [&context, explain_flags] { return Explain(context, *explain_flags); };
  });
  AddScoreCommands(*health, context);
  AddPreviewCommand(*health, context);
  AddProofCommands(*health, context);
}

}  // namespace folio::cli
