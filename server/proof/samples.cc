#include "server/proof/samples.h"

namespace folio::proof {
namespace {

// Scores between two words on progress.
constexpr int64_t kProgressEvery = 1'000;

class Gatherer {
 public:
  Gatherer(const Question& question, bool with_reads) : question_(question), with_reads_(with_reads) {
    for (const v1::HealthDimension& dimension : question.model().proto().dimensions()) {
      samples_.measure_count += static_cast<size_t>(dimension.measures_size());
    }
  }

  void Add(int32_t account, int32_t cutoff, const account::View& view) {
    const Happening happening = question_.outcome.After(view, view.today);
    if (!happening.known) return;
    const scoring::Score score = question_.model().Run(view, with_reads_ ? &contributions_ : nullptr);
    if (score.absent) return samples_.unscored.push_back(account);
    const bool is_new = samples_.account.empty() || samples_.account.back() != account;
    samples_.cluster.push_back(samples_.cluster.empty() ? 0 : samples_.cluster.back() + (is_new ? 1 : 0));
    samples_.account.push_back(account);
    samples_.cutoff.push_back(cutoff);
    samples_.happened.push_back(happening.happened ? 1 : 0);
    samples_.day.push_back(happening.day);
    samples_.raw.push_back(score.raw);
    samples_.band.push_back(score.band);
    if (with_reads_) AddReads();
  }

  Samples Take() { return std::move(samples_); }

 private:
  void AddReads() {
    for (const scoring::Contribution& contribution : contributions_) {
      if (contribution.share != scoring::Share::kMeasure) continue;
      samples_.reads.push_back(
          {.value = contribution.value, .credit = contribution.credit, .missing = contribution.missing});
    }
  }

  const Question& question_;
  const bool with_reads_;
  std::vector<scoring::Contribution> contributions_;
  Samples samples_;
};

}  // namespace

absl::StatusOr<Samples> Gather(const portfolio::Portfolio& portfolio, const Question& question, bool with_reads,
                               const Progress& progress) {
  Gatherer gatherer(question, with_reads);
  int64_t done = 0;
  if (!progress(done)) return absl::CancelledError();
  for (const Place& place : question.places) {
    // An account that was deleted since the question was asked is left out.
    portfolio.Show(question.accounts[static_cast<size_t>(place.account)],
                   question.cutoffs[static_cast<size_t>(place.cutoff)],
                   [&](const account::View& view) { gatherer.Add(place.account, place.cutoff, view); });
    if (++done % kProgressEvery == 0 && !progress(done)) return absl::CancelledError();
  }
  if (!progress(done)) return absl::CancelledError();
  return gatherer.Take();
}

}  // namespace folio::proof
