// What must hold of every score, tried on many accounts and models made from a seed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <tuple>

#include "server/account/timeline.h"
#include "server/scoring/day_scores.h"
#include "tests/account/account_builder.h"
#include "tests/scoring/models.h"

namespace folio::scoring {
namespace {

using account::Point;
using account::PointKind;
using account::Term;
using account::Timeline;
using account::View;

constexpr Day kToday = 20'000;
constexpr uint64_t kSeeds = 300;

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}

  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint64_t>(bound)); }
  double Real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }

  // Points of up to `count` facts, of all kinds, with values that do not sum exactly.
  std::vector<Point> Points(int count) {
    std::vector<Point> points;
    for (int i = 0; i < count; ++i) {
      const auto kind = static_cast<PointKind>(Below(static_cast<int>(PointKind::kUsage) + 1));
      points.push_back({.day = kToday - Below(120) + 3,
                        .kind = kind,
                        .tag = static_cast<uint16_t>(Below(6)),
                        .value = kind == PointKind::kPaid ? Below(20) - 10 : Below(100) / 7.0});
    }
    return points;
  }

  std::vector<Term> Terms() {
    std::vector<Term> terms(static_cast<size_t>(Below(4)));
    for (Term& term : terms) {
      term = {.start = kToday - Below(800), .annual = Below(1000) * kMicrosPerUnit, .trial = Below(4) == 0};
      if (Below(3) == 0) term.end = term.start + Below(400);
      term.seats = Below(20) - 1;
    }
    return terms;
  }

  v1::HealthModel HealthModel(bool means_only) {
    v1::HealthModel model;
    for (int d = 0; d <= Below(4); ++d) {
      v1::HealthDimension& dimension = *model.add_dimensions();
      dimension.set_id(std::to_string(d));
      dimension.set_weight(Real(0.001, 50));
      if (!means_only) dimension.set_combination(static_cast<v1::HealthCombination>(Below(4)));
      if (dimension.combination() == v1::HEALTH_COMBINATION_ADDITIVE) dimension.set_base(Real(0, 1));
      for (int m = 0; m <= Below(6); ++m) AddMeasure(m, &dimension);
    }
    return model;
  }

  std::mt19937_64& random() { return random_; }

 private:
  void AddMeasure(int position, v1::HealthDimension* dimension) {
    const std::span<const measures::Measure> all = measures::AllMeasures();
    // By position, so that no measure comes twice.
    const measures::Measure& measure = all[static_cast<size_t>((position * 4 + Below(4))) % all.size()];
    v1::HealthMeasure& made = *dimension->add_measures();
    made.set_measure(std::string(measure.name));
    const bool additive = dimension->combination() == v1::HEALTH_COMBINATION_ADDITIVE;
    made.set_weight(additive ? Real(0.01, 1) * (Below(2) == 0 ? 1 : -1) : Real(0.001, 50));
    made.set_missing(static_cast<v1::MissingPolicy>(Below(5)));
    if (made.missing() == v1::MISSING_POLICY_CARRY) made.set_carry_days(1 + Below(60));
    if (measure.default_window_days > 0) made.set_window_days(1 + Below(100));
    AddKernel(&made);
  }

  void AddKernel(v1::HealthMeasure* measure) {
    const double low = Real(-5, 20);
    const double high = Real(21, 40) * (Below(2) == 0 ? 1 : -1);
    switch (Below(3)) {
      case 0:
        measure->mutable_ramp()->set_zero_at(low);
        measure->mutable_ramp()->set_full_at(high);
        break;
      case 1:
        measure->mutable_three_state()->set_bad_from(low);
        measure->mutable_three_state()->set_good_from(high);
        break;
      default:
        measure->mutable_tiers()->set_below(Real(0, 1));
        for (int step = 0; step < 3; ++step) {
          v1::Tier& tier = *measure->mutable_tiers()->add_tiers();
          tier.set_from(low + step);
          tier.set_credit(Real(0, 1));
        }
    }
  }

  std::mt19937_64 random_;
};

// Puts points as facts of their own, with keys in this order.
Timeline Arrive(const std::vector<Point>& points) {
  Timeline timeline;
  int64_t key = 0;
  for (Point point : points) {
    point.fact = ++key;
    timeline.Put(key, {&point, 1});
  }
  return timeline;
}

