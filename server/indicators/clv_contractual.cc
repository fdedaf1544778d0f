// clv_contractual: what clients are worth who renew or leave, by the shifted beta-geometric model.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/customers.h"
#include "server/indicators/indicator.h"
#include "server/indicators/lifetime_model.h"
#include "server/lifetime/hold_out.h"
#include "server/lifetime/sbg.h"

namespace folio::indicators {
namespace {

constexpr int kDefaultMonths = 12;
constexpr double kMonthsInYear = 12;
constexpr double kDaysInMonth = 365.25 / 12;

int MonthsOf(const Question& question) {
  const int months = question.settings.renewal_months();
  return months == 0 ? kDefaultMonths : months;
}

// A customer's renewals up to a day: how many were due and kept before the first that was not.
struct Contract {
  int64_t kept = 0;
  bool lost = false;
};

Contract ContractOf(const account::View& view, Day since, Day last_day, int months) {
  Contract contract;
  for (int64_t number = 1;; ++number) {
    const Day due = AddMonths(since, static_cast<int>(number) * months);
    if (due > last_day) return contract;
    if (account::ArrOn(view, due) == 0) {
      contract.lost = true;
      return contract;
    }
    ++contract.kept;
  }
}

void Count(const Contract& contract, std::vector<lifetime::Renewals>* renewals) {
  const int64_t due = contract.kept + (contract.lost ? 1 : 0);
  if (std::ssize(*renewals) < due) renewals->resize(static_cast<size_t>(due));
  for (int64_t i = 0; i < contract.kept; ++i) ++(*renewals)[static_cast<size_t>(i)].kept;
  if (contract.lost) ++(*renewals)[static_cast<size_t>(contract.kept)].lost;
}

// Shows all accounts of the workspace that ever had recurring revenue by a day.
template <typename Visitor>
void VisitContracts(const Question& question, Day last_day, Visitor visit) {
  const auto end = std::ssize(*question.state.blocks) * ledger::kBlockAccounts;
  for (int64_t account = 1; account < end; ++account) {
    const ledger::AccountBlock* block = BlockOf(question.state, account);
    if (block == nullptr) continue;
    const account::View view = block->ViewOf(account, last_day);
    const Day since = RecurringSince(view);
    if (since != kNoDay && since <= last_day) visit(account, view, since);
  }
}

// How wrong a model of what was due up to one renewal before was on the renewals since.
std::optional<double> HoldOutError(const Question& question, Day last_day) {
  const int months = MonthsOf(question);
  const Day cut = AddMonths(last_day, -months);
  std::vector<lifetime::Renewals> before;
  std::vector<lifetime::Renewals> since_then;
  VisitContracts(question, last_day, [&](int64_t, const account::View& view, Day since) {
    const Contract then = ContractOf(view, since, cut, months);
    Contract now = ContractOf(view, since, last_day, months);
    Count(then, &before);
    if (then.lost || (now.kept == then.kept && !now.lost)) return;
    const auto number = static_cast<size_t>(then.kept);
    if (since_then.size() <= number) since_then.resize(number + 1);
    ++(now.kept > then.kept ? since_then[number].kept : since_then[number].lost);
  });
  const auto fit = lifetime::FitSbg(before);
  if (!fit.ok() || since_then.empty()) return std::nullopt;
  std::vector<double> expected;
  std::vector<double> actual;
  for (size_t i = 0; i < since_then.size(); ++i) {
    const auto due = static_cast<double>(since_then[i].kept + since_then[i].lost);
    expected.push_back(due * fit->model.RetentionAt(static_cast<int64_t>(i) + 1));
    actual.push_back(static_cast<double>(since_then[i].kept));
  }
  return lifetime::JudgeHoldOut(expected, actual).error;
}

LifetimeModel FitOn(const Question& question, Day last_day) {
  const int months = MonthsOf(question);
  std::vector<lifetime::Renewals> renewals;
  struct Customer {
    int64_t account;
    int64_t renewed;
    Micros arr;
  };
  std::vector<Customer> customers;
  VisitContracts(question, last_day, [&](int64_t account, const account::View& view, Day since) {
    const Contract contract = ContractOf(view, since, last_day, months);
    Count(contract, &renewals);
    // One that came back begins anew.
    const Micros arr = account::ArrOn(view, last_day);
    if (arr > 0) customers.push_back({account, contract.lost ? 0 : contract.kept, arr});
  });
  LifetimeModel made;
  if (renewals.empty() && customers.empty()) return made;
  const auto fit = lifetime::FitSbg(renewals);
  if (!fit.ok()) return {.fault = fit.status()};
  const double years = months / kMonthsInYear;
  const double rate = DiscountOver(question, years);
  const auto horizon = std::max<int64_t>(1, std::llround(HorizonDaysOf(question) / (months * kDaysInMonth)));
  std::map<int64_t, std::pair<double, double>> known;  // discounted and not, by renewals
  for (const Customer& customer : customers) {
    const auto [found, is_new] = known.try_emplace(customer.renewed);
    if (is_new) {
      found->second = {fit->model.DiscountedRenewals(customer.renewed, rate, horizon),
                       fit->model.DiscountedRenewals(customer.renewed, 0, horizon)};
    }
    const auto [discounted, count] = found->second;
    made.accounts.push_back({customer.account, UnitsOf(customer.arr) * years * discounted, count,
                             fit->model.RetentionAt(customer.renewed + 1)});
  }
  made.fits = {fit->fit};
  made.hold_out_error = HoldOutError(question, last_day);
  return made;
}

std::shared_ptr<const LifetimeModel> Fit(const Question& question, const Period& period) {
  uint64_t version = 0;
  for (const auto& block : *question.state.blocks) {
    if (block != nullptr) version = std::max(version, block->draft());
  }
  const ledger::MemoKey key{.component = DigestOf("clv_contractual"),
                            .scope = DigestOf(question.settings.SerializeAsString()),
                            .part = period.last_day};
  if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const LifetimeModel>(known);
  auto model = std::make_shared<const LifetimeModel>(FitOn(question, period.last_day));
  question.memos.Put(key, version, model, std::ssize(model->accounts) * static_cast<int64_t>(sizeof(Expected)));
  return model;
}

constexpr v1::IndicatorUnit kRatio = v1::INDICATOR_UNIT_RATIO;

const Registrar kContractual({
    .id = "clv_contractual",
    .variant_of = "clv",
    .name = "Customer lifetime value, of contracts",
    .name_fr = "Valeur de la durée de vie, des contrats",
    .description =
        "Mean, over the customers of the last day, of the margin of the renewals expected within the horizon of the "
        "settings, the later ones discounted: shifted beta-geometric (Fader, Hardie 2007). Renewals are due every 12 "
        "months (renewal_months) from the first recurring revenue; one is kept where there is revenue on that day. One "
        "model of all accounts.",
    .description_fr =
        "Moyenne, sur les clients du dernier jour, de la marge des renouvellements attendus d'ici l'horizon des "
        "réglages, les suivants actualisés : bêta-géométrique décalée (Fader, Hardie 2007). Un renouvellement échoit "
        "tous les 12 mois (renewal_months) depuis le premier revenu récurrent ; il a lieu s'il y a du revenu ce "
        "jour-là. Un modèle pour tous les comptes.",
    .formula = "{numerator} ÷ {denominator}",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY,
    .timing = v1::INDICATOR_TIMING_END,
    .inputs = {"accounts", "subscriptions", "facts.cost", "facts.order", "facts.refund", "exchangeRates"},
    .parts = {{"gross_margin", "Gross margin", "Marge brute", kRatio},
              {"expected_renewals", "Renewals expected within the horizon", "Renouvellements attendus d'ici l'horizon"},
              {"next_renewal", "Probability of the next renewal", "Probabilité du prochain renouvellement", kRatio},
              {"alpha", "sBG: alpha", "sBG : alpha"},
              {"alpha_error", "Standard error of alpha", "Erreur type d'alpha"},
              {"beta", "sBG: beta", "sBG : bêta"},
              {"beta_error", "Standard error of beta", "Erreur type de bêta"},
              {"log_likelihood", "Log-likelihood", "Log-vraisemblance"},
              {"hold_out_error", "Error on the last renewals, of a model of those before",
               "Erreur sur les derniers renouvellements, d'un modèle des précédents", kRatio}},
    .method = std::make_shared<LifetimeMethod>(Fit),
});

}  // namespace
}  // namespace folio::indicators
