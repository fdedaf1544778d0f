// Figures of leads or deals: components that add up rows of the ledger.
//
// A component is
//   struct Component {
//     static constexpr std::string_view kId = "win_rate";  // unique among components
//     using Row = ledger::Deal;                            // or ledger::Lead
//     using Inputs = NoInputs;                             // what it reads beside the row, made once a question;
//                                                          // its fault(), where it has that, is the figures'
//     void Add(const Row& row, const Period& period, const Inputs& inputs);
//     void Merge(const Component& other);                  // in any order, with the same result
//     int64_t bytes() const;                               // beyond its own size
//   };
// Sums of units of rows are kept as memos for the periods of a question.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "server/engine/resources.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// For components that read nothing but rows. `digest` is different where anything that is read is.
struct NoInputs {
  explicit NoInputs(const Question&) {}
  static uint64_t digest() { return 0; }
};

// What the figures of rows depend on beside the rows: their scope, and the periods down to the instant.
uint64_t DigestOfRecordScope(const Question& question);
uint64_t DigestOfInstants(std::span<const Period> periods);

inline const auto& BlocksOf(const ledger::State& state, const ledger::Lead*) { return *state.leads; }
inline const auto& BlocksOf(const ledger::State& state, const ledger::Deal*) { return *state.deals; }
inline constexpr storage::Kind KindOf(const ledger::Lead*) { return engine::kLead; }
inline constexpr storage::Kind KindOf(const ledger::Deal*) { return engine::kDeal; }
// When a row happened, for lists.
inline Instant TimeOf(const ledger::Lead& lead) { return lead.entered; }
inline Instant TimeOf(const ledger::Deal& deal) { return deal.closed == kNoInstant ? deal.opened : deal.closed; }

// Shows the rows of a question in a stretch of blocks, with the groups that each counts in.
template <typename Row, typename Visit>
void ForEachRow(const Question& question, int64_t first_block, int64_t end_block, Visit visit) {
  ledger::RowTable<Row>::ForEach(BlocksOf(question.state, static_cast<const Row*>(nullptr)), first_block, end_block,
                                 [&](const Row& row) {
                                   std::span<const uint32_t> groups = question.scope.Of(row.account);
                                   if (question.records != nullptr) groups = question.records->Of(row.key, groups);
                                   if (!groups.empty()) visit(row, groups);
                                 });
}

template <typename Component>
class RecordsMethod final : public Method {
 public:
  using Row = typename Component::Row;
  using Inputs = typename Component::Inputs;
  using Formula = Figure (*)(const Component& sum, const Context& context);
  explicit RecordsMethod(Formula formula) : formula_(formula) {}

  bool Reads(storage::Kind kind) const override { return kind == kKind; }

  Figures Compute(const Question& question) const override {
    const size_t groups = question.group_count();
    Sum sums(question.periods.size() * groups);
    const Inputs inputs(question);
    if constexpr (requires { inputs.fault(); }) {
      if (!inputs.fault().ok()) return Faulty(question, inputs.fault());
    }
    const int64_t blocks = std::ssize(BlocksOf(question.state, kRow));
    const Keys keys{.scope = DigestOfRecordScope(question), .periods = DigestOfInstants(question.periods)};
    for (int64_t first = 0; first < blocks; first += kUnitBlocks) {
      const auto partial = Sums(question, inputs, keys, first);
      for (size_t i = 0; i < sums.size(); ++i) sums[i].Merge((*partial)[i]);
    }
    Figures figures;
    for (size_t p = 0; p < question.periods.size(); ++p) {
      std::vector<Figure>& row = figures.emplace_back();
      for (size_t g = 0; g < groups; ++g)
        row.push_back(formula_(sums[p * groups + g], {question, question.periods[p]}));
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    const Period& period = question.periods.front();
    const Inputs inputs(question);
    std::vector<Contribution> contributions;
    Component so_far;
    Micros told = 0;
    const auto take = [&](const Row& row, std::span<const uint32_t> groups) {
      if (std::find(groups.begin(), groups.end(), group) == groups.end()) return;
      Component alone;
      alone.Add(row, period, inputs);
      Figure figure = formula_(alone, {question, period});
      so_far.Add(row, period, inputs);
      if (figure.micros != 0) {
        // Amounts are rounded so that they sum to the whole.
        const Micros sum = formula_(so_far, {question, period}).micros;
        figure.micros = sum - std::exchange(told, sum);
      }
      if (Adds(figure)) contributions.push_back({row.account, row.key, TimeOf(row), std::move(figure), kKind});
    };
    ForEachRow<Row>(question, 0, std::ssize(BlocksOf(question.state, kRow)), take);
    return contributions;
  }

 private:
  using Sum = std::vector<Component>;  // by period, then by group
  struct Keys {
    uint64_t scope = 0;
    uint64_t periods = 0;
  };

  static constexpr const Row* kRow = nullptr;
  static constexpr storage::Kind kKind = KindOf(kRow);
  static constexpr int64_t kUnitBlocks = kUnitAccounts / ledger::RowTable<Row>::kBlockRows;

  static std::shared_ptr<const Sum> Sums(const Question& question, const Inputs& inputs, const Keys& keys,
                                         int64_t first) {
    const auto& blocks = BlocksOf(question.state, kRow);
    const int64_t end = std::min(first + kUnitBlocks, std::ssize(blocks));
    uint64_t version = 0;
    for (int64_t i = first; i < end; ++i) {
      const auto& block = blocks[static_cast<size_t>(i)];
      if (block != nullptr) version = std::max(version, block->draft);
    }
    const ledger::MemoKey key{.component = DigestOf(Component::kId),
                              .scope = keys.scope,
                              .part = first,
                              .start = static_cast<int64_t>(keys.periods),
                              .end = static_cast<int64_t>(inputs.digest())};
    if (auto known = question.memos.Find(key, version)) return std::static_pointer_cast<const Sum>(known);
    const size_t group_count = question.group_count();
    auto sums = std::make_shared<Sum>(question.periods.size() * group_count);
    ForEachRow<Row>(question, first, end, [&](const Row& row, std::span<const uint32_t> groups) {
      for (size_t p = 0; p < question.periods.size(); ++p) {
        for (const uint32_t group : groups) (*sums)[p * group_count + group].Add(row, question.periods[p], inputs);
      }
    });
    int64_t bytes = std::ssize(*sums) * static_cast<int64_t>(sizeof(Component));
    for (const Component& sum : *sums) bytes += sum.bytes();
    question.memos.Put(key, version, sums, bytes);
    return sums;
  }

  const Formula formula_;
};

}  // namespace folio::indicators
