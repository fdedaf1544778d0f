#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

#include "server/engine/chunk.h"
#include "server/engine/kernels.h"

namespace folio::engine {
namespace {

constexpr int64_t kMissing = Snapshot::kMissingInt;

// Steps that amounts (micros) and instants (microseconds) tend to have, the best first: whole units or seconds, cents,
// milliseconds.
constexpr int64_t kSteps[] = {1'000'000, 10'000, 1'000};

uint64_t Distance(int64_t from, int64_t to) { return static_cast<uint64_t>(to) - static_cast<uint64_t>(from); }

// Division by a constant, which the compiler makes a multiplication.
template <int64_t kStep>
bool AllDivisible(const int64_t* values, int rows) {
  for (int i = 0; i < rows; ++i) {
    if (values[i] != kMissing && values[i] % kStep != 0) return false;
  }
  return true;
}

// The largest step that all distances between values have, among those worth trying.
uint64_t CommonStep(const int64_t* values, int rows) {
  if (AllDivisible<kSteps[0]>(values, rows)) return kSteps[0];
  if (AllDivisible<kSteps[1]>(values, rows)) return kSteps[1];
  if (AllDivisible<kSteps[2]>(values, rows)) return kSteps[2];
  return 1;
}

uint8_t WidthFor(uint64_t greatest_code) {
  if (greatest_code <= std::numeric_limits<uint8_t>::max()) return 1;
  if (greatest_code <= std::numeric_limits<uint16_t>::max()) return 2;
  if (greatest_code <= std::numeric_limits<uint32_t>::max()) return 4;
  return 8;
}

}  // namespace

std::shared_ptr<const CodeChunk> CodeChunk::Write(const CodeChunk* before, std::span<const IntWrite> writes,
                                                  bool may_step) {
  int rows = before == nullptr ? 0 : before->rows_;
  for (const IntWrite& write : writes) rows = std::max(rows, RowOf(write.key) + 1);
  if (before != nullptr) {
    if (auto patched = Patch(*before, writes, rows)) return patched;
  }
  int64_t values[kBlockRows];
  std::fill(values, values + rows, kMissing);
  if (before != nullptr) before->DecodeTo(values);
  for (const IntWrite& write : writes) values[RowOf(write.key)] = write.value;
  return Encode(values, rows, may_step);
}

std::shared_ptr<const CodeChunk> CodeChunk::Of(std::span<const int64_t> values, bool may_step) {
  return Encode(values.data(), static_cast<int>(values.size()), may_step);
}

uint64_t CodeChunk::greatest_code() const {
  return width_ == 8 ? std::numeric_limits<uint64_t>::max() : (uint64_t{1} << (8 * width_)) - 1;
}

// Copies the codes and writes into them, where the encoding holds every new value. nullptr where it does not.
std::shared_ptr<const CodeChunk> CodeChunk::Patch(const CodeChunk& before, std::span<const IntWrite> writes, int rows) {
  if (before.width_ == 0) return nullptr;
  int covered = before.rows_;  // rows at the end that the writes follow without a gap
  for (const IntWrite& write : writes) covered += static_cast<int>(RowOf(write.key) == covered);
  if (before.first_code_ == 0 && covered < rows) return nullptr;  // a gap is missing, which it cannot say

  auto after = std::make_shared<CodeChunk>();
  after->rows_ = rows;
  after->width_ = before.width_;
  after->first_code_ = before.first_code_;
  after->origin_ = before.origin_;
  after->step_ = before.step_;
  after->least_ = before.least_;
  after->greatest_ = before.greatest_;
  const auto old_bytes = static_cast<size_t>(before.rows_) * before.width_;
  const auto bytes = static_cast<size_t>(rows) * before.width_;
  after->codes_ = std::make_unique_for_overwrite<uint8_t[]>(bytes);
  std::memcpy(after->codes_.get(), before.codes_.get(), old_bytes);
  std::memset(after->codes_.get() + old_bytes, 0, bytes - old_bytes);

  const int64_t first = before.first_value();
  const uint64_t limit = before.greatest_code() - before.first_code_;
  const bool fits = WithCodes(before, [&](auto* typed, auto first_code) {
    using Code = std::remove_cv_t<std::remove_pointer_t<decltype(typed)>>;
    auto* codes = reinterpret_cast<Code*>(after->codes_.get());
    for (const IntWrite& write : writes) {
      Code& code = codes[RowOf(write.key)];
      if (write.value == kMissing) {
        if (first_code == 0) return false;
        code = 0;
        continue;
      }
      if (write.value < first) return false;
      uint64_t steps = Distance(first, write.value);
      if (before.step_ != 1) {
        if (steps % before.step_ != 0) return false;
        steps /= before.step_;
      }
      if (steps > limit) return false;
      code = static_cast<Code>(steps + first_code);
      after->least_ = std::min(after->least_, write.value);
      after->greatest_ = std::max(after->greatest_, write.value);
    }
    return true;
  });
  return fits ? after : nullptr;
}

std::shared_ptr<const CodeChunk> CodeChunk::Encode(const int64_t* values, int rows, bool may_step) {
  const kernels::Range range = kernels::RangeOf(values, rows, kMissing);
  if (range.least > range.greatest) return nullptr;
  auto chunk = std::make_shared<CodeChunk>();
  chunk->rows_ = rows;
  chunk->first_code_ = range.any_missing ? 1 : 0;
  chunk->least_ = range.least;
  chunk->greatest_ = range.greatest;
  const bool constant = range.least == range.greatest && !range.any_missing;
  if (!constant && may_step) chunk->step_ = CommonStep(values, rows);
  // Values lie at whole steps from zero, so the least of them is a good origin, and new ones will fit as well.
  chunk->origin_ = static_cast<int64_t>(static_cast<uint64_t>(range.least) - chunk->first_code_ * chunk->step_);
  if (constant) return chunk;
  chunk->width_ = WidthFor(Distance(range.least, range.greatest) / chunk->step_ + chunk->first_code_);
  chunk->codes_ = std::make_unique_for_overwrite<uint8_t[]>(static_cast<size_t>(rows) * chunk->width_);
  WithCodes(*chunk, [&](auto* typed, auto first_code) {
    using Code = std::remove_cv_t<std::remove_pointer_t<decltype(typed)>>;
    kernels::Encode(values, rows, kMissing, range.least, chunk->step_, first_code,
                    reinterpret_cast<Code*>(chunk->codes_.get()));
  });
  return chunk;
}

void CodeChunk::DecodeTo(int64_t* values) const {
  if (width_ == 0) {
    std::fill(values, values + rows_, least_);
    return;
  }
  WithCodes(*this, [&](auto* typed, auto first_code) {
    kernels::Decode(typed, rows_, first_code, origin_, step_, kMissing, values);
  });
}

int64_t CodeChunk::ValueAt(int row) const {
  if (row >= rows_) return kMissing;
  if (width_ == 0) return least_;
  return WithCodes(*this, [&](auto* typed, auto first_code) {
    const auto code = typed[row];
    if (code < first_code) return kMissing;
    return static_cast<int64_t>(static_cast<uint64_t>(origin_) + step_ * code);
  });
}

int64_t CodeChunk::MemoryBytes() const {
  return static_cast<int64_t>(sizeof(CodeChunk)) + static_cast<int64_t>(rows_) * width_;
}

}  // namespace folio::engine
