// Model::RunBatch: as the Runner in score.cc, a column at a time.
#include "server/scoring/batch.h"

#include <algorithm>
#include <array>
#include <limits>

#include "server/scoring/loops.h"
#include "server/scoring/policies.h"
#include "server/scoring/score.h"

namespace folio::scoring {

namespace {

using Rows = std::array<double, kBatchRows>;

// A column in which everything is missing.
const Rows& NothingKnown() {
  static const Rows nothing = [] {
    Rows rows;
    rows.fill(std::numeric_limits<double>::quiet_NaN());
    return rows;
  }();
  return nothing;
}

}  // namespace

class Model::Batch {
 public:
  Batch(const Model& model, std::span<const FigureColumn> figures, int rows, BatchScores* scores)
      : model_(model), figures_(figures), rows_(rows), raw_(scores->raw), with_data_(scores->coverage) {
    complete_ = std::all_of(figures.begin(), figures.end(), [](const FigureColumn& figure) { return figure.complete; });
    counts_what_it_has_ = std::all_of(model.parts_.begin(), model.parts_.end(), [](const Part& part) {
      const auto waits = [](const Step& step) { return !CountsWithout(step.policy); };
      return IsMean(part.combination) && std::all_of(part.steps.begin(), part.steps.end(), waits);
    });
    Fill(raw_, 0);
    Fill(with_data_, 0);
  }

  void Run(int8_t* score) {
    Count();
    size_t first = 0;
    for (const Part& part : model_.parts_) {
      AddPart(part, first);
      first += part.steps.size();
    }
    loops::Finish(rows_, whole_, raw_, with_data_, score);
  }

 private:
  void Fill(double* rows, double value) const { std::fill(rows, rows + rows_, value); }

  const double* ValuesOf(size_t step) const {
    return figures_[step].values == nullptr ? NothingKnown().data() : figures_[step].values;
  }

  // The shares that had data, and those that count: the weight of what is missing must be known before points are
  // given.
  void Count() {
    size_t at = 0;
    if (!complete_ && !counts_what_it_has_) Fill(counted_.data(), 0);
    for (const Part& part : model_.parts_) {
      const bool mean = IsMean(part.combination);
      for (size_t i = 0; i < part.steps.size(); ++i) CountStep(part.steps[i], mean, at + i);
      if (!mean) {
        whole_counted_ += part.share;
        if (!complete_) {
          FlagPart(part, at);
          loops::AddFlagged(flags_.data(), rows_, part.share, counted_.data());
        }
      }
      at += part.steps.size();
    }
    if (complete_) Fill(with_data_, whole_);
    if (complete_ && !counts_what_it_has_) Fill(counted_.data(), whole_counted_);
  }

  void CountStep(const Step& step, bool mean, size_t at) {
    whole_ += step.share;
    if (mean) whole_counted_ += step.share;
    if (complete_) return;
    const bool any = figures_[at].values != nullptr;
    if (any) loops::AddShare(figures_[at].values, rows_, step.share, with_data_);
    if (!mean || counts_what_it_has_) return;
    if (CountsWithout(step.policy)) {
      for (int i = 0; i < rows_; ++i) counted_[static_cast<size_t>(i)] += step.share;
    } else if (any) {
      loops::AddShare(figures_[at].values, rows_, step.share, counted_.data());
    }
  }

  // Flags the rows of which something counts in a part.
  void FlagPart(const Part& part, size_t first) {
    Fill(flags_.data(), 0);
    for (size_t i = 0; i < part.steps.size(); ++i) {
      if (CountsWithout(part.steps[i].policy)) return Fill(flags_.data(), 1);
      loops::Flag(ValuesOf(first + i), rows_, flags_.data());
    }
  }

  void AddPart(const Part& part, size_t first) {
    if (IsMean(part.combination)) {
      for (size_t i = 0; i < part.steps.size(); ++i) AddMean(part.steps[i], first + i);
      return;
    }
    FlagPart(part, first);
    loops::Weigh(flags_.data(), counted_.data(), rows_, part.share, weights_.data());
    if (part.combination == v1::HEALTH_COMBINATION_ADDITIVE) {
      AddAdditive(part, first);
    } else {
      AddWorst(part, first);
    }
  }

  void AddMean(const Step& step, size_t at) {
    if (complete_) {
      step.kernel.AddCredits(ValuesOf(at), rows_, 100 * (step.share / whole_counted_), credits_.data(), raw_);
    } else if (figures_[at].values != nullptr || CountsWithout(step.policy)) {
      const double* counted = counts_what_it_has_ ? with_data_ : counted_.data();
      step.kernel.AddCreditsOf(ValuesOf(at), counted, rows_, step.share, CreditWithout(step.policy), credits_.data(),
                               raw_);
    }
  }

  void AddAdditive(const Part& part, size_t first) {
    Fill(credits_.data(), part.base);
    loops::AddWeighted(credits_.data(), weights_.data(), rows_, 1, raw_);
    Fill(sums_.data(), part.base);
    for (size_t i = 0; i < part.steps.size(); ++i) {
      if (!ReadCredits(part.steps[i], first + i)) continue;
      loops::Add(credits_.data(), rows_, part.steps[i].weight, sums_.data());
      loops::AddWeighted(credits_.data(), weights_.data(), rows_, part.steps[i].weight, raw_);
    }
    loops::AddClamp(sums_.data(), weights_.data(), rows_, raw_);
  }

  void AddWorst(const Part& part, size_t first) {
    constexpr double kBest = 1;  // no credit is above it
    Fill(sums_.data(), kBest);
    for (size_t i = 0; i < part.steps.size(); ++i) {
      if (!ReadCredits(part.steps[i], first + i)) continue;
      loops::KeepLeast(ValuesOf(first + i), credits_.data(), CountsWithout(part.steps[i].policy), rows_, sums_.data());
    }
    loops::AddWeighted(sums_.data(), weights_.data(), rows_, 1, raw_);
  }

  // Fills credits_. False where the step counts in no row.
  bool ReadCredits(const Step& step, size_t at) {
    const FigureColumn& figure = figures_[at];
    const double otherwise = CreditWithout(step.policy);
    if (figure.values == nullptr) {
      Fill(credits_.data(), otherwise);
      return CountsWithout(step.policy);
    }
    step.kernel.CreditsOf(figure.values, rows_, credits_.data());
    if (!figure.complete) loops::StandIn(figure.values, rows_, otherwise, credits_.data());
    return true;
  }

  const Model& model_;
  const std::span<const FigureColumn> figures_;
  const int rows_;
  double* const raw_;
  double* const with_data_;
  bool complete_;
  bool counts_what_it_has_;   // what counts is what has data: with_data_ is counted_, too
  double whole_ = 0;          // with_data_ of an account of which nothing is missing
  double whole_counted_ = 0;  // counted_ of such a one
  Rows counted_;
  Rows credits_;
  Rows flags_;
  Rows weights_;
  Rows sums_;
};

void Model::RunBatch(std::span<const FigureColumn> figures, int rows, BatchScores* scores) const {
  Batch(*this, figures, rows, scores).Run(scores->score);
}

}  // namespace folio::scoring
