// Many accounts at once are scored as each alone, to the last bit.
#include "server/scoring/batch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <random>

#include "tests/scoring/models.h"

namespace folio::scoring {
namespace {

using account::CustomFields;
using account::CustomKind;
using account::CustomValue;
using account::View;

constexpr int kFields = 24;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// Models and accounts over custom fields, whose figures a test can choose freely.
class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {
    for (int i = 0; i < kFields; ++i) {
      v1::CustomField field;
      field.set_collection("accounts");
      field.set_type(IsChoice(i) ? v1::CUSTOM_FIELD_TYPE_CHOICE : v1::CUSTOM_FIELD_TYPE_NUMBER);
      for (const char* choice : {"a", "b", "c"}) field.add_choices(choice);
      fields_.Define(IdOf(i), field);
    }
  }

  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint64_t>(bound)); }
  double Real(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random_); }
  CustomFields& fields() { return fields_; }

  v1::HealthModel HealthModel() {
    v1::HealthModel model;
    for (int d = 0, dimensions = 1 + Below(4); d < dimensions; ++d) {
      v1::HealthDimension& dimension = *model.add_dimensions();
      dimension.set_id(std::to_string(d));
      dimension.set_weight(Real(0.001, 50));
      dimension.set_combination(static_cast<v1::HealthCombination>(Below(4)));
      const bool additive = dimension.combination() == v1::HEALTH_COMBINATION_ADDITIVE;
      if (additive) dimension.set_base(Real(0, 1));
      const int first = Below(kFields);
      for (int m = 0, measures = 1 + Below(6); m < measures; ++m) {
        AddMeasure((first + m) % kFields, additive, dimension.add_measures());
      }
    }
    return model;
  }

  // The figures of a field, a row each: of all rows, of some, or of none.
  std::vector<double> Column(int field, int rows) {
    const int holes = Below(4);  // 0: none, 3: nothing else
    std::vector<double> column(static_cast<size_t>(rows));
    for (double& value : column) {
      const bool missing = holes == 3 || (holes > 0 && Below(3) < holes);
      value = missing ? kMissing : Value(field);
    }
    return column;
  }

 private:
  static bool IsChoice(int field) { return field % 5 == 4; }
  static std::string IdOf(int field) { return "f" + std::to_string(field); }

  // Often an end of a kernel, where an error of a comparison would show.
  double Value(int field) {
    if (IsChoice(field)) return fields_.NumberOf(std::string(1, static_cast<char>('a' + Below(4))));
    return Below(2) == 0 ? Below(12) : Real(-2, 12);
  }

  void AddMeasure(int field, bool additive, v1::HealthMeasure* measure) {
    measure->set_measure("custom." + IdOf(field));
    measure->set_weight(additive ? Real(0.01, 1) * (Below(2) == 0 ? 1 : -1) : Real(0.001, 50));
    measure->set_missing(static_cast<v1::MissingPolicy>(Below(5)));
    if (measure->missing() == v1::MISSING_POLICY_CARRY) measure->set_carry_days(1 + Below(3));
    if (IsChoice(field)) {
      measure->mutable_choices()->set_other(Real(0, 1));
      for (const char* choice : {"a", "b"}) {
        v1::ChoiceCredit& credit = *measure->mutable_choices()->add_choices();
        credit.set_choice(choice);
        credit.set_credit(Real(0, 1));
      }
      return;
    }
    const double low = Below(6);
    const double high = (6 + Below(5)) * (Below(3) == 0 ? -1 : 1);
    switch (Below(3)) {
      case 0:
        measure->mutable_ramp()->set_zero_at(low);
        measure->mutable_ramp()->set_full_at(high);
        return;
      case 1:
        measure->mutable_three_state()->set_bad_from(low);
        measure->mutable_three_state()->set_good_from(high);
        return;
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
  CustomFields fields_;
};

// A batch and the same accounts one by one.
struct Trial {
  Trial(Maker& maker, int count) : rows(count), model(Model::Compile(maker.HealthModel(), &maker.fields()).value()) {
    for (int i = 0; i < kFields; ++i) columns.push_back(maker.Column(i, count));
    for (const Figure& figure : model.figures()) {
      int field = 0;
      while (maker.fields().NumberOf("f" + std::to_string(field)) != figure.custom) ++field;
      const std::vector<double>& column = columns[static_cast<size_t>(field)];
      const auto missing = [](double value) { return std::isnan(value); };
      const bool none = std::all_of(column.begin(), column.end(), missing);
      figures.push_back(
          {.values = none ? nullptr : column.data(), .complete = std::none_of(column.begin(), column.end(), missing)});
    }
    numbers.resize(kFields);
    for (int i = 0; i < kFields; ++i)
      numbers[static_cast<size_t>(i)] = maker.fields().NumberOf("f" + std::to_string(i));
  }

  Score Alone(int row) const {
    std::vector<CustomValue> values;
    for (size_t i = 0; i < kFields; ++i) {
      const double value = columns[i][static_cast<size_t>(row)];
      if (std::isnan(value)) continue;
      const CustomKind kind = i % 5 == 4 ? CustomKind::kChoice : CustomKind::kNumber;
      values.push_back({.value = value, .field = numbers[i], .kind = kind});
    }
    View view{.today = 20'000, .created = 19'000};
    view.custom = values;
    return model.Run(view, nullptr);
  }

  int rows;
  Model model;
  std::vector<std::vector<double>> columns;
  std::vector<FigureColumn> figures;
  std::vector<uint32_t> numbers;
};

TEST(Batch, ScoresManyAccountsAsEachAlone) {
  int absent = 0;
  int scored = 0;
  for (uint64_t seed = 1; seed <= 600; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Maker maker(seed);
    const Trial trial(maker, 1 + maker.Below(70));
    const auto batch = std::make_unique<BatchScores>();
    trial.model.RunBatch(trial.figures, trial.rows, batch.get());
    for (int row = 0; row < trial.rows; ++row) {
      const Score alone = trial.Alone(row);
      ASSERT_EQ(batch->score[row] == BatchScores::kAbsent, alone.absent) << "row " << row;
      ASSERT_EQ(batch->coverage[row], alone.coverage) << "row " << row;
      ++(alone.absent ? absent : scored);
      if (alone.absent) {
        ASSERT_TRUE(std::isnan(batch->raw[row]));
        continue;
      }
      ASSERT_EQ(batch->raw[row], alone.raw) << "row " << row;
      ASSERT_EQ(batch->score[row], alone.score) << "row " << row;
    }
  }
  EXPECT_GT(absent, 100) << "too few accounts without data were tried";
  EXPECT_GT(scored, 10'000);
}

TEST(Batch, FillsTheLargestBatch) {
  Maker maker(5);
  const Trial trial(maker, kBatchRows);
  const auto batch = std::make_unique<BatchScores>();
  trial.model.RunBatch(trial.figures, trial.rows, batch.get());
  for (const int row : {0, 1, 1023, kBatchRows - 2, kBatchRows - 1}) {
    const Score alone = trial.Alone(row);
    EXPECT_EQ(batch->score[row], alone.absent ? BatchScores::kAbsent : alone.score);
  }
}

}  // namespace
}  // namespace folio::scoring
