// stickiness, feature_adoption_rate: how much of the days and of the product is used.
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "server/indicators/indicator.h"
#include "server/indicators/usage_method.h"
#include "server/indicators/users.h"

namespace folio::indicators {
namespace {

// What was used of what could be.
struct Depth {
  int64_t used = 0;
  int64_t possible = 0;
  int64_t users = 0;  // accounts, for features

  void Merge(const Depth& other) {
    used += other.used;
    possible += other.possible;
    users += other.users;
  }
  Figure Finish() const { return RatioOf(static_cast<double>(used), static_cast<double>(possible), users); }
};
using DepthByAccount = std::unordered_map<uint32_t, Depth>;

// What usage alone tells of each account; a Reader finds it.
template <typename Reader>
struct DepthOf {
  static constexpr std::string_view kId = Reader::kId;
  using Sum = Depth;
  static uint64_t VersionOfAccounts(const Question&) { return 0; }
  template <typename Visitor>
  static void Visit(const Question& question, std::span<const Stretch> stretches, const Period& period, Visitor visit) {
    for (const auto& [account, depth] : Reader::Read(question, stretches, period)) visit(int64_t{account}, depth);
  }
};

// Shows the usage of a period, of all accounts.
template <typename Visitor>
void VisitUsage(std::span<const Stretch> stretches, Visitor visit) {
  for (const Stretch& stretch : stretches) {
    stretch.segment->ForEach([&](const ledger::Entry& entry) {
      if (entry.value > 0 && entry.time >= stretch.start && entry.time < stretch.end) visit(entry);
    });
  }
}

// Days on which each user was active, of the days of the period that have come.
struct Days {
  static constexpr std::string_view kId = "stickiness";
  static DepthByAccount Read(const Question& question, std::span<const Stretch> stretches, const Period& period) {
    DepthByAccount depths;
    absl::flat_hash_set<uint64_t> users;
    absl::flat_hash_set<std::pair<uint64_t, Day>> days;
    VisitUsage(stretches, [&](const ledger::Entry& entry) {
      const uint64_t user = User::Of(entry);
      Depth& depth = depths[entry.account];
      if (users.insert(user).second) depth.Merge({.possible = period.elapsed_days(), .users = 1});
      if (days.emplace(user, question.portfolio.zone().DayAt(entry.time)).second) ++depth.used;
    });
    return depths;
  }
};

// Features that each account used, of those that anybody did.
struct Features {
  static constexpr std::string_view kId = "feature_adoption";
  static DepthByAccount Read(const Question&, std::span<const Stretch> stretches, const Period&) {
    DepthByAccount depths;
    absl::flat_hash_set<uint16_t> features;
    absl::flat_hash_set<std::pair<uint32_t, uint16_t>> of_accounts;
    VisitUsage(stretches, [&](const ledger::Entry& entry) {
      Depth& depth = depths[entry.account];
      depth.users = 1;
      if (entry.tag == 0) return;  // a login
      features.insert(entry.tag);
      if (of_accounts.emplace(entry.account, entry.tag).second) ++depth.used;
    });
    for (auto& [account, depth] : depths) depth.possible = std::ssize(features);
    return depths;
  }
};

Indicator OfUsage(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_ADOPTION;
  indicator.formula = "{numerator} ÷ {denominator}";
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.inputs = {"facts.usage"};
  return indicator;
}

const Registrar kStickiness(OfUsage({
    .id = "stickiness",
    .variant_of = "active_users",
    .name = "Stickiness",
    .name_fr = "Assiduité",
    .description =
        "Mean of the users active on a day ÷ users active in the period, of the days that have come: days on which "
        "each user was active ÷ users × days. By month it is DAU ÷ MAU.",
    .description_fr =
        "Moyenne des utilisateurs actifs un jour ÷ utilisateurs actifs dans la période, pour les jours écoulés : jours "
        "où chacun a été actif ÷ utilisateurs × jours. Au mois, c'est DAU ÷ MAU.",
    .method = std::make_shared<UsageMethod<DepthOf<Days>>>(),
}));

const Registrar kFeatureAdoption(OfUsage({
    .id = "feature_adoption_rate",
    .variant_of = "adoption_rate",
    .name = "Adoption of features",
    .name_fr = "Adoption des fonctionnalités",
    .description =
        "Features that an account used in the period ÷ features that anybody used in it, over the accounts with usage.",
    .description_fr =
        "Fonctionnalités qu'un compte a utilisées dans la période ÷ celles que quiconque y a utilisées, sur les "
        "comptes avec usage.",
    .method = std::make_shared<UsageMethod<DepthOf<Features>>>(),
}));

}  // namespace
}  // namespace folio::indicators
