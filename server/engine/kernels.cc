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
int KeepSelected(const Code* codes, Code low, Code high, uint16_t* selected, int count) {
  const Code span = static_cast<Code>(high - low);
  int kept = 0;
  for (int i = 0; i < count; ++i) {
    const uint16_t row = selected[i];
    selected[kept] = row;
    kept += static_cast<int>(static_cast<Code>(codes[row] - low) <= span);
  }
  return kept;
}

template <typename Code>
void KeepListed(const Code* codes, int rows, Code first, const uint8_t* accept, uint8_t* mask) {
  for (int i = 0; i < rows; ++i) {
    mask[i] = static_cast<uint8_t>(mask[i] & accept[codes[i]] & static_cast<uint8_t>(codes[i] >= first));
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
  // Lanes of a byte each, which no block is long enough to overflow.
  constexpr int kLanes = 16;
  constexpr int kRowsMax = 255 * kLanes;
  int count = 0;
  int begin = 0;
  while (rows - begin >= kLanes) {
    uint8_t lanes[kLanes] = {};
    const int end = begin + (rows - begin < kRowsMax ? (rows - begin) / kLanes * kLanes : kRowsMax);
    for (; begin < end; begin += kLanes) {
      for (int lane = 0; lane < kLanes; ++lane) lanes[lane] = static_cast<uint8_t>(lanes[lane] + mask[begin + lane]);
    }
    for (const uint8_t lane : lanes) count += lane;
  }
  for (; begin < rows; ++begin) count += mask[begin];
  return count;
}

namespace {

uint64_t WordAt(const uint8_t* mask) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word;
  std::memcpy(&word, mask, sizeof word);
  return word;
}

// Writes the rows of eight bytes of a mask behind the `count` there are, and returns the new count.
int ListWord(uint64_t word, int base, uint16_t* selected, int count) {
  for (; word != 0; word &= word - 1) {
    selected[count++] = static_cast<uint16_t>(base + std::countr_zero(word) / 8);
  }
  return count;
}

}  // namespace

