#include "server/engine/kernels.h"

#include <bit>
#include <cstring>
#include <limits>

namespace folio::engine::kernels {

template <typename Code>
void KeepCodes(const Code* codes, int rows, Code low, Code high, uint8_t* mask) {
  const Code span = static_cast<Code>(high - low);
  for (int i = 0; i < rows; ++i) mask[i] &= static_cast<uint8_t>(static_cast<Code>(codes[i] - low) <= span);
}

template <typename Code>
void DropCodes(const Code* codes, int rows, Code low, Code high, uint8_t* mask) {
  const Code span = static_cast<Code>(high - low);
  for (int i = 0; i < rows; ++i) mask[i] &= static_cast<uint8_t>(static_cast<Code>(codes[i] - low) > span);
}

template <typename Code>
void KeepListed(const Code* codes, int rows, Code first, const uint8_t* accept, uint8_t* mask) {
  for (int i = 0; i < rows; ++i) {
    mask[i] = static_cast<uint8_t>(mask[i] & accept[codes[i]] & static_cast<uint8_t>(codes[i] >= first));
  }
}

template <typename Real>
void KeepReals(const Real* values, int rows, Real low, Real high, uint8_t* mask) {
  for (int i = 0; i < rows; ++i) {
    mask[i] &= static_cast<uint8_t>(static_cast<int>(values[i] >= low) & static_cast<int>(values[i] <= high));
  }
}

template <typename Real>
void DropReals(const Real* values, int rows, Real low, Real high, uint8_t* mask) {
  for (int i = 0; i < rows; ++i) {
    const int inside = static_cast<int>(values[i] >= low) & static_cast<int>(values[i] <= high);
    mask[i] &= static_cast<uint8_t>(inside ^ 1);
  }
}

void Unite(const uint8_t* other, int rows, uint8_t* mask) {
  for (int i = 0; i < rows; ++i) mask[i] |= other[i];
}

void Subtract(const uint8_t* other, int rows, uint8_t* mask) {
  for (int i = 0; i < rows; ++i) mask[i] &= static_cast<uint8_t>(other[i] ^ 1);
}

void Spread(const uint64_t* bits, int rows, uint8_t* mask) {
  for (int base = 0; base < rows; base += 64) {
    const uint64_t word = bits[base / 64];
    for (int i = 0; i < 64; ++i) mask[base + i] = static_cast<uint8_t>((word >> i) & 1);
  }
}

int Count(const uint8_t* mask, int rows) {
  int count = 0;
  for (int i = 0; i < rows; ++i) count += mask[i];
  return count;
}

int List(const uint8_t* mask, int rows, uint16_t* selected) {
  static_assert(std::endian::native == std::endian::little);
  int count = 0;
  for (int base = 0; base < rows; base += 8) {
    uint64_t word;
    std::memcpy(&word, mask + base, sizeof word);
    if (base + 8 > rows) word &= (uint64_t{1} << (8 * (rows - base))) - 1;
    while (word != 0) {
      selected[count++] = static_cast<uint16_t>(base + std::countr_zero(word) / 8);
      word &= word - 1;
    }
  }
  return count;
}

Range RangeOf(const int64_t* values, int rows, int64_t missing) {
  Range range{std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(), false};
  for (int i = 0; i < rows; ++i) {
    const bool absent = values[i] == missing;
    const int64_t low = absent ? range.least : values[i];
    const int64_t high = absent ? range.greatest : values[i];
    range.least = low < range.least ? low : range.least;
    range.greatest = high > range.greatest ? high : range.greatest;
    range.any_missing |= absent;
  }
  return range;
}

RealRange RangeOf(const double* values, int rows) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  RealRange range{kInfinity, -kInfinity, false, true};
  for (int i = 0; i < rows; ++i) {
    const double value = values[i];
    const bool absent = value != value;
    range.least = value < range.least ? value : range.least;
    range.greatest = value > range.greatest ? value : range.greatest;
    range.any_missing |= absent;
    range.all_float &= absent | (static_cast<double>(static_cast<float>(value)) == value);
  }
  return range;
}

namespace {

// `divide` is a division that the compiler can do without dividing, where the step is a common one.
template <typename Code, typename Divide>
void EncodeWith(const int64_t* values, int rows, int64_t missing, int64_t first, unsigned shift, Code* codes,
                Divide divide) {
  for (int i = 0; i < rows; ++i) {
    const uint64_t distance = static_cast<uint64_t>(values[i]) - static_cast<uint64_t>(first);
    codes[i] = values[i] == missing ? Code{0} : static_cast<Code>(divide(distance) + shift);
  }
}

}  // namespace