class ScoreProperty : public ::testing::Test {
 protected:
  // Runs `check` for many seeds, each with an account and a model.
  template <typename Check>
  void ForAll(Check check, bool means_only = false) {
    for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      Maker maker(seed);
      const std::vector<Point> points = maker.Points(maker.Below(80));
      const std::vector<Term> terms = maker.Terms();
      const v1::HealthModel proto = maker.HealthModel(means_only);
      const absl::StatusOr<Model> model = Model::Compile(proto);
      ASSERT_TRUE(model.ok()) << model.status();
      const Timeline timeline = Arrive(points);
      View view{.today = kToday, .created = kToday - 400, .seats = 5};
      view.terms = terms;
      view.points = timeline.points();
      check(maker, view, *model, points);
      if (HasFatalFailure()) return;
    }
  }
};

TEST_F(ScoreProperty, ContributionsSumExactlyToTheScore) {
  ForAll([](Maker&, const View& view, const Model& model, const std::vector<Point>&) {
    std::vector<Contribution> parts;
    const Score score = model.Run(view, &parts);
    double sum = 0;
    for (const Contribution& part : parts) {
      sum += part.points;
      ASSERT_EQ(part.points, 100 * part.weight * part.credit);
      ASSERT_TRUE(part.share == Share::kClamp || (part.credit >= 0 && part.credit <= 1));
      ASSERT_TRUE(std::isfinite(part.value));
    }
    ASSERT_EQ(sum, score.raw);
    ASSERT_EQ(model.Run(view, nullptr).raw, score.raw) << "explaining must not change it";
  });
}

TEST_F(ScoreProperty, WeightsOfMeansSumToOne) {
  ForAll(
      [](Maker&, const View& view, const Model& model, const std::vector<Point>&) {
        std::vector<Contribution> parts;
        const Score score = model.Run(view, &parts);
        double weight = 0;
        for (const Contribution& part : parts) weight += part.weight;
        ASSERT_NEAR(weight, score.absent ? 0 : 1, 1e-9);
      },
      true);
}

TEST_F(ScoreProperty, StaysWithinItsBounds) {
  int scored = 0;
  ForAll([&scored](Maker&, const View& view, const Model& model, const std::vector<Point>&) {
    const Score score = model.Run(view, nullptr);
    ASSERT_TRUE(score.score >= 0 && score.score <= 100) << score.raw;
    ASSERT_TRUE(score.coverage >= 0 && score.coverage <= 1 + 1e-12) << score.coverage;
    ASSERT_EQ(score.absent, score.coverage == 0);
    if (!score.absent) {
      ++scored;
      ASSERT_EQ(score.band, BandOf(score.score));
    }
  });
  EXPECT_GT(scored, static_cast<int>(kSeeds / 2)) << "most of the accounts should have a score, or little was tried";
}

TEST_F(ScoreProperty, OrderOfArrivalDoesNotMatterToTheLastBit) {
  ForAll([](Maker& maker, View view, const Model& model, std::vector<Point> points) {
    const Score score = model.Run(view, nullptr);
    std::shuffle(points.begin(), points.end(), maker.random());
    const Timeline shuffled = Arrive(points);
    view.points = shuffled.points();
    ASSERT_EQ(model.Run(view, nullptr).raw, score.raw);
  });
}

TEST_F(ScoreProperty, OnlyProportionsOfWeightsCount) {
  ForAll(
      [](Maker& maker, const View& view, const Model& model, const std::vector<Point>&) {
        v1::HealthModel scaled = model.proto();
        const double factor = maker.Real(0.1, 1000);
        for (v1::HealthDimension& dimension : *scaled.mutable_dimensions()) {
          dimension.set_weight(dimension.weight() * factor);
          const double inner = maker.Real(0.1, 1000);
          for (v1::HealthMeasure& measure : *dimension.mutable_measures()) measure.set_weight(measure.weight() * inner);
        }
        ASSERT_NEAR(Model::Compile(scaled)->Run(view, nullptr).raw, model.Run(view, nullptr).raw, 1e-9);
      },
      true);
}

