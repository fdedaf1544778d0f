// clv_transactional: what clients are worth who buy when they like, by BG/NBD and Gamma-Gamma.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "server/indicators/adapter.h"
#include "server/indicators/amounts.h"
#include "server/indicators/indicator.h"
#include "server/indicators/lifetime_model.h"
#include "server/lifetime/bg_nbd.h"
#include "server/lifetime/gamma_gamma.h"
#include "server/lifetime/hold_out.h"
#include "server/lifetime/value.h"

namespace folio::indicators {
namespace {

using ledger::EntryKind;

// Times of the models are weeks.
constexpr double kWeek = 7;
constexpr double kDaysInYear = 365.25;
// What is bought is discounted by quarters.
constexpr double kStepDays = kDaysInYear / 4;

// A day on which an account ordered.
struct Purchase {
  int64_t account = 0;
  Day day = 0;
  Int128 micros = 0;
};

struct Purchases {
  std::vector<Purchase> all;  // by account, then by day
  absl::Status fault;
};

// Orders of known accounts up to a day, those of one day joined.
Purchases PurchasesUntil(const Question& question, Day last_day) {
  const TimeZone& zone = question.portfolio.zone();
  const InOwnCurrency adapter(question);
  const Instant end = zone.StartOf(last_day + 1);
  Purchases purchases;
  Amounts missing;
  for (const auto& [month, segment] : question.state.table(EntryKind::kOrder)) {
    segment->ForEach([&](const ledger::Entry& entry) {
      if (entry.account == 0 || entry.time >= end) return;
      const ledger::Entry read = adapter.Read(entry);
      if (read.value == ledger::kNoValue) return missing.Add(read);
      purchases.all.push_back({entry.account, zone.DayAt(entry.time), read.value});
    });
  }
  purchases.fault = missing.FaultIn(question);
  std::vector<Purchase>& all = purchases.all;
  const auto place = [](const Purchase& purchase) { return std::pair(purchase.account, purchase.day); };
  std::sort(all.begin(), all.end(), [&](const Purchase& a, const Purchase& b) { return place(a) < place(b); });
  size_t last = 0;
  for (size_t i = 1; i < all.size(); ++i) {
    if (place(all[i]) == place(all[last])) {
      all[last].micros += all[i].micros;
    } else {
      all[++last] = all[i];
    }
  }
  if (!all.empty()) all.resize(last + 1);
  return purchases;
}

// A customer, as the models see it at the end of a day.
struct Customer {
  int64_t account = 0;
  lifetime::History history;
  lifetime::Spend spend;
  int64_t after = 0;  // purchases after that day
};

Customer CustomerOf(std::span<const Purchase> purchases, Day day) {
  Customer customer{.account = purchases.front().account};
  const Day first = purchases.front().day;
  customer.history.age = (day - first) / kWeek;
  Int128 spent = 0;
  for (const Purchase& purchase : purchases.subspan(1)) {
    if (purchase.day > day) {
      ++customer.after;
      continue;
    }
    ++customer.history.repeats;
    customer.history.last = (purchase.day - first) / kWeek;
    spent += purchase.micros;
  }
  customer.spend.purchases = customer.history.repeats;
  if (customer.history.repeats > 0)
    customer.spend.mean = UnitsOf(spent) / static_cast<double>(customer.history.repeats);
  return customer;
}

// Those who had bought by the end of a day.
std::vector<Customer> CustomersOn(const Purchases& purchases, Day day) {
  std::vector<Customer> customers;
  const std::span<const Purchase> all(purchases.all);
  for (size_t begin = 0; begin < all.size();) {
    size_t end = begin + 1;
    while (end < all.size() && all[end].account == all[begin].account) ++end;
    if (all[begin].day <= day) customers.push_back(CustomerOf(all.subspan(begin, end - begin), day));
    begin = end;
  }
  return customers;
}

std::vector<lifetime::History> HistoriesOf(const std::vector<Customer>& customers) {
  std::vector<lifetime::History> histories;
  histories.reserve(customers.size());
  for (const Customer& customer : customers) histories.push_back(customer.history);
  return histories;
}

// How wrong a model of the first half of the time was on the second.
std::optional<double> HoldOutError(const Purchases& purchases, Day last_day) {
  Day first = last_day;
  for (const Purchase& purchase : purchases.all) first = std::min(first, purchase.day);
  const Day cut = first + (last_day - first) / 2;
  const std::vector<Customer> customers = CustomersOn(purchases, cut);
  if (customers.empty()) return std::nullopt;
  const auto fit = lifetime::FitBgNbd(HistoriesOf(customers));
  if (!fit.ok()) return std::nullopt;
  std::vector<double> expected;
  std::vector<double> actual;
  for (const Customer& customer : customers) {
    expected.push_back(fit->model.ExpectedPurchases(customer.history, (last_day - cut) / kWeek));
    actual.push_back(static_cast<double>(customer.after));
  }
  return lifetime::JudgeHoldOut(expected, actual).error;
}

// What is expected of customers; those with the same history are computed once.
class Forecast {
 public:
  Forecast(const Question& question, const lifetime::BgNbd& model)
      : model_(model), weeks_(HorizonDaysOf(question) / kWeek) {
    horizon_.steps = std::max(1, static_cast<int>(std::lround(HorizonDaysOf(question) / kStepDays)));
    horizon_.step = weeks_ / horizon_.steps;
    horizon_.rate = DiscountOver(question, horizon_.step * kWeek / kDaysInYear);
  }

