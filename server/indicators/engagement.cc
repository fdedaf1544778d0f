// engagement_rate and its variants: which clients take part.
#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/function_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

int ActionsWanted(const Question& question) { return std::max(1, question.settings.engagement_action_count()); }

// What an account, or a contact, did.
struct Actions {
  int64_t count = 0;
  int64_t weight = 0;  // in millionths
};

// Actions of a stretch by type, so that settings can choose.
struct Engagement {
  static constexpr std::string_view kId = "engagement";
  static constexpr std::array kKinds = {ledger::EntryKind::kEngagement};

  struct Who {
    uint32_t account = 0;
    uint64_t contact = 0;  // 0 where not told
    uint16_t type = 0;
    bool operator==(const Who&) const = default;
  };
  struct Hash {
    size_t operator()(const Who& who) const {
      return (who.contact ^ uint64_t{who.account} << 16 ^ who.type) * 0x9e3779b97f4a7c15;
    }
  };

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    Actions& actions = by_who[{entry.account, entry.who, entry.tag}];
    ++actions.count;
    actions.weight += entry.value;
  }
  void Merge(const Engagement& other) {
    for (const auto& [who, actions] : other.by_who) {
      by_who[who].count += actions.count;
      by_who[who].weight += actions.weight;
    }
  }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return std::ssize(by_who) * 64; }

  std::unordered_map<Who, Actions, Hash> by_who;
};

// The days of which actions count.
Period WindowOf(const Question& question, const Period& period) {
  const int days = question.settings.engagement_window_days();
  if (days == 0) return period;
  Period window = period;
  window.start_day = period.last_day + 1 - days;
  window.start = question.portfolio.zone().StartOf(window.start_day);
  return window;
}

// Which types count, by number.
std::vector<bool> TypesOf(const Question& question) {
  const std::vector<std::string>& labels = question.state.LabelsOf(ledger::Dimension::kEngagementType);
  const auto& wanted = question.settings.engagement_types();
  std::vector<bool> types;
  for (const std::string& label : labels) {
    types.push_back(wanted.empty() || std::find(wanted.begin(), wanted.end(), label) != wanted.end());
  }
  return types;
}

// Actions of each account, or of each contact of an account, of all groups.
using ByAccount = std::unordered_map<uint32_t, Actions>;
using ByContact = std::unordered_map<uint64_t, std::pair<uint32_t, Actions>>;

Engagement ActionsIn(const Question& question, const Period& period, uint32_t group) {
  return EntrySums<Engagement>::Of(question, WindowOf(question, period))[group];
}

ByAccount AccountsOf(const Question& question, const Engagement& engagement) {
  const std::vector<bool> types = TypesOf(question);
  ByAccount accounts;
  for (const auto& [who, actions] : engagement.by_who) {
    if (!types[who.type]) continue;
    accounts[who.account].count += actions.count;
    accounts[who.account].weight += actions.weight;
  }
  return accounts;
}

ByContact ContactsOf(const Question& question, const Engagement& engagement) {
  const std::vector<bool> types = TypesOf(question);
  ByContact contacts;
  for (const auto& [who, actions] : engagement.by_who) {
    if (!types[who.type] || who.contact == 0) continue;
    auto& [account, sum] = contacts[who.contact ^ uint64_t{who.account} * 0x9e3779b97f4a7c15];
    account = who.account;
    sum.count += actions.count;
  }
  return contacts;
}

using IsEngaged = bool (*)(const Actions& actions, int wanted);
bool ByCount(const Actions& actions, int wanted) { return actions.count >= wanted; }
bool ByWeight(const Actions& actions, int wanted) { return actions.weight >= wanted * ledger::kMillion; }

struct Active {
  int64_t accounts = 0;
  int64_t engaged = 0;
  int64_t actions = 0;
};

Figure Rate(const Active& sum) {
  Figure figure = ShareOf(sum.engaged, sum.accounts, v1::ABSENCE_NO_DENOMINATOR);
  figure.parts = {PartNumber(static_cast<double>(sum.actions))};
  return figure;
}

// Shows every account of the scope that is active at a period's end, with what it did.
template <typename Visitor>
void VisitActive(const Question& question, const Period& period, IsEngaged is_engaged, Visitor visit) {
  const ByAccount actions = AccountsOf(question, ActionsIn(question, period, 0));
  for (int64_t account = 1; account <= question.scope.last_account(); ++account) {
    const std::span<const uint32_t> groups = question.scope.Of(account);
    const ledger::AccountBlock* block = groups.empty() ? nullptr : BlockOf(question.state, account);
    if (block == nullptr || !account::IsActiveOn(block->ViewOf(account, period.last_day), period.last_day)) continue;
    const auto found = actions.find(static_cast<uint32_t>(account));
    const Actions theirs = found == actions.end() ? Actions{} : found->second;
    visit(account, groups,
          Active{.accounts = 1, .engaged = is_engaged(theirs, ActionsWanted(question)), .actions = theirs.count});
  }
}

