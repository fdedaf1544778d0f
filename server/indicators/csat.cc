#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

// Three quarters of the way up: 4 of 1 to 5, 8 of 1 to 10, 6 of 1 to 7.
constexpr int64_t kTopBoxFrom = ledger::kMillion * 3 / 4;
constexpr int kPoints = 100;

struct Satisfaction {
  static constexpr std::string_view kId = "csat";
  static constexpr std::array kKinds = {ledger::EntryKind::kCsat};

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    points.Add(entry.value * kPoints);
    if (entry.value >= kTopBoxFrom) ++satisfied;
  }
  void Merge(const Satisfaction& other) {
    points.Merge(other.points);
    satisfied += other.satisfied;
  }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return 0; }

  Tally points;
  int64_t satisfied = 0;
};

Figure Share(const Satisfaction& sum, const EntriesContext&) {
  return ShareOf(sum.satisfied, sum.points.count, v1::ABSENCE_NO_DATA);
}

Figure Mean(const Satisfaction& sum, const EntriesContext&) { return MeanOf(sum.points); }

const Registrar kCsat({
    .id = "csat",
    .name = "Customer satisfaction",
    .name_fr = "Satisfaction client",
    .description =
        "Share of the answers in the top box: three quarters up their scale or more, so 4 and 5 of 5, 8 to 10 of "
        "10. Answers to surveys and after tickets.",
    .description_fr =
        "Part des réponses du haut de l'échelle : aux trois quarts ou plus, donc 4 et 5 sur 5, 8 à 10 sur 10. "
        "Réponses aux enquêtes et après les tickets.",
    .formula = "{numerator} ÷ {n}",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_RATIO,
    .interval = v1::INTERVAL_METHOD_WILSON,
    .inputs = {"facts.survey_answer", "facts.ticket"},
    .method = std::make_shared<EntriesMethod<Satisfaction>>(Share),
});

const Registrar kCsatMean({
    .id = "csat_mean",
    .variant_of = "csat",
    .name = "Customer satisfaction, mean",
    .name_fr = "Satisfaction client, moyenne",
    .description = "Mean of the answers, each taken to 0–100 on its own scale.",
    .description_fr = "Moyenne des réponses, chacune ramenée de son échelle à 0–100.",
    .formula = "{numerator} ÷ {n}",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_POINTS,
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .inputs = {"facts.survey_answer", "facts.ticket"},
    .method = std::make_shared<EntriesMethod<Satisfaction>>(Mean),
});

}  // namespace
}  // namespace folio::indicators
