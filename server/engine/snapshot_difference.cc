#include "server/engine/snapshot_difference.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "server/engine/block.h"

namespace folio::engine {

namespace {

const Block* BlockAt(const Snapshot* snapshot, int64_t index) {
  if (snapshot == nullptr) return nullptr;
  const auto& blocks = snapshot->impl().blocks;
  const auto at = static_cast<size_t>(index);
  return at < blocks.size() ? blocks[at].get() : nullptr;
}

// Notes rows whose codes differ, of chunks whose codes mean the same. False where they do not.
template <typename Code>
void MarkCodes(const CodeChunk& before, const CodeChunk& after, int rows, uint8_t* differs) {
  const Code* then = before.codes<Code>();
  const Code* now = after.codes<Code>();
  for (int row = 0; row < rows; ++row) differs[row] |= static_cast<uint8_t>(then[row] != now[row]);
}

bool HaveOneCode(const CodeChunk& before, const CodeChunk& after) {
  return before.width() == after.width() && before.origin() == after.origin() && before.step() == after.step() &&
         before.first_code() == after.first_code() && before.rows() == after.rows();
}

void MarkInts(const CodeChunk* before, const CodeChunk* after, int rows, uint8_t* differs) {
  if (before == after) return;  // one chunk, or none in both
  if (before != nullptr && after != nullptr && HaveOneCode(*before, *after)) {
    switch (before->width()) {
      case 1:
        return MarkCodes<uint8_t>(*before, *after, before->rows(), differs);
      case 2:
        return MarkCodes<uint16_t>(*before, *after, before->rows(), differs);
      case 4:
        return MarkCodes<uint32_t>(*before, *after, before->rows(), differs);
      default:
        break;
    }
  }
  const auto value = [](const CodeChunk* chunk, int row) {
    return chunk == nullptr ? Snapshot::kMissingInt : chunk->ValueAt(row);
  };
  for (int row = 0; row < rows; ++row) differs[row] |= static_cast<uint8_t>(value(before, row) != value(after, row));
}

void MarkReals(const RealChunk* before, const RealChunk* after, int rows, uint8_t* differs) {
  if (before == after) return;  // one chunk, or none in both
  const auto value = [](const RealChunk* chunk, int row) { return chunk == nullptr ? NAN : chunk->ValueAt(row); };
  for (int row = 0; row < rows; ++row) {
    const double then = value(before, row);
    const double now = value(after, row);
    const bool same = then == now || (std::isnan(then) && std::isnan(now));
    differs[row] |= static_cast<uint8_t>(!same);
  }
}

void MarkTexts(const TextChunk* before, const TextChunk* after, int rows, uint8_t* differs) {
  if (before == after) return;  // one chunk, or none in both
  const auto text = [](const TextChunk* chunk, int row) {
    return chunk == nullptr ? std::string() : std::string(chunk->TextAt(row));
  };
  for (int row = 0; row < rows; ++row) differs[row] |= static_cast<uint8_t>(text(before, row) != text(after, row));
}

}  // namespace

int64_t BlockCount(const Snapshot& snapshot) { return static_cast<int64_t>(snapshot.impl().blocks.size()); }

bool IsSameBlock(const Snapshot* before, const Snapshot* after, int64_t block) {
  return BlockAt(before, block) == BlockAt(after, block);
}

std::vector<RowKey> RowsOfBlock(const Snapshot* before, const Snapshot* after, int64_t block) {
  std::array<uint64_t, kBlockRows / 64> live{};
  for (const Block* one : {BlockAt(before, block), BlockAt(after, block)}) {
    for (size_t word = 0; one != nullptr && word < live.size(); ++word) live[word] |= one->live[word];
  }
  std::vector<RowKey> keys;
  for (size_t word = 0; word < live.size(); ++word) {
    for (uint64_t left = live[word]; left != 0; left &= left - 1) {
      keys.push_back(block * kBlockRows + static_cast<RowKey>(word * 64) + std::countr_zero(left));
    }
  }
  return keys;
}

std::vector<uint8_t> RowsThatDiffer(const Snapshot& before, const Snapshot& after, int64_t block,
                                    std::span<const model::ColumnIndex> columns) {
  std::vector<uint8_t> differs(kBlockRows);
  const Block* then = BlockAt(&before, block);
  const Block* now = BlockAt(&after, block);
  if (then == nullptr || now == nullptr) return differs;
  const int rows = std::min(then->rows, now->rows);
  for (const model::ColumnIndex column : columns) {
    const model::ColumnType type = after.impl().TypeOf(column);
    if (IsReal(type)) {
      MarkReals(then->Reals(column), now->Reals(column), rows, differs.data());
    } else if (IsText(type)) {
      MarkTexts(then->Texts(column), now->Texts(column), rows, differs.data());
    } else {
      MarkInts(then->Codes(column), now->Codes(column), rows, differs.data());
    }
  }
  return differs;
}

}  // namespace folio::engine
