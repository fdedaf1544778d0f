#include "server/indicators/nps.h"

#include "absl/container/flat_hash_map.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {

void Promotion::Add(int64_t answer) {
  constexpr int64_t kPromoterFrom = 9 * ledger::kMillion;
  constexpr int64_t kPassiveFrom = 7 * ledger::kMillion;
  ++(answer >= kPromoterFrom ? promoters : answer >= kPassiveFrom ? passives : detractors);
}

void Promotion::Merge(const Promotion& other) {
  promoters += other.promoters;
  passives += other.passives;
  detractors += other.detractors;
}

Figure NetPromoterScore(const Promotion& promotion) {
  const int64_t answers = promotion.answers();
  Figure figure{.numerator = static_cast<double>(promotion.promoters - promotion.detractors),
                .denominator = static_cast<double>(answers),
                .sample_size = answers};
  figure.parts = {PartNumber(static_cast<double>(promotion.promoters)),
                  PartNumber(static_cast<double>(promotion.passives)),
                  PartNumber(static_cast<double>(promotion.detractors))};
  if (answers == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  figure.number = 100 * figure.numerator / figure.denominator;
  figure.interval = statistics::NpsInterval(promotion.promoters, promotion.detractors, answers);
  return figure;
}

namespace {

const std::vector<Part> kClasses = {{"promoters", "Promoters (9, 10)", "Promoteurs (9, 10)"},
                                    {"passives", "Passives (7, 8)", "Passifs (7, 8)"},
                                    {"detractors", "Detractors (0 to 6)", "Détracteurs (0 à 6)"}};

// Every answer.
struct AllAnswers {
  static constexpr std::string_view kId = "nps_all_answers";
  static constexpr std::array kKinds = {ledger::EntryKind::kNps};

  void Add(ledger::EntryKind, const ledger::Entry& entry) { promotion.Add(entry.value); }
  void Merge(const AllAnswers& other) { promotion.Merge(other.promotion); }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return 0; }

  Promotion promotion;
};

// The last answer of each respondent of an account. Who does not tell a name is somebody else each time.
struct LastAnswers {
  static constexpr std::string_view kId = "nps_last_answers";
  static constexpr std::array kKinds = {ledger::EntryKind::kNps};

  struct Answer {
    Instant time = 0;
    int64_t record = 0;
    int64_t value = 0;

    bool IsAfter(const Answer& other) const { return time != other.time ? time > other.time : record > other.record; }
  };

  static uint64_t RespondentOf(const ledger::Entry& entry) {
    return entry.who ^ (uint64_t{entry.account} * 0x9e3779b97f4a7c15);
  }

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    if (entry.who == 0) {
      anonymous.Add(entry.value);
    } else {
      Take(RespondentOf(entry), {entry.time, entry.record, entry.value});
    }
  }
  void Take(uint64_t respondent, const Answer& answer) {
    const auto [known, is_new] = last.try_emplace(respondent, answer);
    if (!is_new && answer.IsAfter(known->second)) known->second = answer;
  }
  void Merge(const LastAnswers& other) {
    anonymous.Merge(other.anonymous);
    for (const auto& [respondent, answer] : other.last) Take(respondent, answer);
  }
  bool Counts(const ledger::Entry& entry) const {
    return entry.who == 0 || last.at(RespondentOf(entry)).record == entry.record;
  }
  int64_t bytes() const { return static_cast<int64_t>(last.capacity()) * 33; }

  Promotion anonymous;
  absl::flat_hash_map<uint64_t, Answer> last;
};

Figure OfAll(const AllAnswers& sum, const EntriesContext&) { return NetPromoterScore(sum.promotion); }

Figure OfLast(const LastAnswers& sum, const EntriesContext&) {
  Promotion promotion = sum.anonymous;
  for (const auto& [respondent, answer] : sum.last) promotion.Add(answer.value);
  return NetPromoterScore(promotion);
}

const Registrar kNps({
    .id = "nps",
    .name = "Net promoter score",
    .name_fr = "Score net de promotion",
    .description = "100 × (promoters − detractors) ÷ answers, of the last answer of each respondent in the period.",
    .description_fr =
        "100 × (promoteurs − détracteurs) ÷ réponses, d'après la dernière réponse de chacun dans la période.",
    .formula = "100 × ({promoters} − {detractors}) ÷ {n}",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_POINTS,
    .north_star = true,
    .interval = v1::INTERVAL_METHOD_ADJUSTED_WALD,
    .inputs = {"facts.survey_answer"},
    .parts = kClasses,
    .method = std::make_shared<EntriesMethod<LastAnswers>>(OfLast),
});

const Registrar kNpsAllAnswers({
    .id = "nps_all_answers",
    .variant_of = "nps",
    .name = "Net promoter score, all answers",
    .name_fr = "Score net de promotion, toutes réponses",
    .description = "100 × (promoters − detractors) ÷ answers, of every answer in the period.",
    .description_fr = "100 × (promoteurs − détracteurs) ÷ réponses, d'après toutes les réponses de la période.",
    .formula = "100 × ({promoters} − {detractors}) ÷ {n}",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_POINTS,
    .interval = v1::INTERVAL_METHOD_ADJUSTED_WALD,
    .inputs = {"facts.survey_answer"},
    .parts = kClasses,
    .method = std::make_shared<EntriesMethod<AllAnswers>>(OfAll),
});

}  // namespace
}  // namespace folio::indicators
