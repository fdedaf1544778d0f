#include "tools/demo/plan.h"

#include <algorithm>

#include "tools/demo/calendar.h"
#include "tools/demo/random.h"

namespace folio::demo {
namespace {

struct SizeClass {
  v1::AccountSize size;
  int share;  // of 1000
  int64_t employees_low, employees_high;
  int64_t arr_low;  // units of currency; three octaves up from here
};
constexpr SizeClass kSizes[] = {
    {v1::ACCOUNT_SIZE_MICRO, 150, 2, 9, 600},
    {v1::ACCOUNT_SIZE_SMALL, 370, 10, 49, 2'400},
    {v1::ACCOUNT_SIZE_MEDIUM, 310, 50, 249, 9'000},
    {v1::ACCOUNT_SIZE_LARGE, 140, 250, 4'999, 32'000},
    {v1::ACCOUNT_SIZE_ENTERPRISE, 30, 5'000, 60'000, 120'000},
};

constexpr Hero kHeroes[] = {
    {"Société Générale de Maintenance", "societe-generale-de-maintenance", Archetype::kAboutToChurn},
    {"Boulangerie Lefèvre & Fils", "boulangerie-lefevre-fils", Archetype::kReadyToGrow},
    {"Whitcombe Ltd", "whitcombe-ltd", Archetype::kAboutToChurn},
    {"Clinique des Érables", "clinique-des-erables", Archetype::kReadyToGrow},
    {"Transports Garonne Océan", "transports-garonne-ocean", Archetype::kAboutToChurn},
    {"Harrogate Learning Group", "harrogate-learning-group", Archetype::kReadyToGrow},
};
constexpr struct {
  Language language;
  int size_class;
  int64_t arr_units;
  Place place;
  std::string_view sector;
} kHeroFacts[] = {
    {Language::kFrench, 3, 148'000, {"Lyon", "FR"}, "Manufacturing"},
    {Language::kFrench, 1, 12'600, {"Nantes", "FR"}, "Food"},
    {Language::kEnglish, 2, 64'000, {"Bristol", "GB"}, "Professional services"},
    {Language::kFrench, 2, 58'000, {"Toulouse", "FR"}, "Healthcare"},
    {Language::kFrench, 2, 41'500, {"Bordeaux", "FR"}, "Logistics"},
    {Language::kEnglish, 3, 96'000, {"Harrogate", "GB"}, "Education"},
};
constexpr int64_t kHeroCount = std::size(kHeroes);

Archetype PickArchetype(Random& random) {
  int64_t ticket = random.Below(1000);
  for (const Profile& profile : AllProfiles()) {
    ticket -= profile.share;
    if (ticket < 0) return profile.archetype;
  }
  return Archetype::kSteady;
}

const SizeClass& PickSize(Random& random) {
  int64_t ticket = random.Below(1000);
  for (const SizeClass& size : kSizes) {
    ticket -= size.share;
    if (ticket < 0) return size;
  }
  return kSizes[0];
}

// A company's name, appended; returns its sector.
std::string_view AppendCompany(const Words& words, Language language, Random& random, std::string* name) {
  const auto add = [name](std::string_view word) {
    if (word.empty()) return;
    if (!name->empty()) name->push_back(' ');
    name->append(word);
  };
  const int64_t shape = random.Below(100);
  if (shape < 12) {
    const Trade& ending = random.Pick(InventedEndings());
    add(random.Pick(InventedBeginnings()));
    name->append(ending.word);
    if (random.Chance(400)) add(random.Pick(words.suffixes));
    return ending.sector;
  }
  if (shape < 36) {
    const Trade& activity = random.Pick(words.activities);
    if (language == Language::kFrench) {
      constexpr std::string_view kFeminine[] = {"Société",    "Société",     "Compagnie",
                                                "Entreprise", "Coopérative", "Union"};
      add(random.Pick(kFeminine));
      add(random.Pick(words.adjectives));
      const std::string_view first_letter = activity.word.substr(0, 2);
      add(first_letter == "É" ? "d'" : "de");
      if (first_letter == "É") {
        name->append(activity.word);
      } else {
        add(activity.word);
      }
    } else {
      add(random.Chance(500) ? random.Pick(words.adjectives) : random.Pick(words.places).city);
      add(activity.word);
      add(random.Pick(words.suffixes));
    }
    return activity.sector;
  }
  const Trade& trade = random.Pick(words.trades);
  if (language == Language::kFrench) add(trade.word);
  add(random.Pick(words.last_names));
  if (language == Language::kEnglish) add(trade.word);
  add(random.Pick(words.suffixes));
  return trade.sector;
}

// Digits of another system's record: a one-to-one image of the index, so that no two accounts share it.
void AppendRecordNumber(int64_t index, std::string* out) {
  constexpr char kDigits[] = "0123456789ABCDEFGHJKLMNPQRSTUVWX";
  constexpr uint64_t kMask = (uint64_t{1} << 40) - 1;
  uint64_t scrambled = (static_cast<uint64_t>(index) + 1) * 0x9E3779B97F & kMask;
  scrambled = (scrambled ^ (scrambled >> 20)) * 0xF51AFD7ED5 & kMask;
  for (int i = 0; i < 8; ++i, scrambled >>= 5) out->push_back(kDigits[scrambled & 31]);
}

void AppendPadded(int64_t number, size_t width, std::string* out) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) out->append(width - digits.size(), '0');
  out->append(digits);
}

// Decides the dates: when it signed, when it renews, until when there is history.
void PlanDates(Random& random, Plan* plan) {
  const Profile& profile = *plan->profile;
  const int32_t today = plan->options->as_of;
  plan->window_start = AddMonths(today, -plan->options->months);
  plan->horizon = today;
  plan->renewal = today + static_cast<int32_t>(random.Between(profile.renewal_days.low, profile.renewal_days.high));
  int years = static_cast<int>(random.Between(2, 7));
  if (profile.archetype == Archetype::kNew) years = 1;
  if (profile.archetype == Archetype::kChurned) {
    constexpr int kLongestAgo = 640;
    const int window = std::min(kLongestAgo, today - plan->window_start - 30);
    plan->horizon = today - static_cast<int32_t>(random.Between(5, std::max(6, window)));
    plan->renewal = plan->horizon;
    years = static_cast<int>(random.Between(1, 4));
  }
  plan->contract_start = AddMonths(plan->renewal, -12 * years);
  plan->auto_renew = random.Chance(profile.auto_renew);
  if (random.Chance(profile.champion_left)) {
    plan->champion_left = plan->horizon - static_cast<int32_t>(random.Between(4, 27));
  }
}

v1::Lifecycle LifecycleOf(const Plan& plan, Random& random) {
  switch (plan.profile->archetype) {
    case Archetype::kNew:
      return plan.horizon - plan.contract_start < 60 ? v1::LIFECYCLE_ONBOARDING : v1::LIFECYCLE_ACTIVE;
    case Archetype::kAboutToChurn:
      return random.Chance(150) ? v1::LIFECYCLE_LEAVING : v1::LIFECYCLE_ACTIVE;
    case Archetype::kChurned:
      return v1::LIFECYCLE_CHURNED;
    default:
      return v1::LIFECYCLE_ACTIVE;
  }
}

void WriteIdentifiers(const Plan& plan, v1::Account* account) {
  account->mutable_name()->assign("accounts/").append(plan.slug);
  v1::ExternalId* crm = account->add_external_ids();
  crm->set_system("salesforce");
  AppendRecordNumber(plan.index, crm->mutable_id());
  v1::ExternalId* erp = account->add_external_ids();
  erp->set_system("erp");
  erp->mutable_id()->assign("C");
  AppendPadded(plan.index + 1, 7, erp->mutable_id());
}

void WriteTerms(const Plan& plan, Random& random, v1::Account* account) {
  constexpr std::string_view kTags[] = {"reference", "multi-site", "pilot", "strategic", "public-sector", "partner"};
  account->set_size(plan.size);
  account->set_employee_count(static_cast<int32_t>(plan.employees));
  const std::string_view owner = random.Pick(Owners());
  account->set_owner(owner.data(), owner.size());
  account->set_lifecycle(LifecycleOf(plan, random));
  for (int64_t i = random.Below(3), first = random.Below(std::size(kTags)); i > 0; --i) {
    const std::string_view tag = kTags[static_cast<size_t>(first + i) % std::size(kTags)];
    account->add_tags(tag.data(), tag.size());
  }
  account->set_plan(plan.arr_units < 6'000 ? "Essential" : plan.arr_units < 60'000 ? "Growth" : "Enterprise");
  SetDate(plan.contract_start, account->mutable_contract_start_date());
  const bool churned = plan.profile->archetype == Archetype::kChurned;
  if (!churned) {
    SetDate(plan.renewal, account->mutable_renewal_date());
    account->set_auto_renew(plan.auto_renew);
  }
  if (plan.options->accounts_only) {
    SetMoney(churned ? 0 : plan.arr_units * 100, plan.options->currency, account->mutable_annual_recurring_revenue());
    account->set_seat_count(static_cast<int32_t>(churned ? 0 : plan.seats));
  }
}

}  // namespace

std::span<const Hero> Heroes() { return kHeroes; }

Plan MakePlan(const Options& options, int64_t index, v1::Account* account) {
  Random random(options.seed, static_cast<uint64_t>(index), /*stream=*/1);
  Plan plan;
  plan.options = &options;
  plan.index = index;
  const bool hero = index < kHeroCount;
  const auto& hero_facts = kHeroFacts[hero ? index : 0];
  const Language language = hero ? hero_facts.language : (random.Chance(600) ? Language::kFrench : Language::kEnglish);
  plan.words = &WordsOf(language);
  plan.profile = &ProfileOf(hero ? kHeroes[index].archetype : PickArchetype(random));

  std::string_view sector = hero_facts.sector;
  if (hero) {
    account->set_display_name(kHeroes[index].display_name.data(), kHeroes[index].display_name.size());
    plan.slug = kHeroes[index].id;
  } else {
    sector = AppendCompany(*plan.words, language, random, account->mutable_display_name());
    AppendSlug(account->display_name(), &plan.slug);
  }
  account->mutable_domain()->assign(plan.slug).append(plan.words->top_level_domain);
  if (!hero) plan.slug.append("-").append(std::to_string(index));
  account->set_sector(sector.data(), sector.size());
  const Place& place = hero ? hero_facts.place : random.Pick(plan.words->places);
  account->set_city(place.city.data(), place.city.size());
  account->set_country_code(place.country_code.data(), place.country_code.size());

  const SizeClass& size = hero ? kSizes[hero_facts.size_class] : PickSize(random);
  plan.size = size.size;
  plan.employees = random.Between(size.employees_low, size.employees_high);
  plan.arr_units = hero ? hero_facts.arr_units : random.Octaves(size.arr_low, 3) / 60 * 60;
  plan.seats = std::clamp<int64_t>(plan.arr_units / random.Between(240, 480), 2, plan.employees);
  PlanDates(random, &plan);
  if (hero && plan.profile->archetype == Archetype::kAboutToChurn) {
    plan.champion_left = plan.horizon - 5 - static_cast<int32_t>(index) * 4;
  }
  WriteIdentifiers(plan, account);
  WriteTerms(plan, random, account);
  return plan;
}

}  // namespace folio::demo
