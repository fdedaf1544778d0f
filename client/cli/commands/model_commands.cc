// models: health models from draft to publication.
#include <fmt/format.h>

#include <memory>
#include <set>

#include "client/cli/app/confirm.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/dry_run.h"
#include "client/cli/commands/list_rows.h"
#include "client/cli/commands/several.h"
#include "client/cli/output/cell.h"
#include "client/cli/output/figure_lines.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "client/cli/value/message_file.h"
#include "folio/v1/health_model.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Message;

constexpr char kCollection[] = "healthModels";

struct ModelFlags {
  std::string id;
  Several several;  // which are deleted
  std::string file;
  std::string etag;
  std::string note;
  std::string filter;
  std::string account;
  std::string from;
  std::string to;
  int step_days = 1;
  int movers = 20;
  int64_t version = 0;
  ListLimit limit;
  bool dry_run = false;
  bool allow_missing = false;
};

absl::StatusOr<int> WriteModel(Context& context, const char* method, const Message& request, bool dry_run) {
  const absl::StatusOr<int> done = CallAndWrite(context, method, request);
  if (done.ok()) TellDryRun(context, dry_run);
  return done;
}

absl::StatusOr<int> List(Context& context, const ModelFlags& flags) {
  v1::ListHealthModelsRequest request;
  request.set_filter(flags.filter);
  return ListRows(context, "HealthModelService.ListHealthModels", request,
                  {"name", "display_name", "version", "draft", "priority", "filter"}, flags.limit);
}

absl::StatusOr<int> Versions(Context& context, const ModelFlags& flags) {
  v1::ListHealthModelVersionsRequest request;
  if (!flags.id.empty()) request.set_filter("model = \"" + FullName(kCollection, flags.id) + "\"");
  request.set_order_by("publish_time desc");
  return ListRows(context, "HealthModelService.ListHealthModelVersions", request,
                  {"name", "version", "publish_time", "end_date", "publisher", "note"}, flags.limit);
}

absl::StatusOr<int> Get(Context& context, const ModelFlags& flags) {
  v1::GetHealthModelRequest request;
  request.set_name(FullName(kCollection, flags.id));
  return CallAndWrite(context, "HealthModelService.GetHealthModel", request);
}

absl::StatusOr<int> Create(Context& context, const ModelFlags& flags) {
  v1::CreateHealthModelRequest request;
  request.set_health_model_id(flags.id);
  request.set_validate_only(flags.dry_run);
  if (absl::Status status = ReadMessage(flags.file, {}, request.mutable_health_model()); !status.ok()) return status;
  return WriteModel(context, "HealthModelService.CreateHealthModel", request, flags.dry_run);
}

absl::StatusOr<int> Update(Context& context, const ModelFlags& flags) {
  v1::UpdateHealthModelRequest request;
  if (absl::Status status = ReadMessage(flags.file, {}, request.mutable_health_model()); !status.ok()) return status;
  request.mutable_health_model()->set_name(FullName(kCollection, flags.id));
  if (!flags.etag.empty()) request.mutable_health_model()->set_etag(flags.etag);
  request.mutable_update_mask()->add_paths("*");
  request.set_allow_missing(flags.allow_missing);
  request.set_validate_only(flags.dry_run);
  return WriteModel(context, "HealthModelService.UpdateHealthModel", request, flags.dry_run);
}

absl::StatusOr<int> Remove(Context& context, const ModelFlags& flags) {
  absl::Status status = OnlyOfOne(flags.several, "--etag", flags.etag);
  if (!status.ok()) return status;
  const absl::StatusOr<std::vector<std::string>> names = NamesOf(flags.several, kCollection);
  if (!names.ok()) return names.status();
  if (!flags.dry_run && !names->empty()) {
    const Words what = names->size() == 1
                           ? Words{names->front(), names->front()}
                           : Words{fmt::format("{} models", names->size()), fmt::format("{} modèles", names->size())};
    status =
        Confirm(context, {"Delete " + what.english, "Supprimer " + what.french}, static_cast<int64_t>(names->size()));
    if (!status.ok()) return status;
  }
  return ForEach(context, *names, [&](const std::string& name) {
    v1::DeleteHealthModelRequest request;
    request.set_name(name);
    request.set_etag(flags.etag);
    request.set_allow_missing(flags.allow_missing);
    request.set_validate_only(flags.dry_run);
    google::protobuf::Empty empty;
    absl::Status removed = context.Call("HealthModelService.DeleteHealthModel", request, &empty);
    if (removed.ok()) context.err << name << ": " << context.Say(Deleted(flags.dry_run)) << '\n';
    return removed;
  });
}

