#include "server/proof/words.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "server/learning/events.h"
#include "server/measures/custom.h"

namespace folio::proof {
namespace {

bool IsFrench(error::Locale locale) { return locale == error::Locale::kFrench; }

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string Bounds(const statistics::Interval& interval, error::Locale locale) {
  return fmt::format(fmt::runtime(IsFrench(locale) ? "{} à {} à 95 %" : "{} to {} at 95 %"),
                     Decimal(interval.low, 3, locale), Decimal(interval.high, 3, locale));
}

// "AUC 0.512 (0.461 to 0.563 at 95 %), 1200 samples of 300 accounts, 80 with the outcome"
std::string Measured(const AreaFigures& area, error::Locale locale) {
  return fmt::format(
      fmt::runtime(IsFrench(locale) ? "AUC {} ({}), {} échantillons de {} comptes, dont {} avec l'issue"
                                    : "AUC {} ({}), {} samples of {} accounts, {} of them with the outcome"),
      Decimal(area.value, 3, locale), Bounds(area.interval, locale), area.sample_count, area.account_count,
      area.event_count);
}

// Measures of the model that read what is kept without dates.
std::vector<std::string> MeasuresAsNow(const v1::HealthModel& model) {
  // Seats are those of the account or the subscription as they stand.
  constexpr std::string_view kUndated = "active_seat_share";
  std::set<std::string> names;
  for (const v1::HealthDimension& dimension : model.dimensions()) {
    for (const v1::HealthMeasure& measure : dimension.measures()) {
      const std::string& name = measure.measure();
      if (name == kUndated || !measures::CustomIdOf(name).empty()) names.insert(name);
    }
  }
  return {names.begin(), names.end()};
}

std::string ChosenByChance(const Question& question, error::Locale locale) {
  if (question.by_sample) {
    return fmt::format(
        fmt::runtime(
            IsFrench(locale)
                ? "{} des {} échantillons ont été tirés au sort (graine {}) : il y en a trop pour apprendre de "
                  "tous. Chacun avait la même chance : les chiffres sont ceux de l'ensemble."
                : "{} of the {} samples were chosen by chance (seed {}): there are too many to learn from all. "
                  "Each was as likely as any other, so that the figures are those of all."),
        question.total(), question.census.sample_count, kSeed);
  }
  return fmt::format(
      fmt::runtime(IsFrench(locale) ? "{} des {} comptes qui peuvent compter ont été tirés au sort (graine {}) : il y "
                                      "en a trop pour les noter tous."
                                    : "{} of the {} accounts that can count were chosen by chance (seed {}): there are "
                                      "too many to score all."),
      question.accounts.size(), question.census.account_count, kSeed);
}

}  // namespace

std::string Decimal(double value, int digits, error::Locale locale) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (IsFrench(locale)) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

absl::Status NothingCounts(const Question& question) {
  const Census& census = question.census;
  const std::string accounts = std::to_string(census.matching_count);
  if (!question.outcome.is_renewal()) return error::Precondition("OUTCOME_NEVER_KNOWN", {{"accounts", accounts}});
  if (census.renewing_count == 0) return error::Precondition("OUTCOME_WITHOUT_RENEWALS", {{"accounts", accounts}});
  return error::Precondition("OUTCOME_OUT_OF_REACH", {{"renewing", std::to_string(census.renewing_count)},
                                                      {"days", std::to_string(question.outcome.horizon_days())}});
}

absl::Status RefusedOfSome(const absl::Status& refused, const Question& question) {
  if (error::ReasonOf(refused) != "OUTCOMES_TOO_FEW") return refused;
  std::vector<error::Detail> details = error::FaultsOf(refused).front().details;
  details.emplace_back("chosen", std::to_string(question.total()));
  details.emplace_back("samples", std::to_string(question.census.sample_count));
  return error::Precondition("OUTCOMES_TOO_FEW_CHOSEN", std::move(details));
}

std::string ConclusionOfBacktest(const Question& question, const AreaFigures& area, error::Locale locale) {
  const bool french = IsFrench(locale);
  if (question.census.sample_count == 0) {
    return (french ? "Rien ne peut être dit : " : "Nothing can be told: ") +
           error::Localize(NothingCounts(question), locale) + ".";
  }
  if (area.absent) {
    return french ? fmt::format("Rien ne peut être dit : sur {} échantillons, {} ont l'issue.", area.sample_count,
                                area.event_count)
                  : fmt::format("Nothing can be told: of {} samples, {} have the outcome.", area.sample_count,
                                area.event_count);
  }
  const std::string measured = Measured(area, locale);
  if (area.interval.low > 0.5) {
    return (french ? "Ce modèle prédit l'issue : " : "This model predicts the outcome: ") + measured + ".";
  }
  if (area.interval.high < 0.5) {
    return (french ? "Ce modèle prédit l'issue à l'envers : "
                   : "This model predicts the outcome the wrong way round: ") +
           measured + ".";
  }
  return (french ? "Rien n'indique que ce modèle prédise l'issue : "
                 : "There is no evidence that this model predicts the outcome: ") +
         measured + ".";
}

std::string ConclusionOfFit(const AreaFigures& area, double given, error::Locale locale) {
  const bool french = IsFrench(locale);
  const std::string measured = Measured(area, locale);
  const std::string before = Decimal(given, 3, locale);
  if (area.interval.low > 0.5) {
    return french
               ? fmt::format("Ce qui est appris prédit l'issue de comptes jamais vus : {}. Le modèle donné : AUC {}.",
                             measured, before)
               : fmt::format(
                     "What was learnt predicts the outcome of accounts that it had not seen: {}. The model "
                     "given: AUC {}.",
                     measured, before);
  }
  return french ? fmt::format(
                      "Rien n'indique que ce modèle prédise l'issue de comptes jamais vus : {}. Ne le publiez "
                      "pas sur la foi de ces données.",
                      measured)
                : fmt::format(
                      "There is no evidence that this model predicts the outcome of accounts that it had not "
                      "seen: {}. Do not publish it on the strength of these data.",
                      measured);
}

std::string ReasonOf(double coefficient, const statistics::Interval& interval, int64_t event_count, bool learnt_kernel,
                     error::Locale locale) {
  const std::string value = Decimal(coefficient, 3, locale);
  const std::string low = Decimal(interval.low, 3, locale);
  const std::string high = Decimal(interval.high, 3, locale);
  if (IsFrench(locale)) {
    return fmt::format("Appris de {} issues : le plein crédit change la cote logarithmique de {} ({} à {} à 95 %){}.",
                       event_count, value, low, high, learnt_kernel ? " ; noyau appris aussi" : "");
  }
  return fmt::format("Learnt from {} outcomes: full credit moves the log-odds by {} ({} to {} at 95 %){}.", event_count,
                     value, low, high, learnt_kernel ? "; the kernel was learnt too" : "");
}

std::vector<std::string> WarningsOf(const Question& question, int64_t event_accounts, error::Locale locale) {
  const bool french = IsFrench(locale);
  std::vector<std::string> warnings;
  if (question.sampled()) warnings.push_back(ChosenByChance(question, locale));
  if (event_accounts < learning::kEventsMin) {
    warnings.push_back(french ? fmt::format("Seuls {} comptes ont l'issue : sous {}, les intervalles sont larges.",
                                            event_accounts, learning::kEventsMin)
                              : fmt::format("Only {} accounts have the outcome: below {}, intervals are wide.",
                                            event_accounts, learning::kEventsMin));
  }
  const int64_t undated = question.census.undated_count;
  if (undated > 0) {
    warnings.push_back(
        french ? fmt::format("{} comptes ont un revenu sans abonnement, donc sans dates : ils sont laissés de côté.",
                             undated)
               : fmt::format("{} accounts have revenue without a subscription, so without dates: they are left out.",
                             undated));
  }
  const std::vector<std::string> as_now = MeasuresAsNow(question.model().proto());
  if (question.outcome.has_date() && !as_now.empty()) {
    warnings.push_back((french
                            ? "Lus, en tout ou partie, tels qu'ils sont aujourd'hui et non à la date d'observation : "
                            : "Read, in whole or part, as they are now and not as they were on the cut-off: ") +
                       Joined(as_now) + ".");
  }
  if (!question.outcome.has_date()) {
    warnings.emplace_back(
        french ? "Un champ personnalisé n'a pas de date : ce que le modèle lit peut être postérieur à l'issue."
               : "A custom field has no date: what the model reads may have come after the outcome.");
  }
  if (question.has_filter && question.outcome.has_date()) {
    warnings.emplace_back(french ? "Le filtre choisit les comptes tels qu'ils sont aujourd'hui."
                                 : "The filter chooses accounts as they are now.");
  }
  return warnings;
}

std::string SegmentsAsNow(error::Locale locale) {
  return IsFrench(locale) ? "Les segments sont ceux d'aujourd'hui." : "Segments are those of today.";
}

std::string SegmentsCut(int64_t shown, error::Locale locale) {
  return fmt::format(fmt::runtime(IsFrench(locale) ? "Seuls les {} plus grands segments sont rapportés."
                                                   : "Only the {} largest segments are reported."),
                     shown);
}

std::string NoProbabilities(error::Locale locale) {
  return IsFrench(locale) ? "Trop peu de comptes avec ou sans l'issue pour en tirer des probabilités : ni score de "
                            "Brier ni calibration."
                          : "Too few accounts with or without the outcome to make probabilities: no Brier score, no "
                            "calibration.";
}

std::string MeasuresDropped(const std::vector<std::string>& names, error::Locale locale) {
  return (IsFrench(locale) ? "Écartées, faute de données ou d'effet dans le sens de leur noyau : "
                           : "Left out, for want of data or of an effect in the direction of their kernel: ") +
         Joined(names) + ".";
}

std::string MeansInstead(error::Locale locale) {
  return IsFrench(locale)
             ? "Un chiffre manquant a compté pour la moyenne des autres ; dans le score, il compte selon la "
               "règle de sa mesure."
             : "A missing figure counted as the mean of the others; in the score, it counts as its "
               "measure's policy says.";
}

std::string CombinationsAsMeans(error::Locale locale) {
  return IsFrench(locale) ? "Les dimensions additives ou au pire crédit sont devenues des moyennes pondérées."
                          : "Additive and worst-of dimensions have become weighted means.";
}

std::string SeenByFit(error::Locale locale) {
  return IsFrench(locale) ? "Un back-test de ce modèle sur les mêmes comptes le flatterait : fiez-vous aux chiffres de "
                            "la validation croisée."
                          : "A back-test of this model on the same accounts would flatter it: trust the "
                            "cross-validated figures.";
}

}  // namespace folio::proof
