// health_worsened, health_improved, health_movement, and the same in ARR: who moved between the bands of health.
#include <memory>
#include <vector>

#include "server/indicators/bands.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

constexpr Band kNone = v1::HEALTH_BAND_UNSPECIFIED;
constexpr Band kRed = v1::HEALTH_BAND_RED;
constexpr Band kYellow = v1::HEALTH_BAND_YELLOW;
constexpr Band kGreen = v1::HEALTH_BAND_GREEN;

// A move from a band to another one, or to the same.
struct Move {
  Band before;
  Band after;
  std::string_view id;
  std::string_view name;
  std::string_view name_fr;

  bool is_between_bands() const { return before != kNone && after != kNone; }
  // 1 for the better, -1 for the worse, 0 for neither.
  int direction() const { return is_between_bands() ? (after > before) - (after < before) : 0; }
};

constexpr std::array kMoves = {
    Move{kGreen, kGreen, "green_to_green", "Green, as before", "Verts, comme avant"},
    Move{kGreen, kYellow, "green_to_yellow", "Green to yellow", "Du vert au jaune"},
    Move{kGreen, kRed, "green_to_red", "Green to red", "Du vert au rouge"},
    Move{kYellow, kGreen, "yellow_to_green", "Yellow to green", "Du jaune au vert"},
    Move{kYellow, kYellow, "yellow_to_yellow", "Yellow, as before", "Jaunes, comme avant"},
    Move{kYellow, kRed, "yellow_to_red", "Yellow to red", "Du jaune au rouge"},
    Move{kRed, kGreen, "red_to_green", "Red to green", "Du rouge au vert"},
    Move{kRed, kYellow, "red_to_yellow", "Red to yellow", "Du rouge au jaune"},
    Move{kRed, kRed, "red_to_red", "Red, as before", "Rouges, comme avant"},
    Move{kNone, kGreen, "none_to_green", "Green, without a score before", "Verts, sans score avant"},
    Move{kNone, kYellow, "none_to_yellow", "Yellow, without a score before", "Jaunes, sans score avant"},
    Move{kNone, kRed, "none_to_red", "Red, without a score before", "Rouges, sans score avant"},
    Move{kGreen, kNone, "green_to_none", "Green before, without a score now", "Verts avant, sans score depuis"},
    Move{kYellow, kNone, "yellow_to_none", "Yellow before, without a score now", "Jaunes avant, sans score depuis"},
    Move{kRed, kNone, "red_to_none", "Red before, without a score now", "Rouges avant, sans score depuis"}};

// What an indicator tells of the moves: those for the worse, those for the better, or both and all the others.
enum class Told : uint8_t { kWorsened, kImproved, kAll };

constexpr bool Tells(Told told, const Move& move) {
  return told == Told::kAll || move.direction() == (told == Told::kImproved ? 1 : -1);
}

// How a move counts in the value. Of all of them, those for the worse are taken off.
constexpr int SignOf(Told told, const Move& move) { return told == Told::kAll ? move.direction() : 1; }

