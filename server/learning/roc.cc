#include "server/learning/roc.h"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <vector>

#include "server/learning/tie_groups.h"

namespace folio::learning {
namespace {

// DeLong's structural components: for an event, the share of non-events that it outranks; for a non-event, the share of
// events that outrank it. The mean over either class is the area.
std::vector<double> Placements(const TieGroups& ties, Outcomes outcomes, ClassCounts counts) {
  std::vector<double> placements(outcomes.size());
  double events_below = 0;
  double non_events_below = 0;
  for (const TieGroups::Group& group : ties.groups) {
    const auto events = static_cast<double>(group.events);
    const auto non_events = static_cast<double>(group.non_events());
    const double of_event = (non_events_below + non_events / 2) / static_cast<double>(counts.non_events);
    const double of_non_event = 1 - (events_below + events / 2) / static_cast<double>(counts.events);
    for (size_t at = group.begin; at < group.end; ++at) {
      const size_t row = ties.order[at];
      placements[row] = outcomes[row] == 1 ? of_event : of_non_event;
    }
    events_below += events;
    non_events_below += non_events;
  }
  return placements;
}

// Deviations of one account's placements from the area, summed by class.
struct ClusterSum {
  bool has_event = false;
  bool has_non_event = false;
  double event = 0;
  double non_event = 0;
};

std::vector<ClusterSum> SumByCluster(std::span<const double> placements, Outcomes outcomes, Clusters clusters,
                                     double area) {
  const size_t count =
      clusters.empty() ? outcomes.size() : static_cast<size_t>(*std::max_element(clusters.begin(), clusters.end())) + 1;
  std::vector<ClusterSum> sums(count);
  for (size_t row = 0; row < outcomes.size(); ++row) {
    ClusterSum& sum = sums[clusters.empty() ? row : clusters[row]];
    (outcomes[row] == 1 ? sum.has_event : sum.has_non_event) = true;
    (outcomes[row] == 1 ? sum.event : sum.non_event) += placements[row] - area;
  }
  return sums;
}

struct Variance {
  std::optional<double> value;  // absent where a class has less than two accounts
  double event_clusters = 0;
  double non_event_clusters = 0;
};

// Obuchowski's variance, which is DeLong's where each row is a cluster: the cross term vanishes.
Variance EstimateVariance(const std::vector<ClusterSum>& sums, ClassCounts counts) {
  Variance variance;
  double clusters = 0;
  double event_squares = 0;
  double non_event_squares = 0;
  double products = 0;
  for (const ClusterSum& sum : sums) {
    clusters += sum.has_event || sum.has_non_event ? 1 : 0;
    variance.event_clusters += sum.has_event ? 1 : 0;
    variance.non_event_clusters += sum.has_non_event ? 1 : 0;
    event_squares += sum.event * sum.event;
    non_event_squares += sum.non_event * sum.non_event;
    products += sum.event * sum.non_event;
  }
  if (variance.event_clusters < 2 || variance.non_event_clusters < 2) return variance;
  const auto unbiased = [](double number) { return number / (number - 1); };
  const auto events = static_cast<double>(counts.events);
  const auto non_events = static_cast<double>(counts.non_events);
  variance.value =
      std::max(0.0, unbiased(variance.event_clusters) * event_squares / (events * events) +
                        unbiased(variance.non_event_clusters) * non_event_squares / (non_events * non_events) +
                        2 * unbiased(clusters) * products / (events * non_events));
  return variance;
}

// Newcombe's method 5: the variance of Hanley and McNeil as a function of the area, both classes taken as of mean size.
class NewcombeMethod5 {
 public:
  NewcombeMethod5(double events, double non_events)
      : mean_size_less_one_((events + non_events) / 2 - 1), pairs_(events * non_events) {}

  double VarianceAt(double area) const {
    return area * (1 - area) * (1 + mean_size_less_one_ * ((1 - area) / (2 - area) + area / (1 + area))) / pairs_;
  }

  // The areas that the estimate does not contradict.
  statistics::Interval IntervalOf(double estimate, double z) const {
    return {LowEnd(estimate, z), 1 - LowEnd(1 - estimate, z)};
  }

 private:
  double LowEnd(double estimate, double z) const {
    if (estimate == 0) return 0;
    const auto excess = [&](double area) { return estimate - area - z * std::sqrt(VarianceAt(area)); };
    // At 1 the excess of a perfect estimate is 0 as well, which is not the end sought.
    const double below = std::min(estimate, 1 - 1e-12);
    if (excess(below) >= 0) return below;
    const auto ends = boost::math::tools::bisect(excess, 0.0, below, boost::math::tools::eps_tolerance<double>());
    return ends.first;
  }

  const double mean_size_less_one_;
  const double pairs_;
};

}  // namespace

std::optional<AreaUnderRoc> ComputeAreaUnderRoc(std::span<const double> scores, Outcomes outcomes, Clusters clusters,
                                                double level) {
  AreaUnderRoc area{.rows = CountClasses(outcomes)};
  if (area.rows.events == 0 || area.rows.non_events == 0) return std::nullopt;

  const std::vector<double> placements = Placements(GroupByScore(scores, outcomes), outcomes, area.rows);
  double sum = 0;
  for (size_t row = 0; row < outcomes.size(); ++row) sum += outcomes[row] == 1 ? placements[row] : 0;
  area.value = sum / static_cast<double>(area.rows.events);

  const Variance variance = EstimateVariance(SumByCluster(placements, outcomes, clusters, area.value), area.rows);
  const NewcombeMethod5 newcombe(variance.event_clusters, variance.non_event_clusters);
  area.standard_error = std::sqrt(variance.value.value_or(newcombe.VarianceAt(area.value)));
  const bool within = area.value > 0 && area.value < 1;
  // Placements are sums of binary fractions only by luck: a variance of 0 shows as one of the size of rounding.
  if (variance.value && within && area.standard_error > 1e-12) {
    area.interval = statistics::LogitInterval(area.value, area.standard_error, level);
    area.p_value =
        statistics::TwoSidedPValue(statistics::Logit(area.value) * area.value * (1 - area.value) / area.standard_error);
  } else {
    area.interval = newcombe.IntervalOf(area.value, statistics::NormalQuantile(level));
    area.p_value = statistics::TwoSidedPValue((area.value - 0.5) / std::sqrt(newcombe.VarianceAt(0.5)));
  }
  return area;
}

}  // namespace folio::learning