template <typename Code>
void Encode(const int64_t* values, int rows, int64_t missing, int64_t first, uint64_t step, unsigned shift,
            Code* codes) {
  if (step == 1) {
    EncodeWith(values, rows, missing, first, shift, codes, [](uint64_t distance) { return distance; });
  } else if (step == 10'000) {
    EncodeWith(values, rows, missing, first, shift, codes, [](uint64_t distance) { return distance / 10'000; });
  } else if (step == 1'000'000) {
    EncodeWith(values, rows, missing, first, shift, codes, [](uint64_t distance) { return distance / 1'000'000; });
  } else {
    EncodeWith(values, rows, missing, first, shift, codes, [step](uint64_t distance) { return distance / step; });
  }
}

template <typename Code>
void Decode(const Code* codes, int rows, Code first, int64_t origin, uint64_t step, int64_t missing, int64_t* values) {
  for (int i = 0; i < rows; ++i) {
    const auto value = static_cast<int64_t>(static_cast<uint64_t>(origin) + step * codes[i]);
    values[i] = codes[i] < first ? missing : value;
  }
}

template <typename Cell, typename Code>
void AddDimension(const Code* codes, const uint16_t* selected, int rows, Code first, int64_t offset, uint32_t count,
                  Cell* cells) {
  const auto shift = static_cast<Cell>(offset);
  const auto size = static_cast<Cell>(count);
  if (selected == nullptr) {
    for (int i = 0; i < rows; ++i) {
      const auto number = static_cast<Cell>(codes[i] < first ? 0 : static_cast<Cell>(codes[i]) + shift);
      cells[i] = static_cast<Cell>(cells[i] * size + number);
    }
    return;
  }
  for (int i = 0; i < rows; ++i) {
    const Code code = codes[selected[i]];
    const auto number = static_cast<Cell>(code < first ? 0 : static_cast<Cell>(code) + shift);
    cells[i] = static_cast<Cell>(cells[i] * size + number);
  }
}

template <typename Cell>
void CountCells(const Cell* cells, int rows, int64_t* counts) {
  for (int i = 0; i < rows; ++i) ++counts[cells[i]];
}

namespace {

template <bool kAll, typename Cell, typename Code>
void SumCodesOf(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, Code first, int64_t origin,
                uint64_t step, IntSum* sums) {
  for (int i = 0; i < rows; ++i) {
    const Code code = codes[kAll ? i : selected[i]];
    const bool present = code >= first;
    const auto value = static_cast<int64_t>(static_cast<uint64_t>(origin) + step * code);
    IntSum& sum = sums[cells[i]];
    sum.sum += present ? value : 0;
    sum.count += static_cast<int64_t>(present);
  }
}

template <bool kAll, typename Cell, typename Real>
void SumRealsOf(const Cell* cells, const Real* values, const uint16_t* selected, int rows, RealSum* sums) {
  for (int i = 0; i < rows; ++i) {
    const double value = values[kAll ? i : selected[i]];
    const bool present = value == value;
    RealSum& sum = sums[cells[i]];
    sum.sum += present ? value : 0.0;
    sum.count += static_cast<int64_t>(present);
  }
}

}  // namespace

template <typename Cell, typename Code>
void SumCodes(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, Code first, int64_t origin,
              uint64_t step, IntSum* sums) {
  if (selected == nullptr) {
    SumCodesOf<true>(cells, codes, selected, rows, first, origin, step, sums);
  } else {
    SumCodesOf<false>(cells, codes, selected, rows, first, origin, step, sums);
  }
}

template <typename Cell, typename Real>
void SumReals(const Cell* cells, const Real* values, const uint16_t* selected, int rows, RealSum* sums) {
  if (selected == nullptr) {
    SumRealsOf<true>(cells, values, selected, rows, sums);
  } else {
    SumRealsOf<false>(cells, values, selected, rows, sums);
  }
}

// Every encoding that a column can have.
#define FOLIO_FOR_CODE(Code)                                                                                          \
  template void KeepCodes<Code>(const Code*, int, Code, Code, uint8_t*);                                              \
  template void DropCodes<Code>(const Code*, int, Code, Code, uint8_t*);                                              \
  template void KeepListed<Code>(const Code*, int, Code, const uint8_t*, uint8_t*);                                   \
  template void Encode<Code>(const int64_t*, int, int64_t, int64_t, uint64_t, unsigned, Code*);                       \
  template void Decode<Code>(const Code*, int, Code, int64_t, uint64_t, int64_t, int64_t*);                           \
  template void AddDimension<uint16_t, Code>(const Code*, const uint16_t*, int, Code, int64_t, uint32_t, uint16_t*);  \
  template void AddDimension<uint32_t, Code>(const Code*, const uint16_t*, int, Code, int64_t, uint32_t, uint32_t*);  \
  template void SumCodes<uint16_t, Code>(const uint16_t*, const Code*, const uint16_t*, int, Code, int64_t, uint64_t, \
                                         IntSum*);                                                                    \
  template void SumCodes<uint32_t, Code>(const uint32_t*, const Code*, const uint16_t*, int, Code, int64_t, uint64_t, \
                                         IntSum*);
FOLIO_FOR_CODE(uint8_t)
FOLIO_FOR_CODE(uint16_t)
FOLIO_FOR_CODE(uint32_t)
FOLIO_FOR_CODE(uint64_t)
#undef FOLIO_FOR_CODE

#define FOLIO_FOR_REAL(Real)                                                                            \
  template void KeepReals<Real>(const Real*, int, Real, Real, uint8_t*);                                \
  template void DropReals<Real>(const Real*, int, Real, Real, uint8_t*);                                \
  template void SumReals<uint16_t, Real>(const uint16_t*, const Real*, const uint16_t*, int, RealSum*); \
  template void SumReals<uint32_t, Real>(const uint32_t*, const Real*, const uint16_t*, int, RealSum*);
FOLIO_FOR_REAL(float)
FOLIO_FOR_REAL(double)
#undef FOLIO_FOR_REAL

template void CountCells<uint16_t>(const uint16_t*, int, int64_t*);
template void CountCells<uint32_t>(const uint32_t*, int, int64_t*);

}  // namespace folio::engine::kernels
