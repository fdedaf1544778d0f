// stickiness, feature_adoption_rate: how much of the days and of the product is used.
#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/indicator.h"
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
  Figure Finish() const {
    Figure figure{
        .numerator = static_cast<double>(used), .denominator = static_cast<double>(possible), .sample_size = users};
    if (possible == 0) {
      figure.absence = v1::ABSENCE_NO_DENOMINATOR;
    } else {
      figure.number = figure.numerator / figure.denominator;
    }
    return figure;
  }
};
using DepthByAccount = std::unordered_map<uint32_t, Depth>;

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

template <typename Kind>
class DepthMethod final : public Method {
 public:
  Figures Compute(const Question& question) const override {
    Figures figures;
    for (const Period& period : question.periods) {
      const std::vector<Stretch> stretches = StretchesOf(question, Users::kKinds, period);
      const ledger::MemoKey key = FiguresKey(question, Kind::kId, nullptr, period);
      const uint64_t version = VersionOf(stretches);
      auto row = std::static_pointer_cast<const std::vector<Figure>>(question.memos.Find(key, version));
      if (row == nullptr) {
        row = std::make_shared<const std::vector<Figure>>(RowOf(question, stretches, period));
        question.memos.Put(key, version, row, row->front().bytes() * std::ssize(*row));
      }
      figures.push_back(*row);
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    const Period& period = question.periods.front();
    std::vector<Contribution> contributions;
    for (const auto& [account, depth] : Kind::Read(question, StretchesOf(question, Users::kKinds, period), period)) {
      const std::span<const uint32_t> groups = question.scope.Of(account);
      if (std::find(groups.begin(), groups.end(), group) == groups.end()) continue;
      contributions.push_back({.account = account, .figure = depth.Finish()});
    }
    return contributions;
  }

 private:
  static std::vector<Figure> RowOf(const Question& question, std::span<const Stretch> stretches, const Period& period) {
    std::vector<Depth> sums(question.scope.group_count());
    for (const auto& [account, depth] : Kind::Read(question, stretches, period)) {
      for (const uint32_t group : question.scope.Of(account)) sums[group].Merge(depth);
    }
    std::vector<Figure> row;
    for (const Depth& sum : sums) row.push_back(sum.Finish());
    return row;
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
    .method = std::make_shared<DepthMethod<Days>>(),
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
    .method = std::make_shared<DepthMethod<Features>>(),
}));

}  // namespace
}  // namespace folio::indicators