absl::StatusOr<int> Publish(Context& context, const ModelFlags& flags) {
  v1::PublishHealthModelRequest request;
  request.set_name(FullName(kCollection, flags.id));
  request.set_etag(flags.etag);
  request.set_note(flags.note);
  request.set_validate_only(flags.dry_run);
  v1::HealthModelVersion version;
  if (absl::Status status = context.Call("HealthModelService.PublishHealthModel", request, &version); !status.ok()) {
    return status;
  }
  TellDryRun(context, flags.dry_run);
  if (context.output().format == Format::kTable) {
    context.out << version.name() << '\n';
    return kSuccess;
  }
  if (absl::Status status = WriteObject(context.out, context.output(), version); !status.ok()) return status;
  return kSuccess;
}

// A file makes an inline model, which keeps the name of the model it would replace.
// `option` is what names the model on this command.
absl::Status SetModel(const ModelFlags& flags, const std::string& option, std::string* model,
                      const std::function<v1::HealthModel*()>& inline_of) {
  if (flags.id.empty() && flags.file.empty()) {
    return WrongUsage("Which model? Give " + option + ", or a file with one as --file FILE.",
                      "Quel modèle ? Donnez " + option + ", ou un fichier qui en contient un avec --file FICHIER.");
  }
  if (flags.file.empty()) {
    *model = FullName(kCollection, flags.id);
    return absl::OkStatus();
  }
  v1::HealthModel* inline_model = inline_of();
  if (absl::Status status = ReadMessage(flags.file, {}, inline_model); !status.ok()) return status;
  if (!flags.id.empty()) inline_model->set_name(FullName(kCollection, flags.id));
  return absl::OkStatus();
}

// An amount as people read it.
std::string MoneyOf(const Context& context, const Message& message, const char* field) {
  return CellText(message, FieldPath{.fields = {message.GetDescriptor()->FindFieldByName(field)}},
                  {.language = context.language()});
}

void WritePreview(Context& context, const v1::HealthPreview& preview) {
  const auto band = [&](v1::HealthBand value) {
    return value == v1::HEALTH_BAND_UNSPECIFIED ? std::string("-") : BandText(value, context.language());
  };
  for (const v1::BandMigration& row : preview.migrations()) {
    context.out << fmt::format("{:>6} -> {:<6} {:>10}  ARR {}\n", band(row.from()), band(row.to()), row.account_count(),
                               MoneyOf(context, row, "arr"));
  }
  context.out << fmt::format("\n{} {}, {} {}, {} {}; {} {:.1f} -> {:.1f}\n", preview.changed_count(),
                             context.Say({"scores change", "scores changent"}), preview.moved_count(),
                             context.Say({"accounts change band", "comptes changent de niveau"}),
                             context.Say({"ARR moved", "ARR déplacé"}), MoneyOf(context, preview, "moved_arr"),
                             context.Say({"mean", "moyenne"}), preview.mean_before(), preview.mean_after());
  for (const v1::BandMover& mover : preview.movers()) {
    context.out << fmt::format("  {} ({}): {} {} -> {} {}\n", mover.display_name(), mover.account(),
                               mover.score_before(), band(mover.from()), mover.score_after(), band(mover.to()));
  }
}

void WritePreviewCsv(Context& context, const v1::HealthPreview& preview) {
  FigureLines lines(context.out, context.output());
  lines.Add("preview", "", preview);
  for (int i = 0; i < preview.migrations_size(); ++i) {
    lines.Add("migrations", std::to_string(i + 1), preview.migrations(i));
  }
  for (const v1::BandMover& mover : preview.movers()) {
    std::set<std::string> meaningless = {"account"};
    if (mover.from() == v1::HEALTH_BAND_UNSPECIFIED) meaningless.insert("score_before");
    if (mover.to() == v1::HEALTH_BAND_UNSPECIFIED) meaningless.insert("score_after");
    lines.Add("movers", mover.account(), mover, meaningless);
  }
}

