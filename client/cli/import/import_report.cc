#include "client/cli/import/import_report.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "client/cli/import/taking_back.h"
#include "client/cli/output/records.h"
#include "client/cli/output/text_width.h"

namespace folio::cli {
namespace {

constexpr size_t kReasonsTold = 5;

int64_t Written(const v1::ImportCounts& counts) { return counts.created() + counts.updated() + counts.restored(); }

// What this command can do about a reason, where that is more than to mend the rows.
Words WayOut(const std::string& reason, const ImportFlags& flags) {
  if (reason == "RESOURCE_DELETED" && flags.collection == "accounts") {
    return {"--on-deleted restore brings them back, --on-deleted skip leaves them as they are",
            "--on-deleted restore les rétablit, --on-deleted skip les laisse telles quelles"};
  }
  if (reason == "ROW_CONFLICT") {
    return {"they exist; --on-conflict update changes them, --on-conflict skip leaves them as they are",
            "elles existent ; --on-conflict update les modifie, --on-conflict skip les laisse telles quelles"};
  }
  return {};
}

// The most frequent reasons, each with the way out or with the first row that has it.
void TellReasons(const Context& context, const ImportFlags& flags, const RejectsFile& rejects) {
  std::vector<std::pair<std::string, RejectReason>> reasons(rejects.reasons().begin(), rejects.reasons().end());
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& left, const auto& right) { return left.second.rows > right.second.rows; });
  for (size_t i = 0; i < std::min(reasons.size(), kReasonsTold); ++i) {
    const auto& [name, reason] = reasons[i];
    context.err << "  " << reason.rows << ' ' << name << ": ";
    const Words way = WayOut(name, flags);
    if (way.english.empty()) {
      context.err << context.Say({"line ", "ligne "}) << reason.line << context.Say({": ", " : "})
                  << OneLine(reason.message);
    } else {
      context.err << context.Say(way);
    }
    context.err << '\n';
  }
  if (reasons.size() > kReasonsTold) {
    context.err << "  " << reasons.size() - kReasonsTold
                << context.Say({" more reasons in that file", " autres raisons dans ce fichier"}) << '\n';
  }
}

void TellRejects(const Context& context, const ImportFlags& flags, const ImportOutcome& outcome,
                 const RejectsFile& rejects) {
  if (rejects.count() > 0) {
    context.err << context.Say({"rejected rows: ", "lignes rejetées : "}) << rejects.path() << '\n';
    TellReasons(context, flags, rejects);
  }
  // Rejections that the server told to a run that did not live to write them down.
  if (outcome.resumed_after > 0 && rejects.count() < outcome.rejected) {
    context.err << context.Say({"rejected before the interruption and not in that file: ",
                                "rejetées avant l'interruption et absentes de ce fichier : "})
                << outcome.rejected - rejects.count()
                << context.Say({" (--restart tells them again)", " (--restart les redira)"}) << '\n';
  }
}

// Of an import in several runs each can be taken back by its own line: nobody here knows where the others began.
void TellWhatToRevert(const Context& context, const ImportFlags& flags, const ImportOutcome& outcome) {
  const bool changed = Written(outcome.counts) > Written(outcome.counts_before);
  if (!changed || outcome.revision <= outcome.revision_before || flags.dry_run || flags.noun.empty()) return;
  const Words lead = outcome.resumed_after == 0 ? TakeItBack()
                                                : Words{"take back what this run wrote by: folio ",
                                                        "pour défaire ce que cette reprise a écrit : folio "};
  TellHowToRevert(context, lead, flags.noun, outcome.revision_before, outcome.revision);
}

