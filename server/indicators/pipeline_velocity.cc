// pipeline_velocity and its variants: how long deals stay in each stage, and until they close.
#include "server/indicators/indicator.h"
#include "server/indicators/sales.h"
#include "server/indicators/sales_cycle.h"

namespace folio::indicators {
namespace {

// Stays in one stage: those that ended in the period, and those that go on at its end.
struct Stays {
  Tally left;  // in days
  Int128 going_on_micros = 0;
  int64_t going_on = 0;

  void Merge(const Stays& other) {
    left.Merge(other.left);
    going_on_micros += other.going_on_micros;
    going_on += other.going_on;
  }
};

struct InStages {
  static constexpr std::string_view kId = "deal_stages";
  using Row = ledger::Deal;
  using Inputs = NoInputs;

  // A stay is a deal's whole time in a stage: what it spent there before it came back counts too.
  void Add(const ledger::Deal& deal, const Period& period, const NoInputs&) {
    if (deal.stages.empty() || deal.stages.front().time >= period.read_end) return;
    if (deal.closed != kNoInstant && deal.closed < period.start) return;
    for (const StageStay& stay : StaysOf(deal, period.read_end)) {
      if (stay.last_left == kNoInstant) {
        Stays& stays = by_stage[stay.stage];
        ++stays.going_on;
        stays.going_on_micros += stay.micros;
      } else if (IsIn(stay.last_left, period)) {
        by_stage[stay.stage].left.Add(DaysInMillionths(stay.micros));
      }
    }
  }
  void Merge(const InStages& other) { by_stage.Merge(other.by_stage); }
  int64_t bytes() const { return by_stage.bytes(); }

  ByStage<Stays> by_stage;
};

Stays WholeOf(const InStages& sum) {
  Stays whole;
  for (const auto& [stage, stays] : sum.by_stage.sums) whole.Merge(stays);
  return whole;
}

double DaysOf(Int128 micros) { return static_cast<double>(micros) / static_cast<double>(kMicrosPerDay); }

void AddGoingOn(const Stays& stays, Figure* figure) {
  const double mean = stays.going_on == 0 ? 0 : DaysOf(stays.going_on_micros) / static_cast<double>(stays.going_on);
  figure->parts = {PartNumber(static_cast<double>(stays.going_on)), PartNumber(mean)};
}

Figure MeanStay(const InStages& sum, const Context& context) {
  const Stays whole = WholeOf(sum);
  Figure figure = MeanOf(whole.left);
  AddGoingOn(whole, &figure);
  figure.stages = sum.by_stage.Figures(context.question, [](const Stays& stays) { return MeanOf(stays.left); });
  return figure;
}

// Stays that go on are known to last at least so long: their time counts, their end does not. Under a constant chance
// to leave, this is the likeliest mean.
Figure Censored(const Stays& stays) {
  Figure figure{.numerator = stays.left.total() + DaysOf(stays.going_on_micros),
                .denominator = static_cast<double>(stays.left.count),
                .sample_size = stays.left.count + stays.going_on};
  if (stays.left.count != 0) {
    figure.number = figure.numerator / figure.denominator;
  } else {
    figure.absence = stays.going_on == 0 ? v1::ABSENCE_NO_DATA : v1::ABSENCE_NO_DENOMINATOR;
  }
  return figure;
}

Figure MeanWithOpen(const InStages& sum, const Context& context) {
  const Stays whole = WholeOf(sum);
  Figure figure = Censored(whole);
  AddGoingOn(whole, &figure);
  figure.stages = sum.by_stage.Figures(context.question, Censored);
  return figure;
}

// From when a deal came up to its close.
struct ToClose {
  static constexpr std::string_view kId = "deal_lives";
  using Row = ledger::Deal;
  using Inputs = NoInputs;

  void Add(const ledger::Deal& deal, const Period& period, const NoInputs&) {
    if (IsOpenAtEnd(deal, period)) {
      ++stays.going_on;
      stays.going_on_micros += period.read_end - deal.opened;
    } else if (IsIn(deal.closed, period)) {
      stays.left.Add(DaysInMillionths(deal.closed - deal.opened));
    }
  }
  void Merge(const ToClose& other) { stays.Merge(other.stays); }
  static int64_t bytes() { return 0; }

  Stays stays;
};

Figure MeanLife(const ToClose& sum, const Context&) {
  Figure figure = MeanOf(sum.stays.left);
  AddGoingOn(sum.stays, &figure);
  return figure;
}

Indicator Time(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_DAYS;
  indicator.higher_is_better = false;
  indicator.inputs = {"deals"};
  return indicator;
}

const std::vector<Part> kStayParts = {
    {"going_on", "Stays that go on", "Séjours en cours"},
    {"going_on_age", "Their mean time so far", "Leur durée moyenne à ce jour", v1::INDICATOR_UNIT_DAYS}};

const Registrar kVelocity(Time({
    .id = "pipeline_velocity",
    .name = "Stage velocity",
    .name_fr = "Vélocité",
    .description = "Mean days that a deal spends in a stage, over all stages and for each: of the stays that ended for "
                   "good in the period, each with all the times the deal came back. Stays that go on are beside it.",
    .description_fr = "Nombre moyen de jours qu'une affaire passe dans une étape, en tout et pour chacune : séjours "
                      "achevés dans la période, retours compris. Les séjours en cours figurent à côté.",
    .formula = "{numerator} ÷ {denominator}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .parts = kStayParts,
    .method = std::make_shared<RecordsMethod<InStages>>(MeanStay),
}));

const Registrar kCensored(Time({
    .id = "pipeline_velocity_censored",
    .variant_of = "pipeline_velocity",
    .name = "Stage velocity, with the stays that go on",
    .name_fr = "Vélocité, séjours en cours compris",
    .description = "All days of stays, those that go on included up to now ÷ stays that ended: a mean that open deals "
                   "do not shorten.",
    .description_fr = "Tous les jours de séjour, ceux en cours compris jusqu'ici ÷ séjours achevés : une moyenne que "
                      "les affaires ouvertes ne raccourcissent pas.",
    .formula = "{numerator} ÷ {denominator}",
    .parts = kStayParts,
    .method = std::make_shared<RecordsMethod<InStages>>(MeanWithOpen),
}));

const Registrar kToClose(Time({
    .id = "pipeline_velocity_to_close",
    .variant_of = "pipeline_velocity",
    .name = "Time to close",
    .name_fr = "Délai de clôture",
    .description = "Mean days from when a deal came up to its close, of the deals won or lost in the period. Open ones "
                   "are beside it, with their age.",
    .description_fr = "Nombre moyen de jours entre l'apparition d'une affaire et sa clôture, pour celles gagnées ou "
                      "perdues dans la période. Les affaires ouvertes figurent à côté, avec leur âge.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .parts = {{"open", "Open deals", "Affaires ouvertes"},
              {"open_age", "Their mean age", "Leur âge moyen", v1::INDICATOR_UNIT_DAYS}},
    .method = std::make_shared<RecordsMethod<ToClose>>(MeanLife),
}));

}  // namespace
}  // namespace folio::indicators
