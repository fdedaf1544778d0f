#include "client/cli/commands/proof_report.h"

#include <algorithm>
#include <set>

#include "client/cli/output/cell.h"
#include "client/cli/output/figure_lines.h"
#include "client/cli/output/records.h"
#include "client/cli/output/text_width.h"
#include "client/cli/value/dates.h"
#include "fmt/format.h"

namespace folio::cli {
namespace {

using Row = std::vector<std::string>;

constexpr char kAbsent[] = "–";

// Writes figures with as many digits as they deserve, which differs from column to column.
class Figures {
 public:
  explicit Figures(Context& context) : context_(context) {}

  std::string Number(double value, int digits) const {
    return Grouped(fmt::format("{:.{}f}", value, digits), context_.language());
  }
  std::string Count(int64_t value) const { return Grouped(std::to_string(value), context_.language()); }
  std::string Share(double value) const { return Percent(value, context_.language(), false); }
  std::string Bounds(double low, double high) const {
    return Number(low, 3) + context_.Say({" to ", " à "}) + Number(high, 3);
  }

  // The first column stands at the left, the others at the right.
  void Write(const Words& title, const std::vector<Words>& headings, std::vector<Row> rows) const {
    if (rows.empty()) return;
    Row heading;
    for (const Words& words : headings) heading.push_back(context_.Say(words));
    rows.insert(rows.begin(), heading);
    std::vector<int> widths(headings.size());
    for (const Row& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
    context_.out << '\n' << context_.Say(title) << '\n';
    for (const Row& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        const std::string padding(static_cast<size_t>(widths[i] - DisplayWidth(row[i])), ' ');
        context_.out << (i == 0 ? "" : "  ") << (i == 0 ? row[i] + padding : padding + row[i]);
      }
      context_.out << '\n';
    }
  }

