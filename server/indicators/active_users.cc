// active_users, active_accounts, adoption_rate: who used the product.
#include <algorithm>
#include <set>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/users.h"

namespace folio::indicators {
namespace {

uint64_t UserOf(const ledger::Entry& entry) { return entry.who ^ (uint64_t{entry.account} * 0x9e3779b97f4a7c15); }

}  // namespace

void Users::Take(uint64_t user, const Seen& seen) {
  const auto [known, is_new] = last.try_emplace(user, seen);
  if (!is_new && seen.IsAfter(known->second)) known->second = seen;
}

void Users::Add(ledger::EntryKind, const ledger::Entry& entry) {
  if (entry.value > 0) Take(UserOf(entry), {entry.time, entry.record, entry.account});
}

void Users::Merge(const Users& other) {
  for (const auto& [user, seen] : other.last) Take(user, seen);
}

bool Users::Counts(const ledger::Entry& entry) const {
  const auto found = last.find(UserOf(entry));
  return found != last.end() && found->second.record == entry.record;
}

namespace {

Figure CountOf(int64_t count) {
  return {.number = static_cast<double>(count), .numerator = static_cast<double>(count), .sample_size = count};
}

Figure ActiveUsers(const Users& sum, const Context&) { return CountOf(std::ssize(sum.last)); }

// Accounts that used the product, each by its last entry.
struct ActiveAccountsSum {
  static constexpr std::string_view kId = "active_accounts";
  static constexpr std::array kKinds = {ledger::EntryKind::kUsage};

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    if (entry.value > 0) Take(entry.account, {entry.time, entry.record});
  }
  void Merge(const ActiveAccountsSum& other) {
    for (const auto& [account, place] : other.last) Take(account, place);
  }
  bool Counts(const ledger::Entry& entry) const {
    const auto found = last.find(entry.account);
    return found != last.end() && found->second.second == entry.record;
  }
  int64_t bytes() const { return std::ssize(last) * 56; }

  std::unordered_map<uint32_t, std::pair<Instant, int64_t>> last;

 private:
  void Take(uint32_t account, std::pair<Instant, int64_t> place) {
    const auto [known, is_new] = last.try_emplace(account, place);
    if (!is_new) known->second = std::max(known->second, place);
  }
};

Figure ActiveAccounts(const ActiveAccountsSum& sum, const Context&) { return CountOf(std::ssize(sum.last)); }

// Seats of an account, the mean over the days of a period; nothing where they are not known on all of them.
std::optional<double> MeanSeats(const account::View& view, const Period& period) {
  std::set<Day> changes = {period.start_day, period.last_day + 1};
  for (const account::Term& term : view.terms) {
    for (const Day day : {term.start, term.end}) {
      if (day > period.start_day && day <= period.last_day) changes.insert(day);
    }
  }
  double seat_days = 0;
  for (auto day = changes.begin(); std::next(day) != changes.end(); ++day) {
    const int64_t seats = account::SeatsOn(view, *day);
    if (seats < 0) return std::nullopt;
    seat_days += static_cast<double>(seats) * (*std::next(day) - *day);
  }
  return seat_days / period.elapsed_days();
}

// Users of the accounts whose seats are known, divided by those seats.
struct Adoption {
  double seats = 0;
  int64_t users = 0;
  int64_t accounts = 0;
  int64_t without_seats = 0;  // accounts with users and without known seats

  Figure Finish() const {
    Figure figure{.numerator = static_cast<double>(users), .denominator = seats, .sample_size = accounts};
    figure.parts = {PartNumber(static_cast<double>(without_seats))};
    if (seats == 0) {
      figure.absence = v1::ABSENCE_NO_DENOMINATOR;
    } else {
      figure.number = figure.numerator / seats;
    }
    return figure;
  }
};

class AdoptionMethod final : public Method {
 public:
  Figures Compute(const Question& question) const override {
    Figures figures;
    for (const Period& period : question.periods) {
      std::vector<Adoption> sums(question.scope.group_count());
      Visit(question, period, [&](int64_t account, const Adoption& of_account) {
        for (const uint32_t group : question.scope.Of(account)) {
          sums[group].seats += of_account.seats;
          sums[group].users += of_account.users;
          sums[group].accounts += of_account.accounts;
          sums[group].without_seats += of_account.without_seats;
        }
      });
      std::vector<Figure>& row = figures.emplace_back();
      for (const Adoption& sum : sums) row.push_back(sum.Finish());
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    std::vector<Contribution> contributions;
    Visit(question, question.periods.front(), [&](int64_t account, const Adoption& of_account) {
      const std::span<const uint32_t> groups = question.scope.Of(account);
      if (std::find(groups.begin(), groups.end(), group) == groups.end()) return;
      Figure figure = of_account.Finish();
      if (Adds(figure)) contributions.push_back({.account = account, .figure = std::move(figure)});
    });
    return contributions;
  }

 private:
  template <typename Visitor>
  static void Visit(const Question& question, const Period& period, Visitor visit) {
    const auto sums = EntrySums<Users>::Of(question, period);
    std::unordered_map<int64_t, int64_t> users;
    for (const auto& [user, seen] : sums[0].last) ++users[seen.account];
    for (int64_t account = 1; account <= question.scope.last_account(); ++account) {
      const ledger::AccountBlock* block =
          question.scope.Of(account).empty() ? nullptr : BlockOf(question.state, account);
      if (block == nullptr) continue;
      const std::optional<double> seats = MeanSeats(block->ViewOf(account, period.last_day), period);
      const auto found = users.find(account);
      const int64_t active = found == users.end() ? 0 : found->second;
      if (seats.has_value()) {
        visit(account, Adoption{.seats = *seats, .users = active, .accounts = 1});
      } else if (active > 0) {
        visit(account, Adoption{.without_seats = 1});
      }
    }
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
    .method = std::make_shared<EntriesMethod<Users>>(ActiveUsers),
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
    .method = std::make_shared<EntriesMethod<ActiveAccountsSum>>(ActiveAccounts),
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
    .method = std::make_shared<AdoptionMethod>(),
}));

}  // namespace
}  // namespace folio::indicators