  struct Of {
    double count = 0;
    double discounted = 0;
    double alive = 0;
  };
  const Of& Tell(const lifetime::History& history) {
    const auto [known, is_new] = known_.try_emplace({history.repeats, history.last, history.age});
    if (is_new) {
      const auto within = [&](double time) { return model_.ExpectedPurchases(history, time); };
      known->second = {within(weeks_), lifetime::DiscountedPurchases(within, horizon_),
                       model_.ProbabilityAlive(history)};
    }
    return known->second;
  }

 private:
  const lifetime::BgNbd& model_;
  const double weeks_;
  lifetime::Horizon horizon_;
  std::map<std::tuple<int64_t, double, double>, Of> known_;
};

LifetimeModel FitOn(const Question& question, Day last_day) {
  LifetimeModel made;
  const Purchases purchases = PurchasesUntil(question, last_day);
  if (!purchases.fault.ok()) return {.fault = purchases.fault};
  const std::vector<Customer> customers = CustomersOn(purchases, last_day);
  if (customers.empty()) return made;  // nobody has bought: no data
  const auto purchase_fit = lifetime::FitBgNbd(HistoriesOf(customers));
  if (!purchase_fit.ok()) return {.fault = purchase_fit.status()};
  std::vector<lifetime::Spend> spends;
  for (const Customer& customer : customers) {
    if (customer.spend.purchases > 0 && customer.spend.mean > 0) spends.push_back(customer.spend);
  }
  const auto spend_fit = lifetime::FitGammaGamma(spends);
  if (!spend_fit.ok()) return {.fault = spend_fit.status()};
  Forecast forecast(question, purchase_fit->model);
  const std::optional<double> mean_spend = spend_fit->model.MeanSpend();
  for (const Customer& customer : customers) {
    const bool known = customer.spend.purchases > 0 && customer.spend.mean > 0;
    const std::optional<double> spend = known ? spend_fit->model.ExpectedSpend(customer.spend) : mean_spend;
    const Forecast::Of& of = forecast.Tell(customer.history);
    // Where all spend has no limit, a newcomer is worth what is known: nothing.
    made.accounts.push_back({customer.account, of.discounted * spend.value_or(0), of.count, of.alive});
  }
  made.fits = {purchase_fit->fit, spend_fit->fit};
  made.hold_out_error = HoldOutError(purchases, last_day);
  return made;
}

std::shared_ptr<const LifetimeModel> Fit(const Question& question, const Period& period) {
  uint64_t version = question.state.rates->draft();
  for (const auto& [month, segment] : question.state.table(EntryKind::kOrder)) {
    if (month <= ledger::MonthOf(period.last_day)) version = std::max(version, segment->draft());
  }
  const double rate = YearlyDiscountOf(question);
  int64_t rate_bits = 0;
  std::memcpy(&rate_bits, &rate, sizeof rate);
  const ledger::MemoKey key{.component = DigestOf("clv_transactional"),
                            .part = period.last_day,
                            .start = HorizonDaysOf(question),
                            .end = rate_bits};
  if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const LifetimeModel>(known);
  auto model = std::make_shared<const LifetimeModel>(FitOn(question, period.last_day));
  question.memos.Put(key, version, model, std::ssize(model->accounts) * static_cast<int64_t>(sizeof(Expected)));
  return model;
}

constexpr v1::IndicatorUnit kRatio = v1::INDICATOR_UNIT_RATIO;

const Registrar kTransactional({
    .id = "clv_transactional",
    .variant_of = "clv",
    .name = "Customer lifetime value, of purchases",
    .name_fr = "Valeur de la durée de vie, des achats",
    .description =
        "Mean, over the accounts that have ordered by the last day, of the margin of what they are expected to buy "
        "within the horizon of the settings, discounted by quarters: BG/NBD (Fader, Hardie, Lee 2005) for how often, "
        "Gamma-Gamma (Fader, Hardie 2013) for how much. One model of all accounts, in weeks; orders of a day are one "
        "purchase.",
    .description_fr =
        "Moyenne, sur les comptes qui ont commandé jusqu'au dernier jour, de la marge de ce qu'ils devraient acheter "
        "d'ici l'horizon des réglages, actualisée par trimestre : BG/NBD (Fader, Hardie, Lee 2005) pour la fréquence, "
        "Gamma-Gamma (Fader, Hardie 2013) pour le montant. Un modèle pour tous les comptes, en semaines ; les "
        "commandes d'un jour font un achat.",
    .formula = "{numerator} ÷ {denominator}",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY,
    .timing = v1::INDICATOR_TIMING_END,
    .inputs = {"facts.order", "facts.cost", "facts.refund", "accounts", "subscriptions", "exchangeRates"},
    .parts = {{"gross_margin", "Gross margin", "Marge brute", kRatio},
              {"expected_purchases", "Purchases expected within the horizon", "Achats attendus d'ici l'horizon"},
              {"probability_alive", "Probability of being a client still", "Probabilité d'être encore client", kRatio},
              {"r", "BG/NBD: r", "BG/NBD : r"},
              {"r_error", "Standard error of r", "Erreur type de r"},
              {"alpha", "BG/NBD: alpha, in weeks", "BG/NBD : alpha, en semaines"},
              {"alpha_error", "Standard error of alpha", "Erreur type d'alpha"},
              {"a", "BG/NBD: a", "BG/NBD : a"},
              {"a_error", "Standard error of a", "Erreur type de a"},
              {"b", "BG/NBD: b", "BG/NBD : b"},
              {"b_error", "Standard error of b", "Erreur type de b"},
              {"log_likelihood", "Log-likelihood of BG/NBD", "Log-vraisemblance de BG/NBD"},
              {"p", "Gamma-Gamma: p", "Gamma-Gamma : p"},
              {"p_error", "Standard error of p", "Erreur type de p"},
              {"q", "Gamma-Gamma: q", "Gamma-Gamma : q"},
              {"q_error", "Standard error of q", "Erreur type de q"},
              {"gamma", "Gamma-Gamma: gamma", "Gamma-Gamma : gamma"},
              {"gamma_error", "Standard error of gamma", "Erreur type de gamma"},
              {"spend_log_likelihood", "Log-likelihood of Gamma-Gamma", "Log-vraisemblance de Gamma-Gamma"},
              {"hold_out_error", "Error on the second half of the time, of a model of the first",
               "Erreur sur la seconde moitié du temps, d'un modèle de la première", kRatio}},
    .method = std::make_shared<LifetimeMethod>(Fit),
});

}  // namespace
}  // namespace folio::indicators
