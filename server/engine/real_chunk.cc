#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "server/engine/chunk.h"
#include "server/engine/kernels.h"

namespace folio::engine {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::shared_ptr<const RealChunk> RealChunk::Write(const RealChunk* before, std::span<const RealWrite> writes) {
  int rows = before == nullptr ? 0 : before->rows_;
  for (const RealWrite& write : writes) rows = std::max(rows, RowOf(write.key) + 1);
  double values[kBlockRows];
  std::fill(values, values + rows, kMissing);
  if (before != nullptr) {
    WithReals(*before, [&](auto* typed) { std::copy(typed, typed + before->rows_, values); });
  }
  for (const RealWrite& write : writes) values[RowOf(write.key)] = write.value;

  const kernels::RealRange range = kernels::RangeOf(values, rows);
  if (!(range.least <= range.greatest)) return nullptr;
  auto chunk = std::make_shared<RealChunk>();
  chunk->rows_ = rows;
  chunk->is_float_ = range.all_float;
  chunk->any_missing_ = range.any_missing;
  chunk->least_ = range.least;
  chunk->greatest_ = range.greatest;
  if (range.all_float) {
    chunk->values_ = std::make_unique_for_overwrite<uint8_t[]>(static_cast<size_t>(rows) * sizeof(float));
    std::transform(values, values + rows, reinterpret_cast<float*>(chunk->values_.get()),
                   [](double value) { return static_cast<float>(value); });
  } else {
    chunk->values_ = std::make_unique_for_overwrite<uint8_t[]>(static_cast<size_t>(rows) * sizeof(double));
    std::memcpy(chunk->values_.get(), values, static_cast<size_t>(rows) * sizeof(double));
  }
  return chunk;
}

double RealChunk::ValueAt(int row) const {
  if (row >= rows_) return kMissing;
  return WithReals(*this, [&](auto* typed) { return static_cast<double>(typed[row]); });
}

int64_t RealChunk::MemoryBytes() const {
  return static_cast<int64_t>(sizeof(RealChunk)) +
         static_cast<int64_t>(rows_) * static_cast<int64_t>(is_float_ ? sizeof(float) : sizeof(double));
}

}  // namespace folio::engine
