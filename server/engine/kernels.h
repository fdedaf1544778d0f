// The inner loops of the columnar index, free of branches so that the compiler makes vector code of them. Compiled with
// -O3.
//
// A mask has a byte for each row of a block, 1 where the row is selected and 0 elsewhere; "keep" and "drop" only ever
// clear bytes. Code is uint8_t, uint16_t, uint32_t or uint64_t.
#pragma once

#include <cstdint>

namespace folio::engine::kernels {

// Keeps, or drops, the rows whose code lies in [low, high].
template <typename Code>
void KeepCodes(const Code* codes, int rows, Code low, Code high, uint8_t* mask);
template <typename Code>
void DropCodes(const Code* codes, int rows, Code low, Code high, uint8_t* mask);

// Keeps those of the selected rows whose code lies in [low, high], in their order; returns how many.
template <typename Code>
int KeepSelected(const Code* codes, Code low, Code high, uint16_t* selected, int count);

// Keeps the rows whose code is at least `first` and has accept[code] = 1.
template <typename Code>
void KeepListed(const Code* codes, int rows, Code first, const uint8_t* accept, uint8_t* mask);

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

// codes[i] = (values[i] - first) / step + shift, and 0 where values[i] is `missing`. Every value must be first + step *
// n.
template <typename Code>
void Encode(const int64_t* values, int rows, int64_t missing, int64_t first, uint64_t step, unsigned shift,
            Code* codes);

// The inverse: values[i] = origin + step * codes[i], and `missing` where codes[i] < first.
template <typename Code>
void Decode(const Code* codes, int rows, Code first, int64_t origin, uint64_t step, int64_t missing, int64_t* values);

// --- Sums ---
//
// A row adds to its cell, a number below the length of what it is added to. The i-th cell is that of row selected[i],
// or of row i where `selected` is null.

// Puts one more digit behind the cells: cell = cell * places + place; BeginDimension puts the first one, whatever the
// cells held. BeginDimension and AddDimension: the place is code + offset, or 0
// where code < first. AddPresence: 1 or 0, as code >= first or not. AddPlace: the same for all.
template <typename Cell, typename Code>
void BeginDimension(const Code* codes, const uint16_t* selected, int rows, Code first, int64_t offset, Cell* cells);
template <typename Cell, typename Code>
void AddDimension(const Code* codes, const uint16_t* selected, int rows, Code first, int64_t offset, uint32_t places,
                  Cell* cells);
template <typename Cell, typename Code>
void AddPresence(const Code* codes, const uint16_t* selected, int rows, Code first, Cell* cells);
template <typename Cell>
void AddPlace(int rows, uint32_t place, uint32_t places, Cell* cells);

// cells[i] = cells[selected[i]], for ascending `selected`.
template <typename Cell>
void Pick(const uint16_t* selected, int count, Cell* cells);

// Every row counts in its cell.
template <typename Cell>
void CountRows(const Cell* cells, int rows, int64_t* counts);

// Adds origin + step * code, or nothing where code < first; and a row to `counts`, where that is not null.
template <typename Cell, typename Code>
void SumCodes(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, Code first, int64_t origin,
              uint64_t step, int64_t* counts, int64_t* sums);

// Adds table[code].
template <typename Cell, typename Code>
void SumTable(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, const double* table,
              double* sums);

// Counts the rows that have code < first.
template <typename Cell, typename Code>
void CountMissing(const Cell* cells, const Code* codes, const uint16_t* selected, int rows, Code first,
                  int64_t* counts);

}  // namespace folio::engine::kernels