template <Told told>
Figure Accounts(const BandMoves& sum, const Context&) {
  Figure figure{.sample_size = sum.followed()};
  double value = 0;
  for (const Move& move : kMoves) {
    if (!Tells(told, move)) continue;
    const auto accounts = static_cast<double>(sum.From(move.before, move.after).accounts);
    value += SignOf(told, move) * accounts;
    figure.parts.push_back(PartNumber(accounts));
  }
  if (figure.sample_size == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  figure.number = value;
  figure.numerator = value;
  return figure;
}

template <Told told>
Figure Arr(const BandMoves& sum, const Context&) {
  Figure figure{.sample_size = sum.followed()};
  Int128 value = 0;
  for (const Move& move : kMoves) {
    if (!Tells(told, move)) continue;
    const Int128 arr = sum.From(move.before, move.after).arr;
    value += SignOf(told, move) * arr;
    figure.parts.push_back(PartMoney(arr));
  }
  if (figure.sample_size == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  figure.micros = PartMoney(value).micros;
  figure.numerator = UnitsOf(value);
  return figure;
}

template <Told told>
Indicator Moved(Indicator indicator) {
  indicator.variant_of = "health";
  indicator.formula = "{numerator}";
  indicator.category = v1::INDICATOR_CATEGORY_PERCEPTION;
  indicator.higher_is_better = told != Told::kWorsened;
  indicator.additive = true;
  indicator.inputs = {"accounts", "healthHistory"};
  if (indicator.unit == v1::INDICATOR_UNIT_MONEY)
    indicator.inputs.insert(indicator.inputs.begin() + 1, "subscriptions");
  for (const Move& move : kMoves) {
    if (Tells(told, move)) indicator.parts.push_back({move.id, move.name, move.name_fr, indicator.unit});
  }
  return indicator;
}

const Registrar kWorsened(Moved<Told::kWorsened>({
    .id = "health_worsened",
    .name = "Accounts that worsened",
    .name_fr = "Comptes en baisse de santé",
    .description = "Accounts that showed a worse band at the end of the period than before it.",
    .description_fr = "Comptes qui montraient une couleur moins bonne à la fin de la période qu'avant.",
    .method = std::make_shared<AccountsMethod<BandMoves>>(Accounts<Told::kWorsened>),
}));

const Registrar kImproved(Moved<Told::kImproved>({
    .id = "health_improved",
    .name = "Accounts that improved",
    .name_fr = "Comptes en hausse de santé",
    .description = "Accounts that showed a better band at the end of the period than before it.",
    .description_fr = "Comptes qui montraient une meilleure couleur à la fin de la période qu'avant.",
    .method = std::make_shared<AccountsMethod<BandMoves>>(Accounts<Told::kImproved>),
}));

const Registrar kMovement(Moved<Told::kAll>({
    .id = "health_movement",
    .name = "Movement between bands",
    .name_fr = "Mouvement entre couleurs",
    .description =
        "Accounts that improved − accounts that worsened. Beside it every band before the period by every one at its "
        "end: those from a band sum to what it was, those to a band to what it is.",
    .description_fr = "Comptes en hausse − comptes en baisse. À côté, chaque couleur d'avant la période par chaque "
                      "couleur à sa fin : "
                      "ceux qui partent d'une couleur font ce qu'elle était, ceux qui y arrivent ce qu'elle est.",
    .method = std::make_shared<AccountsMethod<BandMoves>>(Accounts<Told::kAll>),
}));

const Registrar kWorsenedArr(Moved<Told::kWorsened>({
    .id = "health_worsened_arr",
    .name = "Accounts that worsened, ARR",
    .name_fr = "Comptes en baisse de santé, ARR",
    .description = "ARR on the last day of the accounts that showed a worse band at its end than before the period.",
    .description_fr =
        "ARR du dernier jour des comptes qui montraient à sa fin une couleur moins bonne qu'avant la période.",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .method = std::make_shared<AccountsMethod<BandMoves>>(Arr<Told::kWorsened>),
}));

const Registrar kImprovedArr(Moved<Told::kImproved>({
    .id = "health_improved_arr",
    .name = "Accounts that improved, ARR",
    .name_fr = "Comptes en hausse de santé, ARR",
    .description = "ARR on the last day of the accounts that showed a better band at its end than before the period.",
    .description_fr =
        "ARR du dernier jour des comptes qui montraient à sa fin une meilleure couleur qu'avant la période.",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .method = std::make_shared<AccountsMethod<BandMoves>>(Arr<Told::kImproved>),
}));

const Registrar kMovementArr(Moved<Told::kAll>({
    .id = "health_movement_arr",
    .name = "Movement between bands, ARR",
    .name_fr = "Mouvement entre couleurs, ARR",
    .description =
        "ARR on the last day of the accounts that improved − that of those that worsened. Beside it every band before "
        "the period by every one at its end.",
    .description_fr =
        "ARR du dernier jour des comptes en hausse − celui des comptes en baisse. À côté, chaque couleur d'avant la "
        "période par chaque couleur à sa fin.",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .method = std::make_shared<AccountsMethod<BandMoves>>(Arr<Told::kAll>),
}));

}  // namespace
}  // namespace folio::indicators
