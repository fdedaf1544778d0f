#include "server/proof/choice.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

namespace folio::proof {
namespace {

// Accounts between two words on progress.
constexpr size_t kProgressEvery = 1'000;

// So many places, each of those seen as likely as any other (Vitter's algorithm R).
class Reservoir {
 public:
  explicit Reservoir(int64_t room) : room_(static_cast<size_t>(room)) {}

  void Add(Place place) {
    ++seen_;
    if (places_.size() < room_) return places_.push_back(place);
    const uint64_t at = random_() % seen_;
    if (at < room_) places_[at] = place;
  }

  // By account, then by cut-off.
  std::vector<Place> Take() {
    std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
      return std::pair(a.account, a.cutoff) < std::pair(b.account, b.cutoff);
    });
    return std::move(places_);
  }

 private:
  const size_t room_;
  std::mt19937_64 random_{kSeed};
  uint64_t seen_ = 0;
  std::vector<Place> places_;
};

// Cut-offs after which the outcome of an account is known; counts the account.
std::vector<int32_t> CutoffsThatCount(const Question& question, const account::View& view, Census* census) {
  if (question.outcome.has_date() && view.terms.empty() && view.direct_arr.value_or(0) > 0) ++census->undated_count;
  if (Outcome::HasRenewalDate(view)) ++census->renewing_count;
  std::vector<int32_t> cutoffs;
  for (size_t i = 0; i < question.cutoffs.size(); ++i) {
    if (question.outcome.After(view, question.cutoffs[i]).known) cutoffs.push_back(static_cast<int32_t>(i));
  }
  census->account_count += cutoffs.empty() ? 0 : 1;
  census->sample_count += static_cast<int64_t>(cutoffs.size());
  return cutoffs;
}

void ChooseAccounts(size_t count, std::vector<engine::RowKey>* accounts) {
  std::mt19937_64 random(kSeed);
  for (size_t i = 0; i < count; ++i) std::swap((*accounts)[i], (*accounts)[i + random() % (accounts->size() - i)]);
  accounts->resize(count);
  std::sort(accounts->begin(), accounts->end());
}

// All cut-offs of each account: those at which nothing is known are passed over as samples are gathered.
std::vector<Place> AllPlaces(const Question& question) {
  std::vector<Place> places;
  places.reserve(question.accounts.size() * question.cutoffs.size());
  for (size_t account = 0; account < question.accounts.size(); ++account) {
    for (size_t cutoff = 0; cutoff < question.cutoffs.size(); ++cutoff) {
      places.push_back({.account = static_cast<int32_t>(account), .cutoff = static_cast<int32_t>(cutoff)});
    }
  }
  return places;
}

// Leaves out accounts without a place, and numbers the others without gaps.
void KeepAccountsOf(std::vector<Place>* places, std::vector<engine::RowKey>* accounts) {
  std::vector<engine::RowKey> kept;
  int32_t previous = -1;
  for (Place& place : *places) {
    if (place.account != previous) kept.push_back((*accounts)[static_cast<size_t>(place.account)]);
    previous = place.account;
    place.account = static_cast<int32_t>(kept.size()) - 1;
  }
  *accounts = std::move(kept);
}

}  // namespace

absl::Status ChooseSamples(const portfolio::Portfolio& portfolio, ChosenBy by, int64_t samples_max,
                           const Progress& progress, Question* question) {
  const std::vector<engine::RowKey> matching = std::exchange(question->accounts, {});
  question->census = {.matching_count = static_cast<int64_t>(matching.size())};
  Reservoir chosen(by == ChosenBy::kSample ? samples_max : 0);
  for (size_t i = 0; i < matching.size(); ++i) {
    if (i % kProgressEvery == 0 && !progress(0)) return absl::CancelledError();
    // Terms are the same whatever the day, and what an outcome reads of them is bounded by the cut-off's horizon.
    portfolio.Show(matching[i], question->cutoffs.back(), [&](const account::View& view) {
      const std::vector<int32_t> cutoffs = CutoffsThatCount(*question, view, &question->census);
      if (cutoffs.empty()) return;
      question->accounts.push_back(matching[i]);
      if (by == ChosenBy::kAccount) return;
      const auto account = static_cast<int32_t>(question->accounts.size()) - 1;
      for (const int32_t cutoff : cutoffs) chosen.Add({.account = account, .cutoff = cutoff});
    });
  }
  question->by_sample = by == ChosenBy::kSample;
  if (by == ChosenBy::kSample) {
    question->places = chosen.Take();
    KeepAccountsOf(&question->places, &question->accounts);
    return absl::OkStatus();
  }
  const auto room = static_cast<size_t>(samples_max) / question->cutoffs.size();
  if (question->accounts.size() > room) ChooseAccounts(room, &question->accounts);
  question->places = AllPlaces(*question);
  return absl::OkStatus();
}

}  // namespace folio::proof