 private:
  Context& context_;
};

// `probable`: whether there are probabilities, which the Brier scores are of.
Row RowOf(const Figures& figures, const std::string& name, const v1::BacktestFigures& from, bool probable) {
  const bool has_brier = probable && from.sample_count() > 0;
  const bool absent = from.absence() != v1::ABSENCE_UNSPECIFIED;
  return {name,
          figures.Count(from.sample_count()),
          figures.Count(from.account_count()),
          figures.Count(from.event_count()),
          figures.Count(from.unscored_count()),
          absent ? kAbsent : figures.Number(from.auc(), 3),
          absent ? kAbsent : figures.Bounds(from.auc_low(), from.auc_high()),
          has_brier ? figures.Number(from.brier(), 4) : kAbsent,
          has_brier ? figures.Number(from.brier_base(), 4) : kAbsent,
          from.warned_count() == 0 ? kAbsent : figures.Number(from.median_lead_days(), 0),
          figures.Count(from.warned_count())};
}

void WriteFigures(Context& context, const Figures& figures, const v1::BacktestReport& report, std::string_view facet) {
  const bool probable = !report.calibration().empty();
  std::vector<Row> rows = {RowOf(figures, context.Say({"all", "tous"}), report.overall(), probable)};
  for (const v1::BacktestSegment& segment : report.segments()) {
    rows.push_back(RowOf(figures, GroupText(facet, segment.value(), context.language()), segment.figures(), probable));
  }
  figures.Write({"Figures", "Chiffres"},
                {{"ACCOUNTS", "COMPTES"},
                 {"SAMPLES", "ÉCHANTILLONS"},
                 {"OF ACCOUNTS", "DE COMPTES"},
                 {"WITH OUTCOME", "AVEC L'ISSUE"},
                 {"NO SCORE", "SANS SCORE"},
                 {"AUC", "AUC"},
                 {"95 %", "95 %"},
                 {"BRIER", "BRIER"},
                 {"BASE RATE'S", "DU TAUX DE BASE"},
                 {"LEAD, DAYS", "AVANCE, JOURS"},
                 {"WARNED", "PRÉVENUS"}},
                std::move(rows));
}

void WriteTops(const Figures& figures, const v1::BacktestReport& report) {
  std::vector<Row> rows;
  for (const v1::PrecisionAtK& top : report.overall().at_k()) {
    rows.push_back({figures.Share(top.share()), figures.Count(top.count()), figures.Share(top.precision()),
                    figures.Number(top.lift(), 2), figures.Share(top.recall())});
  }
  figures.Write({"Held likeliest", "Jugés les plus probables"},
                {{"TOP", "TÊTE"},
                 {"SAMPLES", "ÉCHANTILLONS"},
                 {"PRECISION", "PRÉCISION"},
                 {"LIFT", "GAIN"},
                 {"RECALL", "RAPPEL"}},
                std::move(rows));
}

void WriteCalibration(Context& context, const Figures& figures, const v1::BacktestReport& report) {
  std::vector<Row> rows;
  for (const v1::CalibrationBin& bin : report.calibration()) {
    rows.push_back(
        {figures.Number(bin.score_low(), 1) + context.Say({" to ", " à "}) + figures.Number(bin.score_high(), 1),
         figures.Count(bin.count()), figures.Share(bin.predicted()), figures.Share(bin.observed()),
         figures.Bounds(bin.observed_low(), bin.observed_high())});
  }
  figures.Write({"Calibration", "Calibration"},
                {{"SCORES", "SCORES"},
                 {"SAMPLES", "ÉCHANTILLONS"},
                 {"PREDICTED", "PRÉDIT"},
                 {"OBSERVED", "OBSERVÉ"},
                 {"95 %", "95 %"}},
                std::move(rows));
}

void WriteCutoffs(const Figures& figures, const v1::BacktestReport& report) {
  if (report.cutoffs_size() < 2) return;
  std::vector<Row> rows;
  for (const v1::BacktestCutoff& cutoff : report.cutoffs()) {
    rows.push_back({FormatDate(cutoff.day()), figures.Count(cutoff.sample_count()), figures.Count(cutoff.event_count()),
                    cutoff.absence() != v1::ABSENCE_UNSPECIFIED ? kAbsent : figures.Number(cutoff.auc(), 3)});
  }
  figures.Write({"By cut-off", "Par date d'observation"},
                {{"CUT-OFF", "DATE"}, {"SAMPLES", "ÉCHANTILLONS"}, {"WITH OUTCOME", "AVEC L'ISSUE"}, {"AUC", "AUC"}},
                std::move(rows));
}

// Figures that are no more than zeros: of too few samples, or without probabilities.
std::set<std::string> Meaningless(const v1::BacktestFigures& from, bool probable) {
  std::set<std::string> names;
  if (from.absence() != v1::ABSENCE_UNSPECIFIED) names.insert({"auc", "auc_low", "auc_high"});
  if (!probable || from.sample_count() == 0) names.insert({"brier", "brier_base"});
  if (from.warned_count() == 0) names.insert("median_lead_days");
  return names;
}

void WriteCsv(Context& context, const v1::BacktestReport& report) {
  FigureLines lines(context.out, context.output());
  const bool probable = !report.calibration().empty();
  lines.Add("overall", "", report.overall(), Meaningless(report.overall(), probable));
  for (const v1::BacktestSegment& segment : report.segments()) {
    lines.Add("segments", segment.value(), segment.figures(), Meaningless(segment.figures(), probable));
  }
  for (int i = 0; i < report.overall().at_k_size(); ++i) {
    lines.Add("at_k", std::to_string(i + 1), report.overall().at_k(i));
  }
  for (int i = 0; i < report.calibration_size(); ++i) {
    lines.Add("calibration", std::to_string(i + 1), report.calibration(i));
  }
  for (const v1::BacktestCutoff& cutoff : report.cutoffs()) {
    const bool absent = cutoff.absence() != v1::ABSENCE_UNSPECIFIED;
    lines.Add("cutoffs", FormatDate(cutoff.day()), cutoff,
              absent ? std::set<std::string>{"day", "auc"} : std::set<std::string>{"day"});
  }
}

void WriteCsv(Context& context, const v1::HealthFit& fit) {
  FigureLines lines(context.out, context.output());
  lines.Add("fit", "", fit, {"conclusion"});
  for (const v1::FittedMeasure& measure : fit.measures()) {
    std::set<std::string> said = {"dimension", "measure"};
    if (measure.dropped()) said.insert({"coefficient", "coefficient_low", "coefficient_high", "weight"});
    lines.Add("measures", measure.dimension() + "/" + measure.measure(), measure, said);
  }
}

template <class Report>
void Conclude(Context& context, const Report& report) {
  if (context.output().format == Format::kTable) context.out << report.conclusion() << '\n';
  for (const std::string& warning : report.warnings()) {
    context.err << context.Say({"note: ", "note : "}) << warning << '\n';
  }
}

}  // namespace

void WriteReport(Context& context, const v1::BacktestReport& report, std::string_view facet) {
  Conclude(context, report);
  if (context.output().format == Format::kCsv) return WriteCsv(context, report);
  const Figures figures(context);
  WriteFigures(context, figures, report, facet);
  WriteTops(figures, report);
  WriteCalibration(context, figures, report);
  WriteCutoffs(figures, report);
}

void WriteFit(Context& context, const v1::HealthFit& fit) {
  Conclude(context, fit);
  if (context.output().format == Format::kCsv) return WriteCsv(context, fit);
  const Figures figures(context);
  figures.Write({"Cross-validation", "Validation croisée"},
                {{"SAMPLES", "ÉCHANTILLONS"},
                 {"WITH OUTCOME", "AVEC L'ISSUE"},
                 {"AUC", "AUC"},
                 {"95 %", "95 %"},
                 {"BRIER", "BRIER"},
                 {"BASE RATE'S", "DU TAUX DE BASE"},
                 {"AUC OF THE GIVEN", "AUC DU MODÈLE DONNÉ"}},
                {{figures.Count(fit.sample_count()), figures.Count(fit.event_count()),
                  figures.Number(fit.cross_validated_auc(), 4), figures.Bounds(fit.auc_low(), fit.auc_high()),
                  figures.Number(fit.cross_validated_brier(), 4), figures.Number(fit.brier_base(), 4),
                  figures.Number(fit.given_auc(), 4)}});
  std::vector<Row> rows;
  for (const v1::FittedMeasure& measure : fit.measures()) {
    rows.push_back({measure.dimension() + " / " + measure.measure(),
                    measure.dropped() ? kAbsent : figures.Share(measure.weight()),
                    measure.dropped() ? kAbsent : figures.Number(measure.coefficient(), 3),
                    measure.dropped() ? kAbsent : figures.Bounds(measure.coefficient_low(), measure.coefficient_high()),
                    figures.Share(measure.coverage())});
  }
  figures.Write({"What was learnt", "Ce qui est appris"},
                {{"MEASURE", "MESURE"},
                 {"WEIGHT", "POIDS"},
                 {"LOG-ODDS", "COTE LOGARITHMIQUE"},
                 {"95 %", "95 %"},
                 {"DATA", "DONNÉES"}},
                std::move(rows));
}

}  // namespace folio::cli