int List(const uint8_t* mask, int rows, uint16_t* selected) {
  int count = 0;
  int base = 0;
  for (; base + 32 <= rows; base += 32) {
    const uint64_t words[] = {WordAt(mask + base), WordAt(mask + base + 8), WordAt(mask + base + 16),
                              WordAt(mask + base + 24)};
    if ((words[0] | words[1] | words[2] | words[3]) == 0) continue;
    for (int i = 0; i < 4; ++i) count = ListWord(words[i], base + 8 * i, selected, count);
  }
  for (; base < rows; ++base) {
    if (mask[base] != 0) selected[count++] = static_cast<uint16_t>(base);
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

namespace {

// Calls apply(i, row) for every row: a loop without indirection where all rows are meant.
template <typename Apply>
void ForRows(const uint16_t* selected, int rows, Apply apply) {
  if (selected == nullptr) {
    for (int i = 0; i < rows; ++i) apply(i, i);
  } else {
    for (int i = 0; i < rows; ++i) apply(i, static_cast<int>(selected[i]));
  }
}

}  // namespace

template <typename Cell, typename Code>
void BeginDimension(const Code* codes, const uint16_t* selected, int rows, Code first, int64_t offset, Cell* cells) {
  const auto shift = static_cast<Cell>(offset);
  if (first == 0) {
    ForRows(selected, rows,
            [&](int i, int row) { cells[i] = static_cast<Cell>(static_cast<Cell>(codes[row]) + shift); });
    return;
  }
  ForRows(selected, rows, [&](int i, int row) {
    const Code code = codes[row];
    cells[i] = static_cast<Cell>(code < first ? 0 : static_cast<Cell>(static_cast<Cell>(code) + shift));
  });
}

template <typename Cell, typename Code>
void AddDimension(const Code* codes, const uint16_t* selected, int rows, Code first, int64_t offset, uint32_t places,
                  Cell* cells) {
  const auto shift = static_cast<Cell>(offset);
  const auto size = static_cast<Cell>(places);
  if (first == 0) {
    ForRows(selected, rows, [&](int i, int row) {
      cells[i] = static_cast<Cell>(cells[i] * size + static_cast<Cell>(static_cast<Cell>(codes[row]) + shift));
    });
    return;
  }
  ForRows(selected, rows, [&](int i, int row) {
    const Code code = codes[row];
    const auto place = static_cast<Cell>(code < first ? 0 : static_cast<Cell>(static_cast<Cell>(code) + shift));
    cells[i] = static_cast<Cell>(cells[i] * size + place);
  });
}

template <typename Cell, typename Code>
void AddPresence(const Code* codes, const uint16_t* selected, int rows, Code first, Cell* cells) {
  ForRows(selected, rows,
          [&](int i, int row) { cells[i] = static_cast<Cell>(cells[i] * 2 + static_cast<Cell>(codes[row] >= first)); });
}

template <typename Cell>
void AddPlace(int rows, uint32_t place, uint32_t places, Cell* cells) {
  const auto digit = static_cast<Cell>(place);
  const auto size = static_cast<Cell>(places);
  for (int i = 0; i < rows; ++i) cells[i] = static_cast<Cell>(cells[i] * size + digit);
}

template <typename Cell>
void Pick(const uint16_t* selected, int count, Cell* cells) {
  for (int i = 0; i < count; ++i) cells[i] = cells[selected[i]];
}

template <typename Cell>
void CountRows(const Cell* cells, int rows, int64_t* counts) {
  for (int i = 0; i < rows; ++i) ++counts[cells[i]];
}

template <typename Cell, typename Code>
void SumCodes(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, Code first, int64_t origin,
              uint64_t step, int64_t* counts, int64_t* sums) {
  const auto value_of = [origin, step](Code code) {
    return static_cast<int64_t>(static_cast<uint64_t>(origin) + step * code);
  };
  if (first == 0 && counts != nullptr) {
    ForRows(selected, rows, [&](int i, int row) {
      ++counts[cells[i]];
      sums[cells[i]] += value_of(codes[row]);
    });
  } else if (first == 0) {
    ForRows(selected, rows, [&](int i, int row) { sums[cells[i]] += value_of(codes[row]); });
  } else {
    if (counts != nullptr) CountRows(cells, rows, counts);
    ForRows(selected, rows, [&](int i, int row) {
      const Code code = codes[row];
      sums[cells[i]] += code >= first ? value_of(code) : 0;
    });
  }
}

template <typename Cell, typename Code>
void SumTable(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, const double* table,
              double* sums) {
  ForRows(selected, rows, [&](int i, int row) { sums[cells[i]] += table[codes[row]]; });
}

template <typename Cell, typename Code>
void CountMissing(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, Code first,
                  int64_t* counts) {
  ForRows(selected, rows, [&](int i, int row) { counts[cells[i]] += static_cast<int64_t>(codes[row] < first); });
}

// Every encoding that a column can have.
#define FOLIO_FOR_CODE(Code)                                                                    \
  template void KeepCodes<Code>(const Code*, int, Code, Code, uint8_t*);                        \
  template void DropCodes<Code>(const Code*, int, Code, Code, uint8_t*);                        \
  template int KeepSelected<Code>(const Code*, Code, Code, uint16_t*, int);                     \
  template void KeepListed<Code>(const Code*, int, Code, const uint8_t*, uint8_t*);             \
  template void Encode<Code>(const int64_t*, int, int64_t, int64_t, uint64_t, unsigned, Code*); \
  template void Decode<Code>(const Code*, int, Code, int64_t, uint64_t, int64_t, int64_t*);
FOLIO_FOR_CODE(uint8_t)
FOLIO_FOR_CODE(uint16_t)
FOLIO_FOR_CODE(uint32_t)
FOLIO_FOR_CODE(uint64_t)
#undef FOLIO_FOR_CODE

#define FOLIO_FOR_CELL_AND_CODE(Cell, Code)                                                                   \
  template void BeginDimension<Cell, Code>(const Code*, const uint16_t*, int, Code, int64_t, Cell*);          \
  template void AddDimension<Cell, Code>(const Code*, const uint16_t*, int, Code, int64_t, uint32_t, Cell*);  \
  template void AddPresence<Cell, Code>(const Code*, const uint16_t*, int, Code, Cell*);                      \
  template void SumCodes<Cell, Code>(const Cell*, const Code*, const uint16_t*, int, Code, int64_t, uint64_t, \
                                     int64_t*, int64_t*);                                                     \
  template void SumTable<Cell, Code>(const Cell*, const Code*, const uint16_t*, int, const double*, double*); \
  template void CountMissing<Cell, Code>(const Cell*, const Code*, const uint16_t*, int, Code, int64_t*);
#define FOLIO_FOR_CELL(Cell)                                    \
  FOLIO_FOR_CELL_AND_CODE(Cell, uint8_t)                        \
  FOLIO_FOR_CELL_AND_CODE(Cell, uint16_t)                       \
  FOLIO_FOR_CELL_AND_CODE(Cell, uint32_t)                       \
  FOLIO_FOR_CELL_AND_CODE(Cell, uint64_t)                       \
  template void AddPlace<Cell>(int, uint32_t, uint32_t, Cell*); \
  template void Pick<Cell>(const uint16_t*, int, Cell*);        \
  template void CountRows<Cell>(const Cell*, int, int64_t*);
FOLIO_FOR_CELL(uint16_t)
FOLIO_FOR_CELL(uint32_t)
#undef FOLIO_FOR_CELL
#undef FOLIO_FOR_CELL_AND_CODE

}  // namespace folio::engine::kernels
