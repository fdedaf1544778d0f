#include <fmt/format.h>

#include <map>

#include "server/base/error.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

constexpr double kMinimum = 1;
constexpr double kMaximum = 7;

// Answers by their scale: scales are never averaged raw.
struct Effort {
  static constexpr std::string_view kId = "ces";
  static constexpr std::array kKinds = {ledger::EntryKind::kCes};

  void Add(ledger::EntryKind, const ledger::Entry& entry) { by_scale[entry.mark].Add(entry.value); }
  void Merge(const Effort& other) {
    for (const auto& [scale, tally] : other.by_scale) by_scale[scale].Merge(tally);
  }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return std::ssize(by_scale) * 96; }

  std::map<uint16_t, Tally> by_scale;
};

// Every value x becomes factor * x + offset, in millionths; exact where both are whole.
Tally Scaled(const Tally& tally, double factor, double offset) {
  const auto n = static_cast<long double>(tally.count);
  const auto sum = static_cast<long double>(tally.sum);
  const long double shift = static_cast<long double>(offset) * ledger::kMillion;
  Tally scaled{.count = tally.count};
  scaled.sum = static_cast<Int128>(std::roundl(factor * sum + shift * n));
  scaled.squares = static_cast<Int128>(std::roundl(factor * factor * static_cast<long double>(tally.squares) +
                                                   2 * factor * shift * sum + shift * shift * n));
  return scaled;
}

Figure Mean(const Effort& sum, const EntriesContext& context) {
  Tally all;
  for (const auto& [number, tally] : sum.by_scale) {
    const ledger::Scale& scale = context.scales[number];
    if (scale.minimum != kMinimum || scale.maximum != kMaximum) {
      Figure refused{.sample_size = tally.count};
      refused.fault = error::Precondition(
          "SCALES_MIXED",
          {{"scale", fmt::format("{} to {}", scale.minimum, scale.maximum)}, {"count", std::to_string(tally.count)}});
      return refused;
    }
    all.Merge(scale.low_is_easy ? tally : Scaled(tally, -1, kMinimum + kMaximum));
  }
  return MeanOf(all);
}

Figure Ease(const Effort& sum, const EntriesContext& context) {
  Tally all;
  for (const auto& [number, tally] : sum.by_scale) {
    const ledger::Scale& scale = context.scales[number];
    const double factor = 100 / (scale.maximum - scale.minimum);
    all.Merge(scale.low_is_easy ? Scaled(tally, -factor, factor * scale.maximum)
                                : Scaled(tally, factor, -factor * scale.minimum));
  }
  return MeanOf(all);
}

const Registrar kCes({
    .id = "ces",
    .name = "Customer effort score",
    .name_fr = "Score d'effort client",
    .description =
        "Mean of the answers on a scale from 1 to 7, 1 being the least effort. Where a high answer means little "
        "effort it is turned round; answers on other scales are refused.",
    .description_fr =
        "Moyenne des réponses sur une échelle de 1 à 7, 1 étant le moindre effort. Une réponse haute qui veut "
        "dire peu d'effort est retournée ; d'autres échelles sont refusées.",
    .formula = "{numerator} ÷ {n}",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_SCALE_1_TO_7,
    .higher_is_better = false,
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .inputs = {"facts.survey_answer"},
    .method = std::make_shared<EntriesMethod<Effort>>(Mean),
});

const Registrar kCesEase({
    .id = "ces_ease",
    .variant_of = "ces",
    .name = "Customer ease",
    .name_fr = "Facilité pour le client",
    .description = "Mean of the answers, each taken to 0–100 on its own scale, 100 being no effort at all.",
    .description_fr = "Moyenne des réponses, chacune ramenée de son échelle à 0–100, 100 étant l'absence d'effort.",
    .formula = "{numerator} ÷ {n}",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_POINTS,
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .inputs = {"facts.survey_answer"},
    .method = std::make_shared<EntriesMethod<Effort>>(Ease),
});

}  // namespace
}  // namespace folio::indicators
