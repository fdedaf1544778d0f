// Snapshot::Run: the rows of one page, and how many match.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "server/engine/block.h"
#include "server/engine/filter_plan.h"
#include "server/engine/kernels.h"
#include "server/engine/order_plan.h"
#include "server/engine/table.h"

namespace folio::engine {
namespace {

// Rows by key: no sorting, and no block after the last row wanted unless there is a total to count.
QueryResult RunByKey(const Snapshot::Impl& snapshot, const FilterPlan& filter, const Query& query) {
  QueryResult result;
  const auto limit = static_cast<size_t>(std::max(query.limit, 0));
  const RowKey after = query.after == nullptr ? -1 : query.after->key;
  uint8_t mask[kBlockRows];
  uint16_t selected[kBlockRows];
  for (const auto& block : snapshot.blocks) {
    if (block == nullptr) continue;
    const bool wanted = !result.more && block->KeyOf(block->rows - 1) > after;
    if (!wanted && !query.with_total) continue;
    if (!filter.Match(*block, mask)) continue;
    if (query.with_total) result.total += kernels::Count(mask, block->rows);
    if (!wanted) continue;
    const int count = kernels::List(mask, block->rows, selected);
    for (int i = 0; i < count && !result.more; ++i) {
      const RowKey key = block->KeyOf(selected[i]);
      if (key <= after) continue;
      if (result.keys.size() < limit) {
        result.keys.push_back(key);
      } else {
        result.more = true;
      }
    }
    if (result.more && !query.with_total) break;
  }
  return result;
}

// The first rows in an order, of those offered so far. Values lie in one array, a row of it for each place.
class FirstRows {
 public:
  FirstRows(const OrderPlan& order, size_t capacity) : order_(order), capacity_(capacity) {}

  bool full() const { return heap_.size() == capacity_; }

  // What the last of them sorts by. They are full.
  const SortValue* last() const { return Values(heap_.front()); }

  void Offer(const Block& block, int row) {
    if (!full()) {
      const size_t place = heap_.size();
      values_.resize((place + 1) * order_.size());
      keys_.push_back(0);
      Put(place, block, row);
      heap_.push_back(place);
      std::push_heap(heap_.begin(), heap_.end(), Before{this});
      return;
    }
    const size_t last = heap_.front();
    if (order_.Compare(block, row, Values(last), keys_[last]) >= 0) return;
    std::pop_heap(heap_.begin(), heap_.end(), Before{this});
    Put(last, block, row);
    std::push_heap(heap_.begin(), heap_.end(), Before{this});
  }

  // Their keys in order. Offer nothing afterwards.
  std::vector<RowKey> Sorted() {
    std::sort_heap(heap_.begin(), heap_.end(), Before{this});
    std::vector<RowKey> keys;
    keys.reserve(heap_.size());
    for (const size_t place : heap_) keys.push_back(keys_[place]);
    return keys;
  }

 private:
  const SortValue* Values(size_t place) const { return values_.data() + place * order_.size(); }
  struct Before {
    const FirstRows* rows;
    bool operator()(size_t a, size_t b) const {
      return rows->order_.Compare(rows->Values(a), rows->keys_[a], rows->Values(b), rows->keys_[b]) < 0;
    }
  };
  void Put(size_t place, const Block& block, int row) {
    order_.ValuesOf(block, row, values_.data() + place * order_.size());
    keys_[place] = block.KeyOf(row);
  }

  const OrderPlan& order_;
  const size_t capacity_;
  std::vector<SortValue> values_;
  std::vector<RowKey> keys_;
  std::vector<size_t> heap_;  // places; the last row of the order at the front
};

// Where fewer rows than one in so many match, they are looked at one by one rather than with all of their block.
constexpr int kFewMatches = 8;

// Blocks, those with the first values first: then the rest can be told at a glance to have nothing to add.
std::vector<std::pair<uint64_t, const Block*>> BlocksInOrder(const Snapshot::Impl& snapshot, const OrderPlan& order) {
  std::vector<std::pair<uint64_t, const Block*>> blocks;
  blocks.reserve(snapshot.blocks.size());
  for (const auto& block : snapshot.blocks) {
    if (block != nullptr) blocks.emplace_back(order.LeastOrdinal(*block), block.get());
  }
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return blocks;
}

QueryResult RunSorted(const Snapshot::Impl& snapshot, const FilterPlan& filter, const Query& query) {
  const OrderPlan order(snapshot, query.order);
  std::vector<SortValue> after(order.size());
  if (query.after != nullptr) order.ValuesOf(*query.after, after.data());
  const auto limit = static_cast<size_t>(std::max(query.limit, 0));
  FirstRows first(order, limit + 1);

  QueryResult result;
  uint8_t mask[kBlockRows];
  uint16_t selected[kBlockRows];
  for (const auto& [least, block] : BlocksInOrder(snapshot, order)) {
    const bool hopeless = first.full() && least > first.last()->ordinal;
    if (hopeless && !query.with_total) break;
    if (!filter.Match(*block, mask)) continue;
    const int matches = kernels::Count(mask, block->rows);
    if (query.with_total) result.total += matches;
    if (hopeless) continue;
    if (query.after != nullptr) order.DropBefore(*block, after.data(), mask);
    const bool few = matches < block->rows / kFewMatches;
    if (first.full() && !few) order.DropAfter(*block, first.last(), mask);
    int count = kernels::List(mask, block->rows, selected);
    if (first.full() && few) count = order.DropAfter(*block, first.last(), selected, count);
    for (int i = 0; i < count; ++i) {
      const int row = selected[i];
      if (query.after != nullptr && order.Compare(*block, row, after.data(), query.after->key) <= 0) continue;
      first.Offer(*block, row);
    }
  }
  result.keys = first.Sorted();
  result.more = result.keys.size() > limit;
  if (result.more) result.keys.pop_back();
  return result;
}

}  // namespace

QueryResult Snapshot::Run(const Query& query) const {
  const FilterPlan filter(*impl_, query.filter);
  return query.order.empty() ? RunByKey(*impl_, filter, query) : RunSorted(*impl_, filter, query);
}

}  // namespace folio::engine