template <IsEngaged is_engaged>
Figures AccountRate(const Question& question) {
  Figures figures;
  for (const Period& period : question.periods) {
    std::vector<Active> sums(question.scope.group_count());
    VisitActive(question, period, is_engaged, [&](int64_t, std::span<const uint32_t> groups, const Active& active) {
      for (const uint32_t group : groups) {
        sums[group].accounts += active.accounts;
        sums[group].engaged += active.engaged;
        sums[group].actions += active.actions;
      }
    });
    std::vector<Figure>& row = figures.emplace_back();
    for (const Active& sum : sums) row.push_back(Rate(sum));
  }
  return figures;
}

template <IsEngaged is_engaged>
std::vector<Contribution> AccountContributors(const Question& question, uint32_t group) {
  std::vector<Contribution> contributions;
  VisitActive(question, question.periods.front(), is_engaged,
              [&](int64_t account, std::span<const uint32_t> groups, const Active& active) {
                if (std::find(groups.begin(), groups.end(), group) == groups.end()) return;
                contributions.push_back({.account = account, .figure = Rate(active)});
              });
  return contributions;
}

Active ContactsIn(const Question& question, const ByContact& contacts) {
  Active sum;
  for (const auto& [contact, theirs] : contacts) {
    ++sum.accounts;
    sum.engaged += ByCount(theirs.second, ActionsWanted(question)) ? 1 : 0;
    sum.actions += theirs.second.count;
  }
  return sum;
}

Figures ContactRate(const Question& question) {
  Figures figures;
  for (const Period& period : question.periods) {
    std::vector<Figure>& row = figures.emplace_back();
    for (const Engagement& sum : EntrySums<Engagement>::Of(question, WindowOf(question, period))) {
      row.push_back(Rate(ContactsIn(question, ContactsOf(question, sum))));
    }
  }
  return figures;
}

std::vector<Contribution> ContactContributors(const Question& question, uint32_t group) {
  std::unordered_map<uint32_t, ByContact> by_account;
  for (const auto& [contact, theirs] : ContactsOf(question, ActionsIn(question, question.periods.front(), group))) {
    by_account[theirs.first].emplace(contact, theirs);
  }
  std::vector<Contribution> contributions;
  for (const auto& [account, contacts] : by_account) {
    contributions.push_back({.account = account, .figure = Rate(ContactsIn(question, contacts))});
  }
  return contributions;
}

Indicator OfEngagement(Indicator indicator) {
  indicator.formula = "{numerator} ÷ {denominator}";
  indicator.category = v1::INDICATOR_CATEGORY_ADOPTION;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.interval = v1::INTERVAL_METHOD_WILSON;
  indicator.inputs = {"facts.engagement", "accounts", "subscriptions"};
  indicator.parts = {{"actions", "Actions that count", "Actions qui comptent"}};
  return indicator;
}

const Registrar kRate(OfEngagement({
    .id = "engagement_rate",
    .name = "Engagement rate",
    .name_fr = "Taux d'engagement",
    .description =
        "Active accounts with enough actions ÷ accounts active on the last day: with a subscription or revenue. How "
        "many actions, of which types, in how many days: settings (engagement_action_count, engagement_types, "
        "engagement_window_days).",
    .description_fr =
        "Comptes actifs avec assez d'actions ÷ comptes actifs le dernier jour : avec un abonnement ou du revenu. "
        "Combien d'actions, de quels types, en combien de jours : réglages (engagement_action_count, "
        "engagement_types, engagement_window_days).",
    .north_star = true,
    .method = std::make_shared<FunctionMethod>(AccountRate<ByCount>, AccountContributors<ByCount>),
}));

const Registrar kWeighted(OfEngagement({
    .id = "engagement_rate_weighted",
    .variant_of = "engagement_rate",
    .name = "Engagement rate, weighted",
    .name_fr = "Taux d'engagement, pondéré",
    .description = "As engagement_rate, where the weights of the actions must sum to the number wanted.",
    .description_fr = "Comme engagement_rate, la somme des poids des actions devant atteindre le nombre voulu.",
    .method = std::make_shared<FunctionMethod>(AccountRate<ByWeight>, AccountContributors<ByWeight>),
}));

const Registrar kContacts(OfEngagement({
    .id = "engagement_rate_contacts",
    .variant_of = "engagement_rate",
    .name = "Engagement rate of contacts",
    .name_fr = "Taux d'engagement des contacts",
    .description =
        "Contacts with as many actions as the settings want ÷ contacts with any. Actions that name no contact are left "
        "out.",
    .description_fr =
        "Contacts avec autant d'actions que le veulent les réglages ÷ contacts avec au moins une. Les actions sans "
        "contact nommé sont écartées.",
    .method = std::make_shared<FunctionMethod>(ContactRate, ContactContributors),
}));

}  // namespace
}  // namespace folio::indicators
