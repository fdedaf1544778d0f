// Which rows of a block hold a value between two bounds: what filters and orders narrow masks (kernels.h) by.
//
// A chunk may be nullptr: no row has a value. Missing values lie in no interval.
#pragma once

#include <cstdint>

#include "server/engine/chunk.h"

namespace folio::engine {

// Keeps the rows of a block of so many rows that hold a value in [low, high]. False where none is left for certain, and
// then the mask is not to be read.
bool KeepInterval(const CodeChunk* chunk, int rows, int64_t low, int64_t high, uint8_t* mask);
bool KeepInterval(const RealChunk* chunk, int rows, double low, double high, uint8_t* mask);

// Drops them.
void DropInterval(const CodeChunk* chunk, int64_t low, int64_t high, uint8_t* mask);
void DropInterval(const RealChunk* chunk, double low, double high, uint8_t* mask);

// Keeps those of `count` selected rows, ascending, and returns how many they are.
int KeepInterval(const CodeChunk* chunk, int64_t low, int64_t high, uint16_t* selected, int count);
int KeepInterval(const RealChunk* chunk, double low, double high, uint16_t* selected, int count);

// Drops the rows that the chunk does not cover.
void ClearTail(const Chunk& chunk, int rows, uint8_t* mask);

}  // namespace folio::engine
