// pipeline_value, pipeline_value_weighted: what the open deals are worth.
#include <xxhash.h>

#include "server/indicators/indicator.h"
#include "server/indicators/sales.h"

namespace folio::indicators {
namespace {

struct Open {
  static constexpr std::string_view kId = "open_deals";
  using Row = ledger::Deal;
  using Inputs = Worths;

  void Add(const ledger::Deal& deal, const Period& period, const Worths& worths) {
    if (!IsOpenAtEnd(deal, period)) return;
    ++count;
    worth.Add(deal, deal.opened, worths);
  }
  void Merge(const Open& other) {
    count += other.count;
    worth.Merge(other.worth);
  }
  static int64_t bytes() { return 0; }

  int64_t count = 0;
  DealAmounts worth;
};

Figure Value(const Open& sum, const Context& context) {
  const PartValue amount = PartMoney(sum.worth.sum());
  Figure figure{.micros = amount.micros,
                .numerator = UnitsOf(sum.worth.sum()),
                .sample_size = sum.count,
                .fault = sum.worth.fault(context.question)};
  figure.parts = {PartNumber(static_cast<double>(sum.count)),
                  PartNumber(static_cast<double>(sum.worth.without_amount))};
  return figure;
}

// How the deals that passed through a stage ended.
struct Passed {
  int64_t won = 0;
  int64_t closed = 0;
  void Merge(const Passed& other) {
    won += other.won;
    closed += other.closed;
  }
};

// How likely deals are to be won: what somebody said of the deal, else the share of the closed deals that passed
// through its stage and were won, of the whole workspace up to now.
class Chances {
 public:
  explicit Chances(const Question& question) : worths(question) {
    using Table = ledger::RowTable<ledger::Deal>;
    Table::ForEach(*question.state.deals, 0, std::ssize(*question.state.deals), [&](const ledger::Deal& deal) {
      if (deal.closed == kNoInstant) return;
      for (const StageStay& stay : StaysOf(deal, INT64_MAX)) {
        Passed& passed = stages_[stay.stage];
        ++passed.closed;
        if (deal.won) ++passed.won;
      }
    });
  }

  uint64_t digest() const {
    std::vector<int64_t> read = {static_cast<int64_t>(worths.digest())};
    for (const auto& [stage, passed] : stages_.sums) read.insert(read.end(), {stage, passed.won, passed.closed});
    return XXH3_64bits(read.data(), read.size() * sizeof(int64_t));
  }

  // As a fraction; of 0 where nothing tells it.
  struct Share {
    int64_t part = 0;
    int64_t whole = 0;
  };
  Share Of(const ledger::Deal& deal, Instant when) const {
    if (deal.probability >= 0) return {deal.probability, ledger::kMillion};
    const Passed* passed = nullptr;
    for (const ledger::StageStep& step : deal.stages) {
      if (step.time < when) passed = stages_.Find(step.stage);
    }
    return passed == nullptr ? Share() : Share{passed->won, passed->closed};
  }

  const Worths worths;

 private:
  ByStage<Passed> stages_;
};

// Rounded half to even. `whole` is above zero, `part` not negative.
Micros Fraction(Micros amount, Chances::Share share) {
  const Int128 product = static_cast<Int128>(amount) * share.part;
  const Int128 rest = product % share.whole * 2;
  Int128 quotient = product / share.whole;
  if (rest > share.whole || (rest == share.whole && quotient % 2 == 1)) ++quotient;
  return static_cast<Micros>(quotient);
}

struct Weighted {
  static constexpr std::string_view kId = "open_deals_weighted";
  using Row = ledger::Deal;
  using Inputs = Chances;

  void Add(const ledger::Deal& deal, const Period& period, const Chances& chances) {
    if (!IsOpenAtEnd(deal, period)) return;
    open.Add(deal, period, chances.worths);
    if (deal.amount == ledger::kNoAmount) return;
    const Chances::Share share = chances.Of(deal, period.read_end);
    if (share.whole == 0) {
      ++without_probability;
      return;
    }
    const int64_t worth = chances.worths.Of(deal.amount, deal.currency, deal.opened);
    if (worth != ledger::kNoValue) weighted += Fraction(worth, share);
  }
  void Merge(const Weighted& other) {
    open.Merge(other.open);
    weighted += other.weighted;
    without_probability += other.without_probability;
  }
  static int64_t bytes() { return 0; }

  Open open;
  Int128 weighted = 0;
  int64_t without_probability = 0;
};

Figure WeightedValue(const Weighted& sum, const Context& context) {
  Figure figure = Value(sum.open, context);
  figure.micros = PartMoney(sum.weighted).micros;
  figure.numerator = UnitsOf(sum.weighted);
  figure.parts.push_back(PartNumber(static_cast<double>(sum.without_probability)));
  figure.parts.push_back(PartMoney(sum.open.worth.sum()));
  return figure;
}

Indicator Pipeline(Indicator indicator) {
  indicator.formula = "{numerator}";
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_MONEY;
  indicator.timing = v1::INDICATOR_TIMING_END;
  indicator.additive = true;
  indicator.inputs = {"deals", "exchangeRates"};
  std::vector<Part> parts = {{"open", "Open deals", "Affaires ouvertes"},
                             {"without_amount", "Of them without an amount", "Dont sans montant"}};
  indicator.parts.insert(indicator.parts.begin(), parts.begin(), parts.end());
  return indicator;
}

const Registrar kPipelineValue(Pipeline({
    .id = "pipeline_value",
    .name = "Pipeline value",
    .name_fr = "Valeur du pipeline",
    .description = "Sum of the amounts of the deals that were open at the end of the period, each at the rate of the "
                   "day it came up.",
    .description_fr = "Somme des montants des affaires ouvertes à la fin de la période, chacun au taux du jour de son "
                      "apparition.",
    .north_star = true,
    .method = std::make_shared<RecordsMethod<Open>>(Value),
}));

const Registrar kPipelineValueWeighted(Pipeline({
    .id = "pipeline_value_weighted",
    .variant_of = "pipeline_value",
    .name = "Pipeline value, weighted",
    .name_fr = "Valeur du pipeline, pondérée",
    .description = "The same, each deal times its probability: what was said of it, else the share of all closed deals "
                   "that passed through its stage and were won. Deals with neither are beside it.",
    .description_fr = "La même, chaque affaire fois sa probabilité : celle qu'on lui a donnée, sinon la part gagnée de "
                      "toutes les affaires closes passées par son étape. Celles qui n'ont ni l'une ni l'autre sont à "
                      "côté.",
    .parts = {{"without_probability", "Of them without a probability", "Dont sans probabilité"},
              {"unweighted", "Unweighted", "Non pondérée", v1::INDICATOR_UNIT_MONEY}},
    .method = std::make_shared<RecordsMethod<Weighted>>(WeightedValue),
}));

}  // namespace
}  // namespace folio::indicators
