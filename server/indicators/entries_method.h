// Figures of what happened in a period: components that add up over entries.
//
// A component is
//   struct Component {
//     static constexpr std::string_view kId = "nps";                  // unique among components
//     static constexpr std::array kKinds = {ledger::EntryKind::kNps};
//     void Add(ledger::EntryKind kind, const ledger::Entry& entry);
//     void Merge(const Component& other);                             // in any order, with the same result
//     bool Counts(const ledger::Entry& entry) const;                  // whether an entry that was added still counts
//     int64_t bytes() const;                                          // beyond its own size
//   };
// Sums of whole segments, and of the stretches that periods cut out of them, are kept as memos.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "server/indicators/method.h"

namespace folio::indicators {

// A stretch of a segment.
struct Stretch {
  ledger::EntryKind kind = {};
  const ledger::Segment* segment = nullptr;
  ledger::Month month = 0;
  Instant start = 0;
  Instant end = 0;
};

// The segments of some kinds that a period reads, each cut to the period.
std::vector<Stretch> StretchesOf(const Question& question, std::span<const ledger::EntryKind> kinds,
                                 const Period& period);

uint64_t DigestOf(std::string_view text);

// Sums of a component over entries.
template <typename Component>
class EntrySums {
 public:
  using ByGroup = std::vector<Component>;

  // Those of a period.
  static ByGroup Of(const Question& question, const Period& period) {
    ByGroup sums(question.scope.group_count());
    for (const Stretch& stretch : StretchesOf(question, Component::kKinds, period)) {
      const auto partial = Of(question, stretch);
      for (size_t group = 0; group < sums.size(); ++group) sums[group].Merge((*partial)[group]);
    }
    return sums;
  }

  // Shows the entries of a stretch, with the groups that each counts in.
  template <typename Visitor>
  static void Visit(const Question& question, const Stretch& stretch, Visitor visit) {
    stretch.segment->ForEach([&](const ledger::Entry& entry) {
      if (entry.time < stretch.start || entry.time >= stretch.end) return;
      const std::span<const uint32_t> groups = question.scope.Of(entry.account);
      if (!groups.empty()) visit(entry, groups);
    });
  }

 private:
  // Those of a stretch, from a memo where there is one.
  static std::shared_ptr<const ByGroup> Of(const Question& question, const Stretch& stretch) {
    const ledger::MemoKey key{.component = DigestOf(Component::kId),
                              .scope = question.scope.digest(),
                              .part = stretch.month * ledger::kEntryKinds + static_cast<int>(stretch.kind),
                              .start = stretch.start,
                              .end = stretch.end};
    const uint64_t version = stretch.segment->draft();
    if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const ByGroup>(known);
    auto sums = std::make_shared<ByGroup>(question.scope.group_count());
    Visit(question, stretch, [&](const ledger::Entry& entry, std::span<const uint32_t> groups) {
      for (const uint32_t group : groups) (*sums)[group].Add(stretch.kind, entry);
    });
    int64_t bytes = std::ssize(*sums) * static_cast<int64_t>(sizeof(Component));
    for (const Component& sum : *sums) bytes += sum.bytes();
    question.memos.Put(key, version, sums, bytes);
    return sums;
  }
};

template <typename Component>
class EntriesMethod final : public Method {
 public:
  using Formula = Figure (*)(const Component& sum, const Context& context);
  explicit EntriesMethod(Formula formula) : formula_(formula) {}

  Figures Compute(const Question& question) const override {
    Figures figures;
    for (const Period& period : question.periods) {
      std::vector<Figure>& row = figures.emplace_back();
      for (const Component& sum : EntrySums<Component>::Of(question, period)) {
        row.push_back(formula_(sum, {question, period}));
      }
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    const Period& period = question.periods.front();
    const Component whole = EntrySums<Component>::Of(question, period)[group];
    std::vector<Contribution> contributions;
    Component so_far;
    Micros told = 0;
    for (const Stretch& stretch : StretchesOf(question, Component::kKinds, period)) {
      const auto take = [&](const ledger::Entry& entry, std::span<const uint32_t> groups) {
        if (!whole.Counts(entry) || std::find(groups.begin(), groups.end(), group) == groups.end()) return;
        Component alone;
        alone.Add(stretch.kind, entry);
        Figure figure = formula_(alone, {question, period});
        so_far.Add(stretch.kind, entry);
        if (figure.micros != 0) {
          // Amounts are rounded so that they sum to the whole.
          const Micros sum = formula_(so_far, {question, period}).micros;
          figure.micros = sum - std::exchange(told, sum);
        }
        if (Adds(figure)) contributions.push_back({entry.account, entry.record, entry.time, std::move(figure)});
      };
      EntrySums<Component>::Visit(question, stretch, take);
    }
    return contributions;
  }

 private:
  const Formula formula_;
};

}  // namespace folio::indicators
