// models backtest, models fit: what proves a health model, and what outcomes teach.
#include <memory>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/proof_report.h"
#include "client/cli/import/progress.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "client/cli/value/message_file.h"
#include "folio/v1/health_model.pb.h"
#include "folio/v1/health_proof.pb.h"

namespace folio::cli {
namespace {

// What both commands ask.
struct ProofFlags {
  std::string model;
  std::string file;
  std::string outcome;
  int horizon_days = 0;
  std::string first;
  std::string last;
  int step_days = 0;
  std::string filter;
  // Of a back-test.
  std::string segment_by;
  // Of a fit.
  bool fit_kernels = false;
  int folds = 0;
  std::string save_as;
};

absl::Status WrongOutcome(const std::string& text) {
  return WrongUsage(
      "--outcome takes churn, renewal, downgrade, downgrade:SHARE or custom:FIELD=VALUE, not " + Quoted(text) + ".",
      "--outcome attend churn, renewal, downgrade, downgrade:PART ou custom:CHAMP=VALEUR, et non " + Quoted(text) +
          ".");
}

absl::Status SetShare(const std::string& text, const std::string& share, v1::DowngradeOutcome* downgrade) {
  size_t read = 0;
  try {
    downgrade->set_least_share(std::stod(share, &read));
  } catch (const std::logic_error&) {
    return WrongOutcome(text);
  }
  return read == share.size() ? absl::OkStatus() : WrongOutcome(text);
}

absl::Status SetOutcome(const std::string& text, v1::HealthOutcome* outcome) {
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (kind == "custom") {
    const size_t equals = rest.find('=');
    if (equals == std::string::npos) return WrongOutcome(text);
    outcome->mutable_custom_field()->set_custom_field(rest.substr(0, equals));
    outcome->mutable_custom_field()->set_value(rest.substr(equals + 1));
    return absl::OkStatus();
  }
  if (kind == "downgrade") {
    v1::DowngradeOutcome* downgrade = outcome->mutable_downgrade();
    return colon == std::string::npos ? absl::OkStatus() : SetShare(text, rest, downgrade);
  }
  if (colon != std::string::npos) return WrongOutcome(text);
  if (kind == "churn") {
    outcome->mutable_churn();
  } else if (kind == "renewal") {
    outcome->mutable_renewal();
  } else {
    return WrongOutcome(text);
  }
  return absl::OkStatus();
}

absl::Status SetDay(const std::string& text, google::type::Date* date) {
  const absl::StatusOr<google::type::Date> day = ParseDate(text, {});
  if (day.ok()) *date = *day;
  return day.status();
}

template <class Request>
absl::Status Fill(const ProofFlags& flags, Request* request) {
  if (flags.model.empty() == flags.file.empty()) {
    return WrongUsage("Give the id of a model, or --file with one: one of the two.",
                      "Donnez l'identifiant d'un modèle, ou un modèle avec --file : l'un des deux.");
  }
  absl::Status status;
  if (flags.file.empty()) {
    request->set_model(FullName("healthModels", flags.model));
  } else {
    status = ReadMessage(flags.file, {}, request->mutable_inline_model());
  }
  if (status.ok()) status = SetOutcome(flags.outcome, request->mutable_outcome());
  if (status.ok() && !flags.first.empty()) status = SetDay(flags.first, request->mutable_first_cutoff());
  if (status.ok() && !flags.last.empty()) status = SetDay(flags.last, request->mutable_last_cutoff());
  request->mutable_outcome()->set_horizon_days(flags.horizon_days);
  request->set_step_days(flags.step_days);
  request->set_filter(flags.filter);
  return status;
}

// Calls a method whose last message holds the result, and shows how far it is meanwhile.
template <class Request, class Response>
absl::Status Run(Context& context, const char* method, const Request& request, Response* last) {
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  std::unique_ptr<Progress> progress;
  const absl::Status status = (*client)->InvokeStream(
      *FindMethod(method), request,
      [&](const google::protobuf::Message& message) {
        *last = static_cast<const Response&>(message);
        if (progress == nullptr && last->total_count() > 0) {
          progress = std::make_unique<Progress>(context.err, context.progress_style(), context.language(),
                                                last->total_count());
        }
        if (progress != nullptr) progress->Update(last->done_count(), 0);
        return absl::OkStatus();
      },
      context.stop);
  if (progress != nullptr) progress->Finish();
  return status;
}

bool IsJson(Format format) { return format == Format::kJson || format == Format::kJsonLines; }

void WriteJson(Context& context, const google::protobuf::Message& message) {
  context.out << JsonText(ToJson(message), context.output().format == Format::kJson) << '\n';
}

absl::StatusOr<int> Backtest(Context& context, const ProofFlags& flags) {
  v1::BacktestHealthModelRequest request;
  if (auto status = Fill(flags, &request); !status.ok()) return status;
  request.set_segment_by(flags.segment_by);
  v1::BacktestHealthModelResponse last;
  if (auto status = Run(context, "HealthProofService.BacktestHealthModel", request, &last); !status.ok()) return status;
  if (IsJson(context.output().format)) {
    WriteJson(context, last.report());
  } else {
    WriteReport(context, last.report(), flags.segment_by);
  }
  return kSuccess;
}

absl::Status Save(Context& context, const std::string& id, const v1::HealthFit& fit) {
  if (!fit.has_model()) {
    return WrongUsage("Nothing was learnt that could be saved.", "Rien d'appris qui puisse être enregistré.");
  }
  v1::CreateHealthModelRequest create;
  create.set_health_model_id(id);
  *create.mutable_health_model() = fit.model();
  v1::HealthModel stored;
  const absl::Status status = context.Call("HealthModelService.CreateHealthModel", create, &stored);
  if (status.ok()) {
    context.err << stored.name() << context.Say({": saved as a draft", " : enregistré comme brouillon"}) << '\n';
  }
  return status;
}

absl::StatusOr<int> Fit(Context& context, const ProofFlags& flags) {
  v1::FitHealthModelRequest request;
  if (auto status = Fill(flags, &request); !status.ok()) return status;
  request.set_fit_kernels(flags.fit_kernels);
  request.set_fold_count(flags.folds);
  v1::FitHealthModelResponse last;
  if (auto status = Run(context, "HealthProofService.FitHealthModel", request, &last); !status.ok()) return status;
  if (IsJson(context.output().format)) {
    WriteJson(context, last.fit());
  } else {
    WriteFit(context, last.fit());
  }
  if (flags.save_as.empty()) return kSuccess;
  if (auto status = Save(context, flags.save_as, last.fit()); !status.ok()) return status;
  return kSuccess;
}

void AddQuestion(CLI::App& command, ProofFlags* flags) {
  command.add_option("model", flags->model, "Id of the model, its draft included");
  command.add_option("--file", flags->file,
                     "A model instead that need not be stored: JSON or protocol buffers' text; - for standard input");
  command.add_option("--outcome", flags->outcome, "churn, renewal, downgrade[:SHARE] or custom:FIELD=VALUE")
      ->required();
  command.add_option("--horizon", flags->horizon_days, "Days after a cut-off within which it must happen; 90")
      ->check(CLI::PositiveNumber);
  command.add_option("--first", flags->first, "First cut-off, YYYY-MM-DD; a year before the last");
  command.add_option("--last", flags->last, "Last cut-off; the horizon before today");
  command.add_option("--step", flags->step_days, "Days from one cut-off to the next; 30")->check(CLI::PositiveNumber);
  command.add_option("--filter", flags->filter, "Only accounts that match this AIP-160 filter now");
}

}  // namespace

void AddProofCommands(CLI::App& group, Context& context) {
  auto asked = std::make_shared<ProofFlags>();
  CLI::App* backtest = group.add_subcommand("backtest", "How well a model would have told an outcome beforehand");
  AddQuestion(*backtest, asked.get());
  backtest->add_option("--segment-by", asked->segment_by, "Also by the values of this facet, for example sector");
  backtest->callback([&context, asked] { context.action = [&context, asked] { return Backtest(context, *asked); }; });

  auto learnt = std::make_shared<ProofFlags>();
  CLI::App* fit = group.add_subcommand("fit", "Learns a model's weights from outcomes");
  AddQuestion(*fit, learnt.get());
  fit->add_flag("--fit-kernels", learnt->fit_kernels, "Also learn ends of ramps, and credits of choices and tiers");
  fit->add_option("--folds", learnt->folds, "Parts of the cross-validation; 10")->check(CLI::Range(2, 20));
  fit->add_option("--save-as", learnt->save_as, "Save what was learnt as a draft of this id");
  fit->callback([&context, learnt] { context.action = [&context, learnt] { return Fit(context, *learnt); }; });
}

}  // namespace folio::cli
