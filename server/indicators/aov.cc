// aov and its variants, order_count, purchase_frequency, repeat_purchase_rate: what clients buy.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "server/indicators/amounts.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/orders.h"

namespace folio::indicators {
namespace {

using ledger::EntryKind;

std::optional<statistics::Interval> ShiftedBy(std::optional<statistics::Interval> interval, double by) {
  if (interval.has_value()) {
    interval->low += by;
    interval->high += by;
  }
  return interval;
}

// An amount divided by the number of orders.
Figure PerOrder(const Sales& sum, Int128 amount, const EntriesContext& context) {
  const int64_t count = sum.orders.tally.count;
  Figure figure{.numerator = UnitsOf(amount), .denominator = static_cast<double>(count), .sample_size = count};
  figure.parts = {PartMoney(sum.orders.tally.sum), PartMoney(sum.refunds.tally.sum),
                  PartNumber(static_cast<double>(sum.refunds.tally.count))};
  figure.fault = FirstOf({sum.orders.FaultIn(context.currencies), sum.refunds.FaultIn(context.currencies)});
  if (count == 0) {
    figure.absence = sum.refunds.tally.count == 0 ? v1::ABSENCE_NO_DATA : v1::ABSENCE_NO_DENOMINATOR;
    return figure;
  }
  figure.micros = MeanMicros(amount, count);
  // What is given back is taken as given: chance is in what is ordered.
  figure.interval =
      ShiftedBy(sum.orders.tally.interval(), UnitsOf(amount - sum.orders.tally.sum) / static_cast<double>(count));
  return figure;
}

Figure Net(const Sales& sum, const EntriesContext& context) { return PerOrder(sum, sum.revenue(), context); }
Figure Gross(const Sales& sum, const EntriesContext& context) { return PerOrder(sum, sum.orders.tally.sum, context); }

// Orders at the pace of the days that are over, for all days of the period.
Figure Forecast(const Sales& sum, const EntriesContext& context) {
  Figure figure = Net(sum, context);
  const double orders = static_cast<double>(sum.orders.tally.count) * context.period.days() /
                        static_cast<double>(context.period.elapsed_days());
  figure.interval.reset();
  figure.parts = {{.micros = figure.micros}, PartNumber(orders)};
  figure.micros = PartMoney(sum.revenue() * context.period.days() / context.period.elapsed_days()).micros;
  figure.numerator = UnitsOf(figure.micros);
  figure.denominator = 0;
  return figure;
}

Figure OrderCount(const Sales& sum, const EntriesContext&) {
  const auto count = static_cast<double>(sum.orders.tally.count);
  return {.number = count, .numerator = count, .sample_size = sum.orders.tally.count};
}

Figure Revenue(const Sales& sum, const EntriesContext& context) {
  Figure figure{.micros = PartMoney(sum.revenue()).micros,
                .numerator = UnitsOf(sum.revenue()),
                .sample_size = sum.orders.tally.count + sum.refunds.tally.count};
  figure.parts = {PartMoney(sum.orders.tally.sum), PartMoney(sum.refunds.tally.sum)};
  figure.fault = FirstOf({sum.orders.FaultIn(context.currencies), sum.refunds.FaultIn(context.currencies)});
  return figure;
}

// Amounts of orders one by one, for medians and percentiles.
struct OrderValues {
  static constexpr std::string_view kId = "order_values";
  static constexpr std::array kKinds = {EntryKind::kOrder};
  using Adapter = InOwnCurrency;

  void Add(EntryKind, const ledger::Entry& entry) {
    amounts.Add(entry);
    if (entry.value != ledger::kNoValue) values.push_back(entry.value);
  }
  void Merge(const OrderValues& other) {
    amounts.Merge(other.amounts);
    values.insert(values.end(), other.values.begin(), other.values.end());
  }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return std::ssize(values) * 8; }
  void Seal() { std::sort(values.begin(), values.end()); }

  Amounts amounts;
  std::vector<int64_t> values;  // sorted once it is sealed
};

Figure Quantile(const OrderValues& sum, const EntriesContext& context, double share) {
  Figure figure = QuantileOf(sum.values, share);
  figure.micros = static_cast<Micros>(std::llround(figure.number * static_cast<double>(kMicrosPerUnit)));
  figure.fault = sum.amounts.FaultIn(context.currencies);
  return figure;
}
Figure Median(const OrderValues& sum, const EntriesContext& context) { return Quantile(sum, context, 0.5); }
Figure P90(const OrderValues& sum, const EntriesContext& context) { return Quantile(sum, context, 0.9); }

// How often each account ordered. Orders of nobody that is known are of no account.
struct Buyers {
  static constexpr std::string_view kId = "buyers";
  static constexpr std::array kKinds = {EntryKind::kOrder};

