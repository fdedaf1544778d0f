// The inner loops of the columnar index, free of branches so that the compiler makes vector code of them. Compiled with
// -O3.
//
// A mask has a byte for each row of a block, 1 where the row is selected and 0 elsewhere; "keep" and "drop" only ever
// clear bytes. Code is uint8_t, uint16_t, uint32_t or uint64_t; Real is float or double.
#pragma once

#include <cstdint>

namespace folio::engine::kernels {

// Keeps, or drops, the rows whose code lies in [low, high].
template <typename Code>
void KeepCodes(const Code* codes, int rows, Code low, Code high, uint8_t* mask);
template <typename Code>
void DropCodes(const Code* codes, int rows, Code low, Code high, uint8_t* mask);

// Keeps the rows whose code is at least `first` and has accept[code] = 1.
template <typename Code>
void KeepListed(const Code* codes, int rows, Code first, const uint8_t* accept, uint8_t* mask);

// Keeps, or drops, the rows whose value lies in [low, high]. NaN lies nowhere.
template <typename Real>
void KeepReals(const Real* values, int rows, Real low, Real high, uint8_t* mask);
template <typename Real>
void DropReals(const Real* values, int rows, Real low, Real high, uint8_t* mask);

// mask |= other; mask &= ~other.
void Unite(const uint8_t* other, int rows, uint8_t* mask);
void Subtract(const uint8_t* other, int rows, uint8_t* mask);

// Spreads bits (row r is bit r % 64 of word r / 64) to bytes. Writes whole words: room for a multiple of 64 rows.
void Spread(const uint64_t* bits, int rows, uint8_t* mask);

// Number of selected rows.
int Count(const uint8_t* mask, int rows);

// Writes the selected rows in order, returns how many. `selected` has room for all rows. Bytes of the mask up to the
// next multiple of 8 must be readable.
int List(const uint8_t* mask, int rows, uint16_t* selected);

// --- Encoding ---

struct Range {
  int64_t least;
  int64_t greatest;
  bool any_missing;
};

// Bounds of the values that are not `missing`; least > greatest where there is none.
Range RangeOf(const int64_t* values, int rows, int64_t missing);

struct RealRange {
  double least;
  double greatest;
  bool any_missing;  // any NaN
  bool all_float;    // every value is a float's value
};
RealRange RangeOf(const double* values, int rows);

// codes[i] = (values[i] - first) / step + shift, and 0 where values[i] is `missing`. Every value must be first + step *
// n.
template <typename Code>
void Encode(const int64_t* values, int rows, int64_t missing, int64_t first, uint64_t step, unsigned shift,
            Code* codes);

// The inverse: values[i] = origin + step * codes[i], and `missing` where codes[i] < first.
template <typename Code>
void Decode(const Code* codes, int rows, Code first, int64_t origin, uint64_t step, int64_t missing, int64_t* values);

// --- Sums ---

// Cells of a row: cells[i] = cells[i] * count + n, where n = codes[row] + offset, or 0 where codes[row] < first; row is
// selected[i], or i where `selected` is null.
template <typename Cell, typename Code>
void AddDimension(const Code* codes, const uint16_t* selected, int rows, Code first, int64_t offset, uint32_t count,
                  Cell* cells);

// Every row counts in its cell.
template <typename Cell>
void CountCells(const Cell* cells, int rows, int64_t* counts);

// Sum of the values present, and how many they are. Interleaved so that a cell is one line of cache.
struct IntSum {
  int64_t sum = 0;
  int64_t count = 0;
};
struct RealSum {
  double sum = 0;
  int64_t count = 0;
};
template <typename Cell, typename Code>
void SumCodes(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, Code first, int64_t origin,
              uint64_t step, IntSum* sums);
template <typename Cell, typename Real>
void SumReals(const Cell* cells, const Real* values, const uint16_t* selected, int rows, RealSum* sums);

}  // namespace folio::engine::kernels
