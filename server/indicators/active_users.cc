// active_users, active_accounts, adoption_rate: who used the product.
#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/usage_method.h"
#include "server/indicators/users.h"

namespace folio::indicators {
namespace {

template <typename Sum>
Figure CountOf(const Sum& sum, const EntriesContext&) {
  const auto count = static_cast<int64_t>(sum.seen.size());
  return {.number = static_cast<double>(count), .numerator = static_cast<double>(count), .sample_size = count};
}

// Seats of an account, the mean over the days of a period; nothing where they are not known on all of them.
std::optional<double> MeanSeats(const account::View& view, const Period& period) {
  std::vector<Day> changes;
  for (const account::Term& term : view.terms) {
    for (const Day day : {term.start, term.end}) {
      if (day > period.start_day && day <= period.last_day) changes.push_back(day);
    }
  }
  if (changes.empty()) {
    const int64_t seats = account::SeatsOn(view, period.start_day);
    return seats < 0 ? std::nullopt : std::optional(static_cast<double>(seats));
  }
  changes.push_back(period.last_day + 1);
  std::sort(changes.begin(), changes.end());
  double seat_days = 0;
  for (Day from = period.start_day; const Day until : changes) {
    const int64_t seats = account::SeatsOn(view, from);
    if (seats < 0) return std::nullopt;
    seat_days += static_cast<double>(seats) * (until - from);
    from = until;
  }
  return seat_days / period.elapsed_days();
}

// Users of the accounts whose seats are known, divided by those seats.
struct Adoption {
  double seats = 0;
  int64_t users = 0;
  int64_t accounts = 0;
  int64_t without_seats = 0;  // accounts with users and without known seats

  void Merge(const Adoption& other) {
    seats += other.seats;
    users += other.users;
    accounts += other.accounts;
    without_seats += other.without_seats;
  }
  Figure Finish() const {
    Figure figure = RatioOf(static_cast<double>(users), seats, accounts);
    figure.parts = {PartNumber(static_cast<double>(without_seats))};
    return figure;
  }
};

// The share of the seats that are used, over the accounts.
struct OfSeats {
  static constexpr std::string_view kId = "adoption";
  using Sum = Adoption;
  // When an account was last changed.
  static uint64_t VersionOfAccounts(const Question& question) {
    uint64_t version = 0;
    for (const Unit& unit : UnitsOf(question)) version = std::max(version, unit.version);
    return version;
  }
  template <typename Visitor>
  static void Visit(const Question& question, std::span<const Stretch> stretches, const Period& period, Visitor visit) {
    const std::vector<int64_t> users = UsersByAccount(question, stretches);
    for (int64_t account = 1; account <= question.scope.last_account(); ++account) {
      const ledger::AccountBlock* block =
          question.scope.Of(account).empty() ? nullptr : BlockOf(question.state, account);
      if (block == nullptr) continue;
      const std::optional<double> seats = MeanSeats(block->ViewOf(account, period.last_day), period);
      const int64_t active = users[static_cast<size_t>(account)];
      if (seats.has_value()) {
        visit(account, Adoption{.seats = *seats, .users = active, .accounts = 1});
      } else if (active > 0) {
        visit(account, Adoption{.without_seats = 1});
      }
    }
  }

 private:
  static std::vector<int64_t> UsersByAccount(const Question& question, std::span<const Stretch> stretches) {
    std::vector<int64_t> users(static_cast<size_t>(question.scope.last_account() + 1));
    absl::flat_hash_set<uint64_t> seen;
    for (const Stretch& stretch : stretches) {
      EntrySums<Users>::Visit(question, stretch, [&](const ledger::Entry& entry, std::span<const uint32_t>) {
        if (entry.value > 0 && seen.insert(User::Of(entry)).second) ++users[entry.account];
      });
    }
    return users;
  }
};

Indicator OfUsage(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_ADOPTION;
  indicator.inputs = {"facts.usage"};
  return indicator;
}

const Registrar kActiveUsers(OfUsage({
    .id = "active_users",
    .name = "Active users",
    .name_fr = "Utilisateurs actifs",
    .description =
        "Different users in the period: daily, weekly or monthly by its grain. Usage that names no user counts as "
        "one user of its account.",
    .description_fr =
        "Utilisateurs différents dans la période : par jour, semaine ou mois selon son pas. Un usage sans "
        "utilisateur nommé compte pour un utilisateur du compte.",
    .formula = "{numerator}",
    .unit = v1::INDICATOR_UNIT_COUNT,
    .additive = true,
    .method = std::make_shared<EntriesMethod<Users>>(CountOf<Users>),
}));

const Registrar kActiveAccounts(OfUsage({
    .id = "active_accounts",
    .variant_of = "active_users",
    .name = "Active accounts",
    .name_fr = "Comptes actifs",
    .description = "Accounts that used the product in the period.",
    .description_fr = "Comptes qui ont utilisé le produit dans la période.",
    .formula = "{numerator}",
    .unit = v1::INDICATOR_UNIT_COUNT,
    .additive = true,
    .method = std::make_shared<EntriesMethod<ActiveAccounts>>(CountOf<ActiveAccounts>),
}));

Indicator WithSeats(Indicator indicator) {
  indicator = OfUsage(std::move(indicator));
  indicator.inputs = {"facts.usage", "accounts", "subscriptions"};
  indicator.parts = {{"accounts_without_seats", "Active accounts whose seats are not known",
                      "Comptes actifs dont les sièges ne sont pas connus"}};
  return indicator;
}

const Registrar kAdoptionRate(WithSeats({
    .id = "adoption_rate",
    .name = "Adoption",
    .name_fr = "Adoption",
    .description =
        "Active users ÷ seats, of the accounts whose seats are known; seats that change within the period count "
        "by their days.",
    .description_fr =
        "Utilisateurs actifs ÷ sièges, pour les comptes dont les sièges sont connus ; des sièges qui changent "
        "dans la période comptent selon leurs jours.",
    .formula = "{numerator} ÷ {denominator}",
    .unit = v1::INDICATOR_UNIT_RATIO,
    .method = std::make_shared<UsageMethod<OfSeats>>(),
}));

}  // namespace
}  // namespace folio::indicators
