#include "server/scoring/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "server/measures/custom.h"
#include "server/measures/figure_text.h"

namespace folio::scoring {
namespace {

using measures::FigureText;
using measures::NumberText;

bool IsFrench(error::Locale locale) { return locale == error::Locale::kFrench; }

std::string CreditText(double credit, error::Locale locale) { return NumberText(100 * credit, locale) + " %"; }

// What the measure is: its description, or for a custom field its name.
std::string SubjectOf(const v1::HealthMeasure& measure, error::Locale locale) {
  const measures::Measure* known = measures::FindMeasure(measure.measure());
  if (known != nullptr) return std::string(IsFrench(locale) ? known->description_fr : known->description);
  const std::string id(measures::CustomIdOf(measure.measure()));
  return IsFrench(locale) ? fmt::format("Champ personnalisé « {} ».", id) : fmt::format("Custom field '{}'.", id);
}

std::string MissingText(v1::Absence absence, bool counts, double credit, error::Locale locale) {
  const bool french = IsFrench(locale);
  std::string why = french ? "Pas de donnée" : "No data";
  if (absence == v1::ABSENCE_TOO_YOUNG) {
    why = french ? "Trop peu d'historique pour comparer" : "Too little history to compare";
  } else if (absence == v1::ABSENCE_NO_DENOMINATOR) {
    why = french ? "Rien par quoi diviser" : "Nothing to divide by";
  }
  if (!counts) return why + (french ? " : son poids va aux autres mesures." : ": its weight goes to other measures.");
  return why + fmt::format(fmt::runtime(french ? " : compte pour {}." : ": counts as {}."), CreditText(credit, locale));
}

std::string ShareSentence(const Contribution& contribution, error::Locale locale) {
  const std::string points = PointsText(contribution.points, locale);
  if (contribution.share == Share::kBase) {
    return fmt::format(fmt::runtime(IsFrench(locale) ? "Point de départ de la dimension : {}."
                                                     : "What the dimension begins with: {}."),
                       points);
  }
  return fmt::format(fmt::runtime(IsFrench(locale) ? "La dimension reste entre 0 et 1 : {}."
                                                   : "The dimension is kept between 0 and 1: {}."),
                     points);
}

std::string RampText(const v1::RampKernel& ramp, std::string_view unit, error::Locale locale) {
  return fmt::format(fmt::runtime(IsFrench(locale) ? "De 0 % à {} jusqu'à 100 % à {}, en proportion."
                                                   : "From 0 % at {} to 100 % at {}, in proportion."),
                     FigureText(ramp.zero_at(), unit, locale), FigureText(ramp.full_at(), unit, locale));
}

std::string TiersText(const v1::TiersKernel& tiers, std::string_view unit, error::Locale locale) {
  const bool french = IsFrench(locale);
  std::string text = fmt::format("{}", CreditText(tiers.below(), locale));
  for (const v1::Tier& tier : tiers.tiers()) {
    text += fmt::format(fmt::runtime(french ? ", {} à partir de {}" : ", {} from {}"),
                        CreditText(tier.credit(), locale), FigureText(tier.from(), unit, locale));
  }
  return (french ? "Par paliers : " : "By steps: ") + text + ".";
}

std::string StatesText(const v1::ThreeStateKernel& states, std::string_view unit, error::Locale locale) {
  const bool upwards = states.good_from() > states.bad_from();
  const std::string good = FigureText(states.good_from(), unit, locale);
  const std::string bad = FigureText(states.bad_from(), unit, locale);
  if (IsFrench(locale)) {
    return fmt::format("Bon (100 %) à {} ou {}, mauvais (0 %) à {} ou {}, sinon 50 %.", good,
                       upwards ? "plus" : "moins", bad, upwards ? "moins" : "plus");
  }
  return fmt::format("Good (100 %) at {} or {}, bad (0 %) at {} or {}, else 50 %.", good, upwards ? "more" : "less",
                     bad, upwards ? "less" : "more");
}

std::string ChoicesText(const v1::ChoicesKernel& choices, error::Locale locale) {
  const bool french = IsFrench(locale);
  std::string text;
  for (const v1::ChoiceCredit& choice : choices.choices()) {
    text += fmt::format(fmt::runtime(french ? "« {} » {}, " : "'{}' {}, "), choice.choice(),
                        CreditText(choice.credit(), locale));
  }
  return (french ? "Par choix : " : "By choice: ") + text + (french ? "les autres " : "others ") +
         CreditText(choices.other(), locale) + ".";
}

}  // namespace

std::string PointsText(double points, error::Locale locale) {
  const std::string number = NumberText(points, locale);
  return number +
         (number == "1" || number == "-1" || (IsFrench(locale) && std::abs(points) < 2) ? " point" : " points");
}

std::string KernelSentence(const v1::HealthMeasure& measure, std::string_view unit, error::Locale locale) {
  switch (measure.kernel_case()) {
    case v1::HealthMeasure::kRamp:
      return RampText(measure.ramp(), unit, locale);
    case v1::HealthMeasure::kTiers:
      return TiersText(measure.tiers(), unit, locale);
    case v1::HealthMeasure::kThreeState:
      return StatesText(measure.three_state(), unit, locale);
    case v1::HealthMeasure::kChoices:
      return ChoicesText(measure.choices(), locale);
    case v1::HealthMeasure::KERNEL_NOT_SET:
      return "";
  }
  return "";
}

std::string ContributionSentence(const v1::HealthModel& model, const Contribution& contribution, std::string_view unit,
                                 const std::string& choice, error::Locale locale) {
  if (contribution.share != Share::kMeasure) return ShareSentence(contribution, locale);
  const bool french = IsFrench(locale);
  const v1::HealthMeasure& measure = model.dimensions(contribution.dimension).measures(contribution.measure);
  const std::string subject = SubjectOf(measure, locale) + " ";
  if (contribution.missing) {
    return subject + MissingText(contribution.absence, contribution.weight != 0, contribution.credit, locale);
  }
  const std::string figure = choice.empty() ? FigureText(contribution.value, unit, locale) : choice;
  std::string read = fmt::format(fmt::runtime(french ? "Valeur lue : {}" : "Value read: {}"), figure);
  if (contribution.carried_days > 0) {
    read += fmt::format(fmt::runtime(french ? " (il y a {} jours)" : " ({} days ago)"), contribution.carried_days);
  }
  return subject + fmt::format(fmt::runtime(french ? "{} ; crédit de {}, {}." : "{}; a credit of {}, {}."), read,
                               CreditText(contribution.credit, locale), PointsText(contribution.points, locale));
}

}  // namespace folio::scoring