void WriteText(const Context& context, const ImportFlags& flags, const Survey& survey, const ImportOutcome& outcome) {
  const auto say = [&](const char* english, const char* french) { return context.Say({english, french}); };
  const v1::ImportCounts& counts = outcome.counts;
  std::ostream& out = context.out;
  if (flags.dry_run) out << say("dry run, nothing written: ", "essai, rien n'est écrit : ");
  out << say("created ", "créées ") << counts.created() << say(", updated ", ", modifiées ") << counts.updated();
  if (counts.restored() > 0) out << say(", restored ", ", rétablies ") << counts.restored();
  out << say(", unchanged ", ", inchangées ") << counts.unchanged();
  if (counts.skipped() > 0) out << say(", skipped ", ", laissées ") << counts.skipped();
  out << say(", rejected ", ", rejetées ") << outcome.rejected;
  if (survey.repeated_ids > 0) {
    out << " (" << survey.repeated_ids
        << say(" duplicated ids within the file were upserts", " identifiants répétés dans le fichier : mises à jour")
        << (flags.collection == "facts" ? say(": the last row of each counts", " : la dernière ligne compte")
                                        : std::string())
        << ")";
  }
  const bool nothing = Written(counts) == 0 && outcome.rejected == 0;
  if (nothing) out << say(": nothing changed", " : rien n'a changé");
  out << std::endl;
}

void WriteJson(const Context& context, const ImportFlags& flags, const Survey& survey, const ImportOutcome& outcome,
               const RejectsFile& rejects) {
  Json report = {{"rows", survey.rows},
                 {"created", outcome.counts.created()},
                 {"updated", outcome.counts.updated()},
                 {"restored", outcome.counts.restored()},
                 {"unchanged", outcome.counts.unchanged()},
                 {"skipped", outcome.counts.skipped()},
                 {"rejected", outcome.rejected},
                 {"duplicated_ids", survey.repeated_ids},
                 {"superseded_rows", survey.superseded.size()},
                 {"resumed_after_row", outcome.resumed_after},
                 {"revision", outcome.revision},
                 {"dry_run", flags.dry_run}};
  if (outcome.too_many_errors) report["stopped_after_row"] = outcome.durable;
  if (rejects.count() > 0) {
    report["rejects_file"] = rejects.path();
    for (const auto& [name, reason] : rejects.reasons()) report["rejected_by_reason"][name] = reason.rows;
  }
  if (context.flags.format == "csv")
    WriteCsvObject(context.out, context.output(), report);
  else
    context.out << JsonText(report, false) << '\n';
  context.out << std::flush;
}

}  // namespace

void ReportImport(const Context& context, const ImportFlags& flags, const Survey& survey, const ImportOutcome& outcome,
                  const RejectsFile& rejects) {
  if (outcome.too_many_errors) {
    context.err << context.Say({"stopped after row ", "arrêt après la ligne "}) << outcome.durable
                << context.Say(
                       {": more rows were rejected than --max-errors allows; with a higher one the same command "
                        "goes on from there",
                        " : plus de lignes rejetées que --max-errors n'en permet ; avec un seuil plus haut, la "
                        "même commande reprendra à cet endroit"})
                << '\n';
  }
  TellRejects(context, flags, outcome, rejects);
  TellWhatToRevert(context, flags, outcome);
  context.err << std::flush;
  if (context.flags.format == "table")
    WriteText(context, flags, survey, outcome);
  else
    WriteJson(context, flags, survey, outcome, rejects);
}

void ReportInterruption(const Context& context, const ImportFlags& flags, const ImportOutcome& outcome,
                        const RejectsFile& rejects) {
  if (flags.dry_run) return;
  const v1::ImportCounts& counts = outcome.counts;
  const auto say = [&](const char* english, const char* french) { return context.Say({english, french}); };
  context.err << say("acknowledged through row ", "accusées jusqu'à la ligne ") << outcome.durable
              << say(": created ", " : créées ") << counts.created() << say(", updated ", ", modifiées ")
              << counts.updated() << say(", restored ", ", rétablies ") << counts.restored()
              << say(", rejected ", ", rejetées ") << outcome.rejected << '\n';
  if (outcome.unacknowledged) {
    context.err << say(
        "rows behind it were on their way and may be written too; the same command finds out and goes on from there\n",
        "des lignes suivantes étaient en route et sont peut-être écrites ; la même commande le dira et reprendra à cet "
        "endroit\n");
  } else {
    context.err << say("nothing behind it is written; the same command goes on from there\n",
                       "rien n'est écrit au-delà ; la même commande reprendra à cet endroit\n");
  }
  TellRejects(context, flags, outcome, rejects);
  TellWhatToRevert(context, flags, outcome);
  context.err << std::flush;
}

}  // namespace folio::cli