absl::StatusOr<int> Preview(Context& context, const ModelFlags& flags) {
  v1::PreviewHealthModelRequest request;
  request.set_filter(flags.filter);
  request.set_mover_limit(flags.movers);
  absl::Status status =
      SetModel(flags, "MODEL", request.mutable_model(), [&request] { return request.mutable_inline_model(); });
  if (!status.ok()) return status;
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  v1::HealthPreview preview;
  bool complete = false;
  status = (*client)->InvokeStream(
      *FindMethod("HealthModelService.PreviewHealthModel"), request,
      [&](const Message& message) {
        const auto& part = static_cast<const v1::PreviewHealthModelResponse&>(message);
        if (part.has_preview()) {
          preview = part.preview();
          complete = true;
        } else if (context.err_is_terminal) {
          context.err << '\r' << part.done_count() << " / " << part.total_count() << std::flush;
        }
        return absl::OkStatus();
      },
      context.stop);
  if (context.err_is_terminal) context.err << "\r\033[K";
  if (!status.ok()) return status;
  if (!complete) return absl::DataLossError("The preview ended before its result.");
  switch (context.output().format) {
    case Format::kTable:
      WritePreview(context, preview);
      break;
    case Format::kCsv:
      WritePreviewCsv(context, preview);
      break;
    case Format::kJson:
    case Format::kJsonLines:
      context.out << JsonText(ToJson(preview), context.output().format == Format::kJson) << '\n';
      break;
  }
  return kSuccess;
}

absl::StatusOr<int> Replay(Context& context, const ModelFlags& flags) {
  v1::ReplayHealthModelRequest request;
  request.set_account(FullName("accounts", flags.account));
  request.set_step_days(flags.step_days);
  absl::Status status =
      SetModel(flags, "--model MODEL", request.mutable_model(), [&request] { return request.mutable_inline_model(); });
  if (!status.ok()) return status;
  const absl::StatusOr<google::type::Date> from = ParseDate(flags.from, {});
  if (!from.ok()) return from.status();
  *request.mutable_from() = *from;
  if (!flags.to.empty()) {
    const absl::StatusOr<google::type::Date> to = ParseDate(flags.to, {});
    if (!to.ok()) return to.status();
    *request.mutable_to() = *to;
  }
  v1::ReplayHealthModelResponse response;
  if (status = context.Call("HealthModelService.ReplayHealthModel", request, &response); !status.ok()) return status;
  absl::StatusOr<RecordWriter> writer = NewRecordWriter(context.out, context.output(), *v1::HealthScore::descriptor(),
                                                        {"as_of", "score", "raw", "band", "coverage", "absence"});
  if (!writer.ok()) return writer.status();
  for (const v1::HealthScore& score : response.scores()) writer->Write(score);
  writer->Finish();
  return kSuccess;
}

absl::StatusOr<int> Version(Context& context, const ModelFlags& flags) {
  v1::GetHealthModelVersionRequest request;
  const std::string model = FullName("healthModels", flags.id);
  request.set_name("healthModelVersions/" + model.substr(model.find('/') + 1) + "~" + std::to_string(flags.version));
  return CallAndWrite(context, "HealthModelService.GetHealthModelVersion", request);
}

absl::StatusOr<int> Measures(Context& context) {
  v1::ListMeasuresResponse response;
  absl::Status status = context.Call("HealthModelService.ListMeasures", v1::ListMeasuresRequest(), &response);
  if (!status.ok()) return status;
  absl::StatusOr<RecordWriter> writer =
      NewRecordWriter(context.out, context.output(), *v1::MeasureDefinition::descriptor(),
                      {"name", "unit", "default_window_days", "description"});
  if (!writer.ok()) return writer.status();
  for (const v1::MeasureDefinition& measure : response.measures()) writer->Write(measure);
  writer->Finish();
  return kSuccess;
}

using Action = absl::StatusOr<int> (*)(Context&, const ModelFlags&);

// A command with its flags; `add` gives it those that it takes.
void Add(CLI::App& group, Context& context, const std::string& name, const std::string& description, Action action,
         const std::function<void(CLI::App&, ModelFlags&)>& add) {
  auto flags = std::make_shared<ModelFlags>();
  CLI::App* command = group.add_subcommand(name, description);
  add(*command, *flags);
  command->callback(
      [&context, action, flags] { context.action = [&context, action, flags] { return action(context, *flags); }; });
}

CLI::Option* AddId(CLI::App& command, ModelFlags& flags) { return command.add_option("id", flags.id, "The model"); }

