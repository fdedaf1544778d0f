#include <cmath>
#include <limits>
#include <utility>

#include "server/engine/block.h"
#include "server/engine/filter_plan.h"
#include "server/engine/kernels.h"
#include "server/engine/table.h"

namespace folio::engine {

using model::ColumnIndex;
using model::ColumnType;

Snapshot::Snapshot(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Snapshot::~Snapshot() = default;

int64_t Snapshot::revision() const { return impl_->revision; }

RowKey Snapshot::highest_key() const {
  return impl_->blocks.empty() ? 0 : impl_->blocks.back()->index * kBlockRows + impl_->blocks.back()->rows - 1;
}
int64_t Snapshot::row_count() const { return impl_->row_count; }
const model::ColumnSet& Snapshot::columns() const { return *impl_->columns; }

bool Snapshot::IsLive(RowKey key) const {
  const Block* block = impl_->BlockOfKey(key);
  return block != nullptr && block->IsLive(RowOf(key));
}

int64_t Snapshot::IntAt(RowKey key, ColumnIndex column) const {
  if (!IsLive(key)) return kMissingInt;
  const CodeChunk* chunk = impl_->BlockOfKey(key)->Codes(column);
  return chunk == nullptr ? kMissingInt : chunk->ValueAt(RowOf(key));
}

double Snapshot::RealAt(RowKey key, ColumnIndex column) const {
  constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
  if (!IsLive(key)) return kMissing;
  const RealChunk* chunk = impl_->BlockOfKey(key)->Reals(column);
  return chunk == nullptr ? kMissing : chunk->ValueAt(RowOf(key));
}

int32_t Snapshot::SymbolAt(RowKey key, ColumnIndex column) const {
  const int64_t value = IntAt(key, column);
  return value == kMissingInt ? -1 : static_cast<int32_t>(value);
}

std::string Snapshot::TextAt(RowKey key, ColumnIndex column) const {
  const ColumnType type = impl_->TypeOf(column);
  if (type == ColumnType::kSymbol) return std::string(SymbolText(column, SymbolAt(key, column)));
  if (!IsText(type) || !IsLive(key)) return {};
  const TextChunk* chunk = impl_->BlockOfKey(key)->Texts(column);
  return chunk == nullptr ? std::string() : chunk->TextAt(RowOf(key));
}

std::vector<std::string_view> Snapshot::SetAt(RowKey key, ColumnIndex column) const {
  std::vector<std::string_view> texts;
  const int32_t set = SymbolAt(key, column);
  if (set < 0) return texts;
  for (const int32_t symbol : impl_->DictionaryOf(column).sets->Members(set)) {
    texts.push_back(SymbolText(column, symbol));
  }
  return texts;
}

int32_t Snapshot::symbol_count(ColumnIndex column) const { return impl_->DictionaryOf(column).symbol_count; }

std::string_view Snapshot::SymbolText(ColumnIndex column, int32_t symbol) const {
  return symbol < 0 ? std::string_view() : impl_->SymbolsOf(column).Text(symbol);
}

model::Cell Snapshot::Get(RowKey key, ColumnIndex column) const {
  switch (impl_->TypeOf(column)) {
    case ColumnType::kText:
    case ColumnType::kSymbol: {
      std::string text = TextAt(key, column);
      return text.empty() ? model::Cell() : model::Cell(std::move(text));
    }
    case ColumnType::kSymbolSet: {
      const std::vector<std::string_view> set = SetAt(key, column);
      return set.empty() ? model::Cell() : model::Cell(std::vector<std::string>(set.begin(), set.end()));
    }
    case ColumnType::kReal: {
      const double value = RealAt(key, column);
      return std::isnan(value) ? model::Cell() : model::Cell(value);
    }
    default: {
      const int64_t value = IntAt(key, column);
      return value == kMissingInt ? model::Cell() : model::Cell(value);
    }
  }
}

model::PagePosition Snapshot::PositionOf(RowKey key, std::span<const model::OrderTerm> order) const {
  model::PagePosition position;
  for (const model::OrderTerm& term : order) position.values.push_back(Get(key, term.column));
  position.key = key;
  return position;
}

std::vector<uint8_t> Snapshot::Matches(const model::Filter& filter, std::span<const RowKey> keys) const {
  const FilterPlan plan(*impl_, &filter);
  std::vector<uint8_t> matches(keys.size());
  uint8_t mask[kBlockRows];
  const Block* block = nullptr;
  bool any = false;
  for (size_t i = 0; i < keys.size(); ++i) {
    const Block* holder = impl_->BlockOfKey(keys[i]);
    if (holder == nullptr) continue;
    if (holder != block) any = plan.Match(*holder, mask);
    block = holder;
    if (any && block->IsLive(RowOf(keys[i]))) matches[i] = mask[RowOf(keys[i])];
  }
  return matches;
}

void Snapshot::VisitMatches(const model::Filter* filter, BlockVisitor visit, void* context) const {
  const FilterPlan plan(*impl_, filter);
  uint8_t mask[kBlockRows];
  uint16_t selected[kBlockRows];
  RowKey keys[kBlockRows];
  for (const auto& block : impl_->blocks) {
    if (block == nullptr || !plan.Match(*block, mask)) continue;
    const int count = kernels::List(mask, block->rows, selected);
    for (int i = 0; i < count; ++i) keys[i] = block->KeyOf(selected[i]);
    if (count > 0) visit(context, keys, count);
  }
}

}  // namespace folio::engine
