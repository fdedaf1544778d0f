// Terms of subscription: the past is worked out backwards from today's revenue.
#include <algorithm>

#include "tools/demo/calendar.h"
#include "tools/demo/plan.h"
#include "tools/demo/random.h"

namespace folio::demo {
namespace {

constexpr uint64_t kStream = 2;
constexpr int kTrialDays = 30;

int64_t RoundToTwelve(int64_t units) { return std::max<int64_t>(12, units / 12 * 12); }

}  // namespace

std::vector<PlannedTerm> MakeTerms(const Plan& plan) {
  Random random(plan.options->seed, static_cast<uint64_t>(plan.index), kStream);
  const Profile& profile = *plan.profile;
  const bool churned = profile.archetype == Archetype::kChurned;
  std::vector<PlannedTerm> terms;
  int64_t annual = plan.arr_units;

  // Something bought, or given up, in the middle of a term.
  const bool expands = profile.growth.high >= 100 ? random.Chance(400) : random.Chance(60);
  PlannedTerm extra{0, 0, 0, true};
  if (expands && !churned) {
    extra.annual_units = RoundToTwelve(annual * random.Between(80, 300) / 1000);
    extra.start = std::max(plan.contract_start, plan.horizon - static_cast<int32_t>(random.Between(40, 500)));
    extra.end = kOpen;
    annual = RoundToTwelve(annual - extra.annual_units);
  } else if (profile.growth.low < 0 && random.Chance(300)) {
    extra.annual_units = RoundToTwelve(annual * random.Between(100, 350) / 1000);
    extra.end = plan.horizon - static_cast<int32_t>(random.Between(10, 200));
    extra.start = std::max(plan.contract_start, extra.end - 365);
  }

  int32_t end = churned ? plan.horizon : kOpen;
  int32_t start = AddMonths(plan.renewal, -12);
  while (true) {
    // Terms from before the history are one: nobody looks at them singly.
    if (start <= plan.window_start) start = plan.contract_start;
    start = std::max(start, plan.contract_start);
    terms.push_back({start, end, annual, false});
    if (start <= plan.contract_start) break;
    end = start;
    start = AddMonths(start, -12);
    annual = RoundToTwelve(annual * 1000 / (1000 + random.Between(profile.growth.low, profile.growth.high)));
  }
  std::reverse(terms.begin(), terms.end());
  if (extra.annual_units > 0 && extra.start < std::min(extra.end, plan.horizon)) terms.push_back(extra);
  return terms;
}

void AddSubscriptions(const Plan& plan, const std::vector<PlannedTerm>& terms, Client* client) {
  Random random(plan.options->seed, static_cast<uint64_t>(plan.index), kStream + 100);
  const bool quarterly = random.Chance(700);
  int number = 0;
  const auto add = [&](int32_t start, int32_t end, int64_t annual_units) {
    v1::Subscription* subscription = client->subscriptions.Add();
    subscription->mutable_name()
        ->assign("subscriptions/")
        .append(plan.slug)
        .append("-")
        .append(std::to_string(++number));
    subscription->set_account(client->account.name());
    SetDate(start, subscription->mutable_start_date());
    if (end != kOpen) SetDate(end, subscription->mutable_end_date());
    SetMoney(annual_units * 100, plan.options->currency, subscription->mutable_annual_amount());
    subscription->set_plan(client->account.plan());
    subscription->set_billing_period(quarterly ? v1::BILLING_PERIOD_QUARTERLY : v1::BILLING_PERIOD_ANNUAL);
    return subscription;
  };
  for (const PlannedTerm& term : terms) {
    v1::Subscription* subscription = add(term.start, term.end, term.annual_units);
    if (!term.add_on) {
      const int64_t seats = plan.seats * term.annual_units / std::max<int64_t>(1, plan.arr_units);
      subscription->set_seat_count(static_cast<int32_t>(std::max<int64_t>(1, seats)));
    }
    if (term.end == kOpen) {
      subscription->set_auto_renew(plan.auto_renew);
      SetDate(plan.renewal, subscription->mutable_renewal_date());
    }
  }
  if (plan.profile->archetype == Archetype::kNew) {
    add(plan.contract_start - kTrialDays, plan.contract_start, plan.arr_units)->set_trial(true);
  }
}

}  // namespace folio::demo
