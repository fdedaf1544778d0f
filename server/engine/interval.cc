#include "server/engine/interval.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "server/engine/kernels.h"

namespace folio::engine {
namespace {

// The codes that stand for the values of an interval.
struct CodeInterval {
  bool none = false;  // no value of the chunk lies in it
  bool all = false;   // every row of the chunk has a value that does
  uint64_t low = 0;
  uint64_t high = 0;
};

CodeInterval IntervalOf(const CodeChunk& chunk, int64_t low, int64_t high) {
  low = std::max(low, chunk.least());
  high = std::min(high, chunk.greatest());
  CodeInterval interval;
  interval.none = low > high;
  interval.all = low == chunk.least() && high == chunk.greatest() && chunk.first_code() == 0;
  if (interval.none || interval.all) return interval;
  const uint64_t step = chunk.step();
  const uint64_t first = static_cast<uint64_t>(chunk.origin()) + chunk.first_code() * step;
  uint64_t below = static_cast<uint64_t>(low) - first;
  uint64_t within = static_cast<uint64_t>(high) - first;
  if (step != 1) {
    below = below / step + (below % step != 0 ? 1 : 0);
    within /= step;
  }
  interval.low = below + chunk.first_code();
  interval.high = within + chunk.first_code();
  interval.none = interval.low > interval.high;
  return interval;
}

// The first of the table's values that is not `before`: sought from where it would lie if they were spread evenly,
// which touches less memory than to halve the table.
template <typename Before>
std::vector<double>::const_iterator Boundary(const RealChunk& chunk, double near, Before before) {
  const auto begin = chunk.table().begin() + RealChunk::kFirstCode;
  const auto end = chunk.table().end();
  const double share = (near - chunk.least()) / (chunk.greatest() - chunk.least());
  const auto guess =
      begin + static_cast<int64_t>((share >= 0 && share <= 1 ? share : 0.5) * static_cast<double>(end - begin - 1));
  auto low = guess;
  auto high = guess;
  for (int64_t stride = 4; low != begin && !before(*low); stride *= 2) low -= std::min<int64_t>(stride, low - begin);
  for (int64_t stride = 4; high != end && before(*high); stride *= 2) high += std::min<int64_t>(stride, end - high);
  return std::partition_point(low, high, before);
}

// An end that lies outside of the table is not looked for.
CodeInterval IntervalOf(const RealChunk& chunk, double low, double high) {
  const std::vector<double>& table = chunk.table();
  const auto begin = table.begin() + RealChunk::kFirstCode;
  const auto first = low <= chunk.least() ? begin : Boundary(chunk, low, [low](double value) { return value < low; });
  const auto end =
      high >= chunk.greatest() ? table.end() : Boundary(chunk, high, [high](double value) { return value <= high; });
  CodeInterval interval;
  interval.none = first >= end;
  interval.all = first == begin && end == table.end() && !chunk.any_missing();
  interval.low = static_cast<uint64_t>(first - table.begin());
  interval.high = static_cast<uint64_t>(end - table.begin()) - 1;
  return interval;
}

template <typename AnyChunk, typename Value>
bool Keep(const AnyChunk* chunk, int rows, Value low, Value high, uint8_t* mask) {
  if (chunk == nullptr) return false;
  const CodeInterval interval = IntervalOf(*chunk, low, high);
  if (interval.none) return false;
  ClearTail(*chunk, rows, mask);
  if (interval.all) return true;
  WithCodes(*chunk, [&](auto* codes, auto first) {
    using Code = decltype(first);
    kernels::KeepCodes(codes, chunk->rows(), static_cast<Code>(interval.low), static_cast<Code>(interval.high), mask);
  });
  return true;
}

template <typename AnyChunk, typename Value>
void Drop(const AnyChunk* chunk, Value low, Value high, uint8_t* mask) {
  if (chunk == nullptr) return;
  const CodeInterval interval = IntervalOf(*chunk, low, high);
  if (interval.none) return;
  if (interval.all) {
    std::memset(mask, 0, static_cast<size_t>(chunk->rows()));
    return;
  }
  WithCodes(*chunk, [&](auto* codes, auto first) {
    using Code = decltype(first);
    kernels::DropCodes(codes, chunk->rows(), static_cast<Code>(interval.low), static_cast<Code>(interval.high), mask);
  });
}

template <typename AnyChunk, typename Value>
int KeepSelected(const AnyChunk* chunk, Value low, Value high, uint16_t* selected, int count) {
  if (chunk == nullptr) return 0;
  const CodeInterval interval = IntervalOf(*chunk, low, high);
  if (interval.none) return 0;
  const int covered = static_cast<int>(std::lower_bound(selected, selected + count, chunk->rows()) - selected);
  if (interval.all) return covered;
  return WithCodes(*chunk, [&](auto* codes, auto first) {
    using Code = decltype(first);
    return kernels::KeepSelected(codes, static_cast<Code>(interval.low), static_cast<Code>(interval.high), selected,
                                 covered);
  });
}

}  // namespace

bool KeepInterval(const CodeChunk* chunk, int rows, int64_t low, int64_t high, uint8_t* mask) {
  return Keep(chunk, rows, low, high, mask);
}
bool KeepInterval(const RealChunk* chunk, int rows, double low, double high, uint8_t* mask) {
  return Keep(chunk, rows, low, high, mask);
}

void DropInterval(const CodeChunk* chunk, int64_t low, int64_t high, uint8_t* mask) { Drop(chunk, low, high, mask); }
void DropInterval(const RealChunk* chunk, double low, double high, uint8_t* mask) { Drop(chunk, low, high, mask); }

int KeepInterval(const CodeChunk* chunk, int64_t low, int64_t high, uint16_t* selected, int count) {
  return KeepSelected(chunk, low, high, selected, count);
}
int KeepInterval(const RealChunk* chunk, double low, double high, uint16_t* selected, int count) {
  return KeepSelected(chunk, low, high, selected, count);
}

void ClearTail(const Chunk& chunk, int rows, uint8_t* mask) {
  if (chunk.rows() < rows) std::memset(mask + chunk.rows(), 0, static_cast<size_t>(rows - chunk.rows()));
}

}  // namespace folio::engine
