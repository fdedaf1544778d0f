#include "server/signals/evidence.h"

#include <cmath>

#include "fmt/format.h"

namespace folio::signals {
namespace {

v1::SignalEvidence& Add(std::string_view id, Finding* finding) {
  v1::SignalEvidence& evidence = finding->evidence.emplace_back();
  evidence.set_id(std::string(id));
  return evidence;
}

const v1::SignalEvidence* Find(const Finding& finding, std::string_view id) {
  for (const v1::SignalEvidence& evidence : finding.evidence) {
    if (evidence.id() == id) return &evidence;
  }
  return nullptr;
}

}  // namespace

void AddNumber(std::string_view id, double number, std::string_view unit, Finding* finding) {
  v1::SignalEvidence& evidence = Add(id, finding);
  evidence.set_number(number);
  evidence.set_unit(std::string(unit));
}

void AddDate(std::string_view id, Day day, Finding* finding) { *Add(id, finding).mutable_date() = ToProtoDate(day); }

void AddText(std::string_view id, std::string_view text, Finding* finding) {
  Add(id, finding).set_text(std::string(text));
}

double NumberIn(const Finding& finding, std::string_view id) {
  const v1::SignalEvidence* evidence = Find(finding, id);
  return evidence == nullptr ? 0 : evidence->number();
}

Day DateIn(const Finding& finding, std::string_view id) {
  const v1::SignalEvidence* evidence = Find(finding, id);
  return evidence == nullptr ? kNoDay : FromProto(evidence->date()).value_or(kNoDay);
}

std::string TextIn(const Finding& finding, std::string_view id) {
  const v1::SignalEvidence* evidence = Find(finding, id);
  return evidence == nullptr ? std::string() : evidence->text();
}

std::string TellDate(Day day, error::Locale locale) {
  if (locale != error::Locale::kFrench) return FormatDay(day);
  const YearMonthDay date = DateOf(day);
  return fmt::format("{:02}/{:02}/{}", date.day, date.month, date.year);
}

std::string TellPercent(double ratio) { return fmt::format("{:.0f} %", std::round(ratio * 100)); }

std::string TellDaysAhead(double days, error::Locale locale) {
  const bool french = locale == error::Locale::kFrench;
  if (days < 1) return french ? "aujourd'hui" : "today";
  const char* plural = days > 1 ? "s" : "";
  return french ? fmt::format("dans {:.0f} jour{}", days, plural) : fmt::format("in {:.0f} day{}", days, plural);
}

std::string TellCount(double count) { return fmt::format("{:.0f}", count); }

}  // namespace folio::signals
