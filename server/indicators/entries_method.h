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
//     void Seal();       // where it is there: called once all of a stretch is added
//     using Standing =   // where it is there: a component that can tell Counts(), where this one cannot
//     using Adapter =    // where it is there: how entries are read, for example InOwnCurrency; its fault is the
//     figures'
//   };
// Figures are kept as memos, under the versions of the segments that they were read from. So are the sums of segments,
// and of the stretches that periods cut out of them, unless they are large: a year is merged from its months.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "server/indicators/adapter.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// What formulas of entries know beside the sums of their period and group. All of it must be part of what figures are
// kept under (FiguresKey), or never change for entries that are there, as scales and currencies do not.
struct EntriesContext {
  const Period& period;
  const std::vector<ledger::Scale>& scales;
  Currencies currencies;
};

// Sums that take more than this are not kept: what is made of them is.
inline constexpr int64_t kSumBytesMax = 1 << 20;

// The segments that a component reads in a period, with the versions of what it reads.
template <typename Component>
std::vector<Stretch> StretchesFor(const Question& question, const Period& period) {
  std::vector<Stretch> stretches = StretchesOf(question, Component::kKinds, period);
  for (Stretch& stretch : stretches) stretch.version = AdapterOf<Component>::VersionOf(question, stretch);
  return stretches;
}

// Sums of a component over entries.
template <typename Component>
class EntrySums {
 public:
  using ByGroup = std::vector<Component>;

  // Those of a period.
  static ByGroup Of(const Question& question, const Period& period) {
    return *Of(question, StretchesFor<Component>(question, period));
  }
  // The same of its stretches (StretchesFor).
  static std::shared_ptr<const ByGroup> Of(const Question& question, std::span<const Stretch> stretches) {
    if (stretches.size() == 1) return Of(question, stretches.front());
    auto sums = std::make_shared<ByGroup>(question.scope.group_count());
    for (const Stretch& stretch : stretches) {
      const auto partial = Of(question, stretch);
      for (size_t group = 0; group < sums->size(); ++group) (*sums)[group].Merge((*partial)[group]);
    }
    Seal(*sums);
    return sums;
  }

  // Shows the entries of a stretch, with the groups that each counts in.
  template <typename Visitor>
  static void Visit(const Question& question, const Stretch& stretch, Visitor visit) {
    const Adapter adapter(question);
    std::vector<uint32_t> scratch;
    stretch.segment->ForEach([&](const ledger::Entry& entry) {
      if (entry.time < stretch.start || entry.time >= stretch.end) return;
      const std::span<const uint32_t> groups = question.scope.OfEntry(stretch.kind, entry, &scratch);
      if (!groups.empty()) visit(adapter.Read(entry), groups);
    });
  }

 private:
  using Adapter = AdapterOf<Component>;

  // Those of a stretch, from a memo where there is one.
  static std::shared_ptr<const ByGroup> Of(const Question& question, const Stretch& stretch) {
    const ledger::MemoKey key{.component = DigestOf(Component::kId) ^ Adapter::DigestOf(question),
                              .scope = question.scope.digest(),
                              .part = stretch.month * ledger::kEntryKinds + static_cast<int>(stretch.kind),
                              .start = stretch.start,
                              .end = stretch.end};
    const uint64_t version = stretch.version;
    if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const ByGroup>(known);
    auto sums = std::make_shared<ByGroup>(question.scope.group_count());
    Visit(question, stretch, [&](const ledger::Entry& entry, std::span<const uint32_t> groups) {
      for (const uint32_t group : groups) (*sums)[group].Add(stretch.kind, entry);
    });
    Seal(*sums);
    int64_t bytes = std::ssize(*sums) * static_cast<int64_t>(sizeof(Component));
    for (const Component& sum : *sums) bytes += sum.bytes();
    if (bytes <= kSumBytesMax) question.memos.Put(key, version, sums, bytes);
    return sums;
  }

  static void Seal(ByGroup& sums) {
    if constexpr (requires(Component & sum) { sum.Seal(); }) {
      for (Component& sum : sums) sum.Seal();
    }
  }
};

template <typename Component>
class EntriesMethod final : public Method {
 public:
  using Formula = Figure (*)(const Component& sum, const EntriesContext& context);
  explicit EntriesMethod(Formula formula) : formula_(formula) {}

  Figures Compute(const Question& question) const override {
    if (absl::Status fault = AdapterOf<Component>::FaultOf(question); !fault.ok()) return Faulty(question, fault);
    Figures figures;
    for (const Period& period : question.periods) figures.push_back(*FiguresOf(question, period));
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    const EntriesContext context = ContextOf(question, question.periods.front());
    const std::vector<Stretch> stretches = StretchesFor<Component>(question, context.period);
    const auto standing = StandingOf(question, stretches, group);
    std::vector<Contribution> contributions;
    Component so_far;
    Micros told = 0;
    VisitGroup(question, stretches, group, [&](ledger::EntryKind kind, const ledger::Entry& entry) {
      if (!standing.Counts(entry)) return;
      Component alone;
      alone.Add(kind, entry);
      Figure figure = formula_(alone, context);
      so_far.Add(kind, entry);
      if (figure.micros != 0) {
        // Amounts are rounded so that they sum to the whole.
        const Micros sum = formula_(so_far, context).micros;
        figure.micros = sum - std::exchange(told, sum);
      }
      if (Adds(figure)) contributions.push_back({entry.account, entry.record, entry.time, std::move(figure)});
    });
    return contributions;
  }

 private:
  using Row = std::vector<Figure>;  // by group

  static EntriesContext ContextOf(const Question& question, const Period& period) {
    return {.period = period, .scales = *question.state.scales, .currencies = CurrenciesOf(question)};
  }

  // Those of a period, from a memo where there is one.
  std::shared_ptr<const Row> FiguresOf(const Question& question, const Period& period) const {
    const std::vector<Stretch> stretches = StretchesFor<Component>(question, period);
    const auto formula = reinterpret_cast<const void*>(formula_);
    ledger::MemoKey key = FiguresKey(question, Component::kId, formula, period);
    key.component ^= AdapterOf<Component>::DigestOf(question);
    const uint64_t version = VersionOf(stretches);
    if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const Row>(known);
    auto row = std::make_shared<Row>();
    int64_t bytes = 0;
    const auto sums = EntrySums<Component>::Of(question, stretches);
    for (const Component& sum : *sums) {
      row->push_back(formula_(sum, ContextOf(question, period)));
      bytes += row->back().bytes();
    }
    question.memos.Put(key, version, row, bytes);
    return row;
  }

  template <typename Visitor>
  static void VisitGroup(const Question& question, std::span<const Stretch> stretches, uint32_t group, Visitor visit) {
    for (const Stretch& stretch : stretches) {
      EntrySums<Component>::Visit(question, stretch, [&](const ledger::Entry& entry, std::span<const uint32_t> groups) {
        if (std::find(groups.begin(), groups.end(), group) != groups.end()) visit(stretch.kind, entry);
      });
    }
  }

  // What tells which entries count.
  static auto StandingOf(const Question& question, std::span<const Stretch> stretches, uint32_t group) {
    if constexpr (requires { typename Component::Standing; }) {
      typename Component::Standing standing;
      VisitGroup(question, stretches, group,
                 [&](ledger::EntryKind kind, const ledger::Entry& entry) { standing.Add(kind, entry); });
      return standing;
    } else {
      return (*EntrySums<Component>::Of(question, stretches))[group];
    }
  }

 private:
  const Formula formula_;
};

}  // namespace folio::indicators