  void Add(EntryKind, const ledger::Entry& entry) {
    if (entry.account == 0) return;
    ++orders;
    ++by_account[entry.account];
  }
  void Merge(const Buyers& other) {
    orders += other.orders;
    for (const auto& [account, count] : other.by_account) by_account[account] += count;
  }
  bool Counts(const ledger::Entry& entry) const { return entry.account != 0; }
  int64_t bytes() const { return std::ssize(by_account) * 40; }

  int64_t orders = 0;
  std::unordered_map<uint32_t, int64_t> by_account;
};

// Buyers are told one by one: an account adds its orders, and itself once.
class BuyersMethod final : public Method {
 public:
  using Formula = Figure (*)(int64_t numerator, int64_t buyers);
  using OfBuyer = int64_t (*)(int64_t orders);
  BuyersMethod(OfBuyer of_buyer, Formula formula) : of_buyer_(of_buyer), formula_(formula) {}

  Figures Compute(const Question& question) const override {
    Figures figures;
    for (const Period& period : question.periods) {
      std::vector<Figure>& row = figures.emplace_back();
      for (const Buyers& sum : EntrySums<Buyers>::Of(question, period)) {
        int64_t numerator = 0;
        for (const auto& [account, orders] : sum.by_account) numerator += of_buyer_(orders);
        row.push_back(formula_(numerator, std::ssize(sum.by_account)));
      }
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    std::vector<Contribution> contributions;
    const std::vector<Buyers> sums = EntrySums<Buyers>::Of(question, question.periods.front());
    for (const auto& [account, orders] : sums[group].by_account) {
      contributions.push_back({.account = account, .figure = formula_(of_buyer_(orders), 1)});
    }
    return contributions;
  }

 private:
  const OfBuyer of_buyer_;
  const Formula formula_;
};

Figure OrdersPerBuyer(int64_t orders, int64_t buyers) {
  return RatioOf(static_cast<double>(orders), static_cast<double>(buyers), buyers, v1::ABSENCE_NO_DATA);
}

Figure ShareOfBuyers(int64_t repeaters, int64_t buyers) { return ShareOf(repeaters, buyers, v1::ABSENCE_NO_DATA); }

Indicator OfOrders(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.inputs.insert(indicator.inputs.begin(), "facts.order");
  indicator.dimensions = {ledger::Dimension::kOrderChannel};
  return indicator;
}

Indicator WithRefunds(Indicator indicator) {
  constexpr v1::IndicatorUnit kMoney = v1::INDICATOR_UNIT_MONEY;
  indicator.unit = kMoney;
  indicator.inputs = {"facts.refund", "exchangeRates"};
  if (indicator.parts.empty()) {
    indicator.parts = {{"orders", "Orders", "Commandes", kMoney},
                       {"refunds", "Refunds", "Remboursements", kMoney},
                       {"refund_count", "Number of refunds", "Nombre de remboursements"}};
  }
  return OfOrders(std::move(indicator));
}

const Registrar kAov(WithRefunds({
    .id = "aov",
    .name = "Average purchase value",
    .name_fr = "Valeur moyenne des achats",
    .description =
        "Orders of the period less the refunds given in it ÷ number of orders. A refund lowers the revenue, not "
        "the count.",
    .description_fr = "Commandes de la période moins les remboursements faits dans la période ÷ nombre de commandes. "
                      "Un remboursement diminue le revenu, pas le nombre.",
    .formula = "({orders} − {refunds}) ÷ {denominator}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = std::make_shared<EntriesMethod<Sales>>(Net),
}));

const Registrar kAovGross(WithRefunds({
    .id = "aov_gross",
    .variant_of = "aov",
    .name = "Average purchase value, before refunds",
    .name_fr = "Valeur moyenne des achats, avant remboursements",
    .description = "Orders of the period ÷ number of orders, whatever was given back.",
    .description_fr = "Commandes de la période ÷ nombre de commandes, quoi qu'il ait été remboursé.",
    .formula = "{orders} ÷ {denominator}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = std::make_shared<EntriesMethod<Sales>>(Gross),
}));

const Registrar kAovForecast(WithRefunds({
    .id = "aov_forecast",
    .variant_of = "aov",
    .name = "Forecast of purchases",
    .name_fr = "Prévision des achats",
    .description =
        "Average purchase value × expected volume: the orders of the period so far, at their pace for all of its days.",
    .description_fr = "Valeur moyenne des achats × volume attendu : les commandes de la période jusqu'ici, à leur "
                      "rythme pour tous ses jours.",
    .formula = "{aov} × {expected_orders}",
    .parts = {{"aov", "Average purchase value", "Valeur moyenne des achats", v1::INDICATOR_UNIT_MONEY},
              {"expected_orders", "Orders expected", "Commandes attendues"}},
    .method = std::make_shared<EntriesMethod<Sales>>(Forecast),
}));

const Registrar kOrderRevenue(WithRefunds({
    .id = "order_revenue",
    .variant_of = "aov",
    .name = "Revenue of orders",
    .name_fr = "Revenu des commandes",
    .description = "Orders of the period less the refunds given in it.",
    .description_fr = "Commandes de la période moins les remboursements faits dans la période.",
    .formula = "{orders} − {refunds}",
    .additive = true,
    .parts = {{"orders", "Orders", "Commandes", v1::INDICATOR_UNIT_MONEY},
              {"refunds", "Refunds", "Remboursements", v1::INDICATOR_UNIT_MONEY}},
    .method = std::make_shared<EntriesMethod<Sales>>(Revenue),
}));

Indicator OfOrderValues(Indicator indicator) {
  indicator.variant_of = "aov";
  indicator.unit = v1::INDICATOR_UNIT_MONEY;
  indicator.interval = v1::INTERVAL_METHOD_RANKS;
  indicator.inputs = {"exchangeRates"};
  return OfOrders(std::move(indicator));
}

const Registrar kMedian(OfOrderValues({
    .id = "aov_median",
    .name = "Purchase value, median",
    .name_fr = "Valeur des achats, médiane",
    .description = "Half of the orders of the period were of less, before refunds.",
    .description_fr = "La moitié des commandes de la période étaient de moins, avant remboursements.",
    .formula = "median({n})",
    .method = std::make_shared<EntriesMethod<OrderValues>>(Median),
}));

const Registrar kP90(OfOrderValues({
    .id = "aov_p90",
    .name = "Purchase value, 90th percentile",
    .name_fr = "Valeur des achats, 90e centile",
    .description = "Nine in ten of the orders of the period were of less, before refunds.",
    .description_fr = "Neuf commandes sur dix de la période étaient de moins, avant remboursements.",
    .formula = "p90({n})",
    .method = std::make_shared<EntriesMethod<OrderValues>>(P90),
}));

const Registrar kOrderCount(OfOrders({
    .id = "order_count",
    .variant_of = "aov",
    .name = "Orders",
    .name_fr = "Commandes",
    .description = "Orders of the period.",
    .description_fr = "Commandes de la période.",
    .formula = "{numerator}",
    .unit = v1::INDICATOR_UNIT_COUNT,
    .additive = true,
    .method = std::make_shared<EntriesMethod<Sales>>(OrderCount),
}));

const Registrar kFrequency(OfOrders({
    .id = "purchase_frequency",
    .variant_of = "aov",
    .name = "Orders per buyer",
    .name_fr = "Commandes par acheteur",
    .description = "Orders of known accounts in the period ÷ accounts that ordered in it.",
    .description_fr = "Commandes de comptes connus dans la période ÷ comptes qui ont commandé dans la période.",
    .formula = "{numerator} ÷ {denominator}",
    .unit = v1::INDICATOR_UNIT_COUNT,
    .method = std::make_shared<BuyersMethod>([](int64_t orders) { return orders; }, OrdersPerBuyer),
}));

const Registrar kRepeatRate(OfOrders({
    .id = "repeat_purchase_rate",
    .variant_of = "aov",
    .name = "Repeat purchase rate",
    .name_fr = "Taux de réachat",
    .description = "Accounts that ordered at least twice in the period ÷ accounts that ordered in it.",
    .description_fr = "Comptes qui ont commandé au moins deux fois dans la période ÷ comptes qui y ont commandé.",
    .formula = "{numerator} ÷ {denominator}",
    .unit = v1::INDICATOR_UNIT_RATIO,
    .interval = v1::INTERVAL_METHOD_WILSON,
    .method = std::make_shared<BuyersMethod>([](int64_t orders) { return int64_t{orders >= 2}; }, ShareOfBuyers),
}));

}  // namespace
}  // namespace folio::indicators