void AddFile(CLI::App& command, ModelFlags& flags, const std::string& description) {
  command.add_option("--file", flags.file, description + ": JSON or protocol buffers' text; - for standard input");
}

void AddDryRun(CLI::App& command, ModelFlags& flags) {
  command.add_flag("--dry-run", flags.dry_run, "Check everything, write nothing");
}

void AddReading(CLI::App& group, Context& context) {
  Add(group, context, "list", "Lists health models", List, [](CLI::App& command, ModelFlags& flags) {
    command.add_option("--filter", flags.filter, "AIP-160 filter, for example 'draft = true'");
    AddListLimit(command, flags.limit);
  });
  Add(group, context, "get", "Shows one model: its draft, and which version is in force", Get,
      [](CLI::App& command, ModelFlags& flags) { AddId(command, flags)->required(); });
  Add(group, context, "versions", "Lists published versions, the latest first", Versions,
      [](CLI::App& command, ModelFlags& flags) {
        AddId(command, flags);
        AddListLimit(command, flags.limit);
      });
  Add(group, context, "version", "Shows one published version", Version, [](CLI::App& command, ModelFlags& flags) {
    AddId(command, flags)->required();
    command.add_option("number", flags.version, "Which version")->required()->check(CLI::PositiveNumber);
  });
  AddPreviewCommand(group, context);
  Add(group, context, "replay", "The scores that an account would have had under a model", Replay,
      [](CLI::App& command, ModelFlags& flags) {
        command.add_option("account", flags.account, "The account")->required();
        command.add_option("--model", flags.id, "The model, its draft included");
        AddFile(command, flags, "A model that need not be stored");
        command.add_option("--from", flags.from, "The first day, YYYY-MM-DD")->required();
        command.add_option("--to", flags.to, "The last day; today where it is left out");
        command.add_option("--step", flags.step_days, "Days from one score to the next")->check(CLI::Range(1, 366));
      });
  CLI::App* measures = group.add_subcommand("measures", "Lists what models can read, custom fields included");
  measures->callback([&context] { context.action = [&context] { return Measures(context); }; });
}

void AddWriting(CLI::App& group, Context& context) {
  Add(group, context, "create", "Creates a draft from a file", Create, [](CLI::App& command, ModelFlags& flags) {
    AddId(command, flags);
    AddFile(command, flags, "The model");
    command.get_option("--file")->required();
    AddDryRun(command, flags);
  });
  Add(group, context, "update", "Replaces a draft by a file", Update, [](CLI::App& command, ModelFlags& flags) {
    AddId(command, flags)->required();
    AddFile(command, flags, "The model");
    command.get_option("--file")->required();
    command.add_option("--etag", flags.etag, "Only where this is the current etag");
    command.add_flag("--allow-missing", flags.allow_missing, "Create it where it does not exist");
    AddDryRun(command, flags);
  });
  Add(group, context, "delete", "Deletes models; their versions stay", Remove,
      [](CLI::App& command, ModelFlags& flags) {
        AddSeveral(command, flags.several, "ids", "Their ids")->required();
        command.add_option("--etag", flags.etag, "One only where this is its current etag");
        command.add_flag("--allow-missing", flags.allow_missing, "Succeed where it does not exist");
        AddDryRun(command, flags);
      });
  Add(group, context, "publish", "Puts a draft into force: every account is scored again", Publish,
      [](CLI::App& command, ModelFlags& flags) {
        AddId(command, flags)->required();
        command.add_option("--etag", flags.etag, "Only where this is the draft's current etag");
        command.add_option("--note", flags.note, "Why");
        AddDryRun(command, flags);
      });
}

}  // namespace

void AddPreviewCommand(CLI::App& group, Context& context) {
  Add(group, context, "preview", "Says what publishing a draft, or a file, would do", Preview,
      [](CLI::App& command, ModelFlags& flags) {
        AddId(command, flags);
        AddFile(command, flags, "A model that need not be stored");
        command.add_option("--filter", flags.filter, "Only these accounts");
        command.add_option("--movers", flags.movers, "Most accounts to name")->check(CLI::Range(1, 1000));
      });
}

void AddModelCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "models", "Health models: drafts, published versions, what publishing would do");
  AddReading(*group, context);
  AddWriting(*group, context);
  AddProofCommands(*group, context);
}

}  // namespace folio::cli
