#include "server/signals/figure.h"

#include "server/base/nearest.h"

namespace folio::signals {
namespace {

using measures::Measure;
using measures::Reading;

constexpr int kHealth = 0;
constexpr int kHealthChange = 1;
constexpr Measure kHealthMeasures[] = {
    {"health", "points", 0, nullptr, "Health score, 0 to 100.", "Score de santé, de 0 à 100."},
    {"health_change", "points", 30, nullptr, "Health score against the score at the beginning of the window.",
     "Score de santé comparé au score en début de période."},
};

Reading ReadHealth(const Figure& figure, const account::View& view, const AccountSource& source) {
  const Reading now = source.HealthOn(view);
  if (figure.measure == &kHealthMeasures[kHealth] || now.missing()) return now;
  account::View past = view;
  past.today -= figure.window_days;
  const Reading then = source.HealthOn(past);
  if (then.missing()) return then;
  return {now.value - then.value, v1::ABSENCE_UNSPECIFIED, now.fact_count};
}

Reading ReadFigure(const Figure& figure, const account::View& view, const AccountSource& source) {
  if (figure.measure == nullptr) return {source.Matches(figure.filter, view) ? 1.0 : 0.0, v1::ABSENCE_UNSPECIFIED, 0};
  if (figure.measure->read == nullptr) return ReadHealth(figure, view, source);
  return figure.measure->read(view, figure.window_days);
}

static_assert(std::size(kHealthMeasures) == kHealthChange + 1);

}  // namespace

std::span<const Measure> HealthMeasures() { return kHealthMeasures; }

const Measure* FindRuleMeasure(std::string_view name) {
  for (const Measure& measure : kHealthMeasures) {
    if (measure.name == name) return &measure;
  }
  return measures::FindMeasure(name);
}

std::string NearestRuleMeasure(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Measure& measure : kHealthMeasures) names.push_back(measure.name);
  for (const Measure& measure : measures::AllMeasures()) names.push_back(measure.name);
  return NearestName(name, names);
}

void Sheet::Turn(const account::View& view, const AccountSource& source) {
  view_ = &view;
  source_ = &source;
  ++turn_;
}

const Reading& Sheet::At(int figure) {
  const auto at = static_cast<size_t>(figure);
  if (read_in_[at] != turn_) {
    read_in_[at] = turn_;
    readings_[at] = ReadFigure(figures_[at], *view_, *source_);
  }
  return readings_[at];
}

}  // namespace folio::signals