TEST_F(ScoreProperty, DaysTogetherAreScoredAsEachAlone) {
  int scored = 0;
  int absent = 0;
  ForAll([&](Maker& maker, View view, const Model& model, const std::vector<Point>&) {
    DayScores together(model);
    const Day last = kToday + maker.Below(100);
    for (view.today = last; view.today > last - 120; --view.today) {
      const Score alone = model.Run(view, nullptr);
      const Score& found = together.On(view);
      ++(alone.absent ? absent : scored);
      ASSERT_EQ(std::tie(found.absent, found.raw, found.score, found.band, found.coverage),
                std::tie(alone.absent, alone.raw, alone.score, alone.band, alone.coverage))
          << FormatDay(view.today);
    }
  });
  EXPECT_GT(scored, 10'000);
  EXPECT_GT(absent, 100) << "too few days without data were tried";
}

TEST_F(ScoreProperty, DaysBeforeTheEpochAreDaysToo) {
  const Model model = Model::Compile(DefaultModel()).value();
  DayScores together(model);
  View view{.created = -400};
  for (view.today = -70; view.today < 70; ++view.today) {
    ASSERT_EQ(together.On(view).raw, model.Run(view, nullptr).raw) << view.today;
  }
}

// Facts that arrive late, are replaced and deleted, in any order, leave the score that they have all at once.
TEST(Histories, ScoreIncrementallyAsFromTheBeginning) {
  constexpr uint64_t kHistories = 10'000;
  for (uint64_t seed = 1; seed <= kHistories; ++seed) {
    Maker maker(seed);
    const Model model = Model::Compile(maker.HealthModel(false)).value();
    Timeline incremental;
    std::map<int64_t, Point> facts;
    const int operations = 1 + maker.Below(30);
    for (int i = 0; i < operations; ++i) {
      const int64_t fact = 1 + maker.Below(12);
      if (maker.Below(5) == 0) {
        incremental.Remove(fact);
        facts.erase(fact);
        continue;
      }
      Point point = maker.Points(1).front();
      point.fact = fact;
      incremental.Put(fact, {&point, 1});
      facts[fact] = point;
    }
    Timeline whole;
    for (const auto& [fact, point] : facts) whole.Put(fact, {&point, 1});
    View view{.today = kToday, .created = kToday - 400, .seats = 5};
    view.points = incremental.points();
    const double scored = model.Run(view, nullptr).raw;
    view.points = whole.points();
    ASSERT_EQ(scored, model.Run(view, nullptr).raw) << "seed " << seed;
  }
}

TEST(Kernels, ThreeStatesAndAscendingTiersAreMonotone) {
  Maker maker(11);
  for (int i = 0; i < 1000; ++i) {
    v1::HealthMeasure states;
    states.mutable_three_state()->set_bad_from(maker.Real(-100, 100));
    states.mutable_three_state()->set_good_from(maker.Real(-100, 100));
    const bool rising = states.three_state().good_from() > states.three_state().bad_from();
    v1::HealthMeasure tiers;
    tiers.mutable_tiers()->set_below(maker.Real(0, 0.3));
    for (int step = 0; step < 4; ++step) {
      v1::Tier& tier = *tiers.mutable_tiers()->add_tiers();
      tier.set_from(step * 10 + maker.Real(0, 9));
      tier.set_credit(0.3 + step * 0.1 + maker.Real(0, 0.1));
    }
    double a = maker.Real(-200, 200);
    double b = maker.Real(-200, 200);
    if (a > b) std::swap(a, b);
    const Kernel state(states, nullptr);
    ASSERT_TRUE(rising ? state.CreditOf(a) <= state.CreditOf(b) : state.CreditOf(a) >= state.CreditOf(b));
    ASSERT_EQ(state.CreditOf(states.three_state().bad_from()), 0);
    ASSERT_EQ(state.CreditOf(states.three_state().good_from()), 1);
    const Kernel tier(tiers, nullptr);
    ASSERT_LE(tier.CreditOf(a), tier.CreditOf(b));
  }
}

TEST(Kernels, RampsAreMonotone) {
  Maker maker(7);
  for (int i = 0; i < 1000; ++i) {
    v1::HealthMeasure measure;
    measure.mutable_ramp()->set_zero_at(maker.Real(-100, 100));
    measure.mutable_ramp()->set_full_at(maker.Real(-100, 100));
    const bool rising = measure.ramp().full_at() > measure.ramp().zero_at();
    const Kernel kernel(measure, nullptr);
    double a = maker.Real(-200, 200);
    double b = maker.Real(-200, 200);
    if (a > b) std::swap(a, b);
    ASSERT_TRUE(rising ? kernel.CreditOf(a) <= kernel.CreditOf(b) : kernel.CreditOf(a) >= kernel.CreditOf(b));
    ASSERT_EQ(kernel.CreditOf(measure.ramp().zero_at()), 0);
    ASSERT_EQ(kernel.CreditOf(measure.ramp().full_at()), 1);
  }
}

}  // namespace
}  // namespace folio::scoring
