#include "server/signals/finding.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "server/base/error_template.h"
#include "server/measures/figure_text.h"

namespace folio::signals {
namespace {

using error::Locale;

std::string TellDate(Day day, Locale locale) {
  if (locale != Locale::kFrench) return FormatDay(day);
  const YearMonthDay date = DateOf(day);
  return fmt::format("{:02}/{:02}/{}", date.day, date.month, date.year);
}

// Without its sign, which the sentence tells in words; shares in whole hundredths, others to a tenth.
std::string TellNumber(double number, std::string_view unit, const Reader& reader) {
  const double step = unit == "ratio" || unit == "money" ? 100 : 10;
  return measures::FigureText(std::round(std::abs(number) * step) / step, unit, reader.locale, reader.currency);
}

struct Told {
  v1::SignalEvidence evidence;
  std::string text;
};

Told Tell(const v1::SignalFigure& figure, const Figure& what, double value, Day today, const Reader& reader) {
  Told told;
  told.evidence.set_id(figure.id());
  const auto days = static_cast<Day>(std::lround(value));
  const auto set_date = [&](Day day) {
    *told.evidence.mutable_date() = ToProtoDate(day);
    told.text = TellDate(day, reader.locale);
  };
  switch (figure.form()) {
    case v1::FIGURE_FORM_DATE_BEFORE:
      set_date(today - days);
      break;
    case v1::FIGURE_FORM_DATE_AHEAD:
      set_date(today + days);
      break;
    case v1::FIGURE_FORM_YES_NO:
      told.evidence.set_text(value >= 1 ? "yes" : "no");
      told.text = measures::FigureText(value >= 1 ? 1 : 0, "flag", reader.locale);
      break;
    default:
      told.evidence.set_number(value);
      told.evidence.set_unit(std::string(what.measure->unit));
      told.text = TellNumber(value, what.measure->unit, reader);
  }
  return told;
}

void AddEvidence(v1::SignalEvidence evidence, Finding* finding) {
  const auto known = std::find_if(finding->evidence.begin(), finding->evidence.end(),
                                  [&](const v1::SignalEvidence& other) { return other.id() == evidence.id(); });
  if (known == finding->evidence.end()) finding->evidence.push_back(std::move(evidence));
}

void AddSentence(const std::string& sentence, Finding* finding) {
  if (sentence.empty() || finding->summary.find(sentence) != std::string::npos) return;
  if (!finding->summary.empty()) finding->summary += ' ';
  finding->summary += sentence;
}

}  // namespace

Finding Describe(const Rule& rule, Sheet& sheet, const Reader& reader) {
  Finding finding;
  for (size_t i = 0; i < rule.alternatives().size(); ++i) {
    const Rule::Alternative& alternative = rule.alternatives()[i];
    if (!Rule::Stays(alternative, sheet)) continue;
    const v1::SignalAlternative& proto = rule.proto().alternatives(static_cast<int>(i));
    error::Fault sentence;
    for (int f = 0; f < proto.evidence_size(); ++f) {
      const int position = alternative.evidence[static_cast<size_t>(f)];
      const measures::Reading& reading = sheet.At(position);
      if (reading.missing()) continue;
      Told told = Tell(proto.evidence(f), sheet.figure(position), reading.value, sheet.view().today, reader);
      sentence.details.emplace_back(told.evidence.id(), std::move(told.text));
      AddEvidence(std::move(told.evidence), &finding);
    }
    const bool french = reader.locale == Locale::kFrench && !proto.summary_fr().empty();
    AddSentence(error::Render(french ? proto.summary_fr() : proto.summary(), sentence, reader.locale), &finding);
  }
  finding.expected_value = rule.ExpectedValue(sheet.view());
  return finding;
}

Day Since(const RuleSet& rules, const Rule& rule, const account::View& view, const AccountSource& source) {
  Sheet sheet = rules.NewSheet();
  account::View past = view;
  Day since = kNoDay;
  for (; past.today >= view.today - kLookBackDays; --past.today) {
    sheet.Turn(past, source);
    const Verdict verdict = rule.Judge(sheet);
    if (verdict.stays == v1::SIGNAL_SEVERITY_UNSPECIFIED) break;
    if (verdict.begins != v1::SIGNAL_SEVERITY_UNSPECIFIED) since = past.today;
  }
  return since;
}

}  // namespace folio::signals
