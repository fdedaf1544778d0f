// Scoring from columns, without a server: the same code as Folio's, against the time that reading the columns takes.
// Compiled with -O3.
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>

#include "server/scoring/batch.h"
#include "server/scoring/score.h"
#include "tools/bench/alone.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

using scoring::BatchScores;
using scoring::FigureColumn;
using scoring::kBatchRows;

constexpr int kMeasures = 12;

// The first twelve measures of the default model, with its kernels and weights.
scoring::Model TwelveMeasures() {
  v1::HealthModel model = scoring::DefaultModel();
  int kept = 0;
  for (v1::HealthDimension& dimension : *model.mutable_dimensions()) {
    while (kept + dimension.measures_size() > kMeasures) dimension.mutable_measures()->RemoveLast();
    kept += dimension.measures_size();
  }
  auto* dimensions = model.mutable_dimensions();
  while (dimensions->rbegin()->measures().empty()) dimensions->RemoveLast();
  return scoring::Model::Compile(model).value();
}

// The figures of all accounts: for each block of them a column a measure.
class Figures {
 public:
  Figures(int64_t accounts, double missing) {
    std::mt19937_64 random(1789);
    std::uniform_real_distribution<double> figure(0, 100);
    std::uniform_real_distribution<double> chance(0, 1);
    for (int64_t first = 0; first < accounts; first += kBatchRows) {
      Block& block = blocks_.emplace_back();
      block.rows = static_cast<int>(std::min<int64_t>(kBatchRows, accounts - first));
      for (int i = 0; i < kMeasures; ++i) {
        auto& values = block.values.emplace_back(std::make_unique<double[]>(kBatchRows));
        for (int row = 0; row < block.rows; ++row) {
          values[static_cast<size_t>(row)] =
              chance(random) < missing ? std::numeric_limits<double>::quiet_NaN() : figure(random);
        }
        block.columns.push_back({.values = values.get(), .complete = missing == 0});
      }
    }
    scores_ = std::vector<BatchScores>(blocks_.size());
  }

  // Reads every figure once: what the memory takes for that.
  double SecondsToRead(uint64_t* digest) const {
    const double begin = Now();
    for (const Block& block : blocks_) {
      for (const auto& values : block.values) {
        const auto* words = reinterpret_cast<const uint64_t*>(values.get());
        uint64_t sum = 0;
        for (int row = 0; row < block.rows; ++row) sum += words[row];
        *digest += sum;
      }
    }
    return Now() - begin;
  }

  double SecondsToScore(const scoring::Model& model) {
    const double begin = Now();
    for (size_t i = 0; i < blocks_.size(); ++i) model.RunBatch(blocks_[i].columns, blocks_[i].rows, &scores_[i]);
    return Now() - begin;
  }

  int64_t SumOfScores() const {
    int64_t sum = 0;
    for (size_t i = 0; i < blocks_.size(); ++i) {
      for (int row = 0; row < blocks_[i].rows; ++row) sum += scores_[i].score[row];
    }
    return sum;
  }

 private:
  struct Block {
    int rows = 0;
    std::vector<std::unique_ptr<double[]>> values;
    std::vector<FigureColumn> columns;
  };
  std::vector<Block> blocks_;
  std::vector<BatchScores> scores_;
};

}  // namespace

int RunRescore(int64_t accounts, double missing, double seconds) {
  const scoring::Model model = TwelveMeasures();
  Figures figures(accounts, missing);
  std::vector<double> read;
  std::vector<double> scored;
  uint64_t digest = 0;
  for (const double end = Now() + seconds; Now() < end || read.size() < 3;) {
    read.push_back(figures.SecondsToRead(&digest));
    scored.push_back(figures.SecondsToScore(model));
  }
  const nlohmann::json result = {{"read_ms", Quantile(read, 0.5) * 1e3},
                                 {"rescore_ms", Quantile(scored, 0.5) * 1e3},
                                 {"sum_of_scores", figures.SumOfScores()},
                                 {"digest", digest}};
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace folio::bench
