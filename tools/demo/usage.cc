// Usage: monthly sums of long ago, and a rhythm of a few facts in thirty days since. The rhythm has a period of exactly
// thirty days, so that any two windows of thirty days hold the same features, and only level and noise tell them apart.
#include <algorithm>
#include <vector>

#include "tools/demo/fact_writer.h"
#include "tools/demo/plan.h"
#include "tools/demo/random.h"

namespace folio::demo {
namespace {

constexpr uint64_t kStream = 5;
constexpr int kRecentDays = 120;
constexpr int kPeriodDays = 30;
constexpr int64_t kWorkMinutes = 540;
constexpr int64_t kNoise = 90;  // thousandths

// Level of usage so many days ago, thousandths: straight lines between the profile's five points.
int64_t LevelOf(const Plan& plan, int32_t days_ago) {
  const int32_t window = std::max(kRecentDays + 1, plan.horizon - plan.window_start);
  const int32_t at[] = {window, kRecentDays, 60, 30, 0};
  const auto& usage = plan.profile->usage;
  for (int i = 0; i < 4; ++i) {
    if (days_ago >= at[i + 1]) {
      const int32_t from = std::min(days_ago, at[i]);
      return usage[i + 1] + int64_t{usage[i] - usage[i + 1]} * (from - at[i + 1]) / (at[i] - at[i + 1]);
    }
  }
  return usage[4];
}

// Companies work less in August and at the end of the year.
int64_t SeasonOf(int32_t day) {
  constexpr int64_t kSeason[12] = {1000, 1000, 1030, 1000, 970, 1010, 940, 780, 1040, 1030, 1010, 900};
  return kSeason[MonthOf(day) - 1];
}

class UsageWriter {
 public:
  UsageWriter(const Plan& plan, Client* client)
      : plan_(plan),
        random_(plan.options->seed, static_cast<uint64_t>(plan.index), kStream),
        writer_(client, "product", plan.slug) {
    const int64_t login = std::max<int64_t>(30, plan.seats * random_.Between(15, 40));
    bases_.push_back(login);
    const int64_t features = random_.Between(plan.profile->features.low, plan.profile->features.high);
    first_feature_ = random_.Below(kFeatureCount);
    for (int64_t i = 0; i < features; ++i) bases_.push_back(login * random_.Between(150, 800) / 1000);
  }

  // One fact of feature `slot` (0: a plain login) at `permille` of its usual count.
  void Add(size_t slot, int64_t base, int32_t day, bool seasonal) {
    const int32_t days_ago = plan_.horizon - day;
    int64_t count = base * LevelOf(plan_, days_ago) / 1000 * (1000 + random_.Bell(kNoise)) / 1000;
    if (seasonal) count = count * SeasonOf(day) / 1000;
    const int64_t minute = random_.Below(kWorkMinutes);
    const int64_t seconds_each = random_.Between(25, 90);
    const int64_t errors = random_.Below(std::max<int64_t>(1, count * plan_.profile->tickets_a_year.high / 600));
    if (count <= 0) return;
    v1::Usage* usage = nullptr;
    v1::Fact* fact = writer_.Add(day, minute);
    usage = fact->mutable_usage();
    if (slot > 0) {
      const auto feature = static_cast<size_t>(first_feature_ + static_cast<int64_t>(slot)) % kFeatureCount;
      usage->set_feature(Features()[feature].data(), Features()[feature].size());
    }
    usage->set_count(count);
    usage->set_duration_seconds(count * seconds_each);
    usage->set_error_count(errors);
  }

  void AddMonths() {
    int64_t all_features = 0;
    for (size_t slot = 1; slot < bases_.size(); ++slot) all_features += bases_[slot];
    size_t slot = 1;
    for (int32_t day = plan_.horizon - kRecentDays - kPeriodDays; day >= plan_.first_day(); day -= kPeriodDays) {
      Add(0, bases_[0], day, /*seasonal=*/true);
      Add(slot, all_features, day, /*seasonal=*/true);
      slot = slot + 1 < bases_.size() ? slot + 1 : 1;
    }
  }

  // Without the seasons: a holiday is not a risk, and this is what the risks look at.
  void AddRecent() {
    const auto slots = static_cast<int32_t>(bases_.size());
    for (int32_t period = 0; period < kRecentDays / kPeriodDays; ++period) {
      for (int32_t slot = 0; slot < slots; ++slot) {
        const int32_t day = plan_.horizon - 1 - period * kPeriodDays - slot * kPeriodDays / slots;
        if (day >= plan_.first_day()) {
          Add(static_cast<size_t>(slot), bases_[static_cast<size_t>(slot)], day, /*seasonal=*/false);
        }
      }
    }
  }

 private:
  const Plan& plan_;
  Random random_;
  FactWriter writer_;
  std::vector<int64_t> bases_;  // usual counts in thirty days: logins, then each feature
  int64_t first_feature_ = 0;
};

}  // namespace

void AddUsage(const Plan& plan, Client* client) {
  UsageWriter writer(plan, client);
  writer.AddMonths();
  writer.AddRecent();
}

}  // namespace folio::demo
