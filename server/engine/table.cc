#include "server/engine/table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <utility>

#include "server/engine/block.h"
#include "server/engine/chunk.h"
#include "server/engine/dictionary.h"

namespace folio::engine {
namespace {

using model::ColumnIndex;
using model::ColumnType;

// Cells that wait to be written into chunks, at most: bounds the memory of a load that publishes rarely (16 bytes
// each).
constexpr size_t kPendingCellsMax = 1 << 19;

// Where more have waited, their room is given back.
constexpr size_t kPendingCellsKept = 1 << 16;

// What has been set in one column and is not in its chunks yet, in the order of setting. Only one of the three is used.
struct PendingColumn {
  std::vector<IntWrite> ints;
  std::vector<RealWrite> reals;
  std::vector<TextWrite> texts;
  std::string bytes;  // of the texts
};

// Calls write(block index, writes) for the writes of each block, which keep their order.
template <typename Write, typename Apply>
void ForEachBlock(std::vector<Write>* writes, Apply apply) {
  const auto before = [](const Write& a, const Write& b) { return BlockOf(a.key) < BlockOf(b.key); };
  if (!std::is_sorted(writes->begin(), writes->end(), before)) {
    std::stable_sort(writes->begin(), writes->end(), before);
  }
  for (auto begin = writes->begin(); begin != writes->end();) {
    const int64_t block = BlockOf(begin->key);
    const auto end = std::find_if(begin, writes->end(), [block](const Write& w) { return BlockOf(w.key) != block; });
    apply(block, std::span<const Write>(begin, end));
    begin = end;
  }
  writes->clear();
}

// Whether a chunk (nullptr: every row missing) holds already what is to be written. An update writes all columns of a
// row, most of them as they were: those must not cost a copy.
bool HoldsAlready(const CodeChunk* chunk, const IntWrite& write, bool /*may_step*/) {
  return (chunk == nullptr ? Snapshot::kMissingInt : chunk->ValueAt(RowOf(write.key))) == write.value;
}
bool HoldsAlready(const RealChunk* chunk, const RealWrite& write) {
  const double value = chunk == nullptr ? std::numeric_limits<double>::quiet_NaN() : chunk->ValueAt(RowOf(write.key));
  return value == write.value || (std::isnan(value) && std::isnan(write.value));
}
bool HoldsAlready(const TextChunk* chunk, const TextWrite& write, std::string_view bytes) {
  return (chunk == nullptr ? std::string_view() : chunk->TextAt(RowOf(write.key))) ==
         bytes.substr(write.offset, write.size);
}

}  // namespace

struct Table::Impl {
  std::shared_ptr<const model::ColumnSet> columns;
  std::vector<ColumnDictionary> dictionaries;
  std::vector<PendingColumn> pending;
  size_t pending_cells = 0;
  std::vector<std::shared_ptr<const Block>> blocks;  // as published
  std::vector<std::shared_ptr<Block>> changed;       // by block; nullptr where it is as published
  std::vector<int64_t> changed_blocks;
  int64_t row_count = 0;

  mutable std::mutex mutex;
  std::shared_ptr<const Snapshot> published;  // guarded by mutex

  void AddColumnData(const model::Column& column);
  const Block* Current(RowKey key) const;
  Block& Change(int64_t index);
  bool IsLive(RowKey key) const;
  void Pend(RowKey key, ColumnIndex column, int64_t value);
  void Pend(RowKey key, ColumnIndex column, double value);
  void Pend(RowKey key, ColumnIndex column, std::string_view value);
  void PendMissing(RowKey key, ColumnIndex column);
  void CountPending();
  void Flush();
  void PutChunk(int64_t block, ColumnIndex column, std::shared_ptr<const Chunk> chunk);
  std::unique_ptr<Snapshot::Impl> State(int64_t revision) const;
  template <typename TypedChunk, typename Writes, typename... More>
  void WriteChunk(int64_t block, ColumnIndex column, Writes writes, More... more);
};

void Table::Impl::AddColumnData(const model::Column& column) {
  ColumnDictionary dictionary;
  if (column.type == ColumnType::kSymbol) dictionary.symbols = std::make_shared<SymbolDictionary>();
  if (column.type == ColumnType::kSymbolSet) dictionary.sets = std::make_shared<SetDictionary>();
  dictionaries.push_back(std::move(dictionary));
  pending.emplace_back();
}

// The block of a key as it will be published; nullptr where there is none.
const Block* Table::Impl::Current(RowKey key) const {
  const auto index = static_cast<size_t>(BlockOf(key));
  if (key < 0 || index >= blocks.size()) return nullptr;
  return changed[index] != nullptr ? changed[index].get() : blocks[index].get();
}

// A block of our own to write into, until it is published.
Block& Table::Impl::Change(int64_t index) {
  const auto at = static_cast<size_t>(index);
  if (at >= blocks.size()) {
    blocks.resize(at + 1);
    changed.resize(at + 1);
  }
  if (changed[at] == nullptr) {
    changed[at] = blocks[at] != nullptr ? std::make_shared<Block>(*blocks[at]) : std::make_shared<Block>();
    changed[at]->index = index;
    changed_blocks.push_back(index);
  }
  return *changed[at];
}

bool Table::Impl::IsLive(RowKey key) const {
  const Block* block = Current(key);
  return block != nullptr && block->IsLive(RowOf(key));
}

void Table::Impl::CountPending() {
  if (++pending_cells >= kPendingCellsMax) Flush();
}

void Table::Impl::Pend(RowKey key, ColumnIndex column, int64_t value) {
  pending[static_cast<size_t>(column)].ints.push_back({key, value});
  CountPending();
}

void Table::Impl::Pend(RowKey key, ColumnIndex column, double value) {
  pending[static_cast<size_t>(column)].reals.push_back({key, value});
  CountPending();
}

void Table::Impl::Pend(RowKey key, ColumnIndex column, std::string_view value) {
  PendingColumn& waiting = pending[static_cast<size_t>(column)];
  waiting.texts.push_back({key, static_cast<uint32_t>(waiting.bytes.size()), static_cast<uint32_t>(value.size())});
  waiting.bytes.append(value);
  CountPending();
}

void Table::Impl::PendMissing(RowKey key, ColumnIndex column) {
  const ColumnType type = columns->at(column).type;
  if (IsText(type)) {
    Pend(key, column, std::string_view());
  } else if (IsReal(type)) {
    Pend(key, column, std::numeric_limits<double>::quiet_NaN());
  } else {
    Pend(key, column, Snapshot::kMissingInt);
  }
}

template <typename TypedChunk, typename Writes, typename... More>
void Table::Impl::WriteChunk(int64_t block, ColumnIndex column, Writes writes, More... more) {
  const auto at = static_cast<size_t>(column);
  const Block* current = Current(block * kBlockRows);
  const TypedChunk* before = current != nullptr && at < current->chunks.size()
                                 ? static_cast<const TypedChunk*>(current->chunks[at].get())
                                 : nullptr;
  const auto holds = [&](const auto& write) { return HoldsAlready(before, write, more...); };
  if (std::all_of(writes.begin(), writes.end(), holds)) return;
  auto& chunks = Change(block).chunks;
  if (at >= chunks.size()) chunks.resize(static_cast<size_t>(columns->size()));
  chunks[at] = TypedChunk::Write(before, writes, more...);
}

void Table::Impl::PutChunk(int64_t block, ColumnIndex column, std::shared_ptr<const Chunk> chunk) {
  auto& chunks = Change(block).chunks;
  const auto at = static_cast<size_t>(column);
  if (at >= chunks.size()) chunks.resize(static_cast<size_t>(columns->size()));
  chunks[at] = std::move(chunk);
}

// Writes what is pending into the chunks.
void Table::Impl::Flush() {
  for (ColumnIndex column = 0; column < columns->size(); ++column) {
    PendingColumn& waiting = pending[static_cast<size_t>(column)];
    const ColumnType type = columns->at(column).type;
    const bool may_step = type == ColumnType::kMoney || type == ColumnType::kTime;
    ForEachBlock(&waiting.ints, [&](int64_t block, std::span<const IntWrite> writes) {
      WriteChunk<CodeChunk>(block, column, writes, may_step);
    });
    ForEachBlock(&waiting.reals, [&](int64_t block, std::span<const RealWrite> writes) {
      WriteChunk<RealChunk>(block, column, writes);
    });
    ForEachBlock(&waiting.texts, [&](int64_t block, std::span<const TextWrite> writes) {
      WriteChunk<TextChunk>(block, column, writes, std::string_view(waiting.bytes));
    });
    waiting.bytes.clear();
    if (pending_cells > kPendingCellsKept) waiting = {};
  }
  pending_cells = 0;
}

Table::Table(model::ColumnSet columns) : impl_(std::make_unique<Impl>()) {
  impl_->columns = std::make_shared<const model::ColumnSet>(std::move(columns));
  for (ColumnIndex column = 0; column < impl_->columns->size(); ++column) {
    impl_->AddColumnData(impl_->columns->at(column));
  }
  Publish(0);
}

Table::~Table() = default;

ColumnIndex Table::AddColumn(model::Column column) {
  auto columns = std::make_shared<model::ColumnSet>(*impl_->columns);
  impl_->AddColumnData(column);
  const ColumnIndex index = columns->Add(std::move(column));
  impl_->columns = std::move(columns);
  return index;
}

void Table::Insert(RowKey key) {
  if (key < 0 || impl_->IsLive(key)) return;
  Block& block = impl_->Change(BlockOf(key));
  const int row = RowOf(key);
  if (row < block.rows) {
    for (ColumnIndex column = 0; column < impl_->columns->size(); ++column) impl_->PendMissing(key, column);
  }
  block.rows = std::max(block.rows, row + 1);
  block.live[static_cast<size_t>(row) / 64] |= uint64_t{1} << (row % 64);
  ++block.live_rows;
  ++impl_->row_count;
}

void Table::Remove(RowKey key) {
  if (!impl_->IsLive(key)) return;
  Block& block = impl_->Change(BlockOf(key));
  const int row = RowOf(key);
  block.live[static_cast<size_t>(row) / 64] &= ~(uint64_t{1} << (row % 64));
  --block.live_rows;
  --impl_->row_count;
}

void Table::Set(RowKey key, ColumnIndex column, const model::Cell& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    SetInt(key, column, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    SetReal(key, column, *real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    SetText(key, column, *text);
  } else if (const auto* set = std::get_if<std::vector<std::string>>(&value); set != nullptr && !set->empty()) {
    SetInt(key, column, impl_->dictionaries[static_cast<size_t>(column)].sets->Intern(*set));
  } else {
    SetMissing(key, column);
  }
}

void Table::SetInt(RowKey key, ColumnIndex column, int64_t value) {
  if (impl_->IsLive(key)) impl_->Pend(key, column, value);
}

void Table::SetReal(RowKey key, ColumnIndex column, double value) {
  if (impl_->IsLive(key)) impl_->Pend(key, column, value);
}

void Table::SetText(RowKey key, ColumnIndex column, std::string_view value) {
  if (!impl_->IsLive(key)) return;
  if (IsText(impl_->columns->at(column).type)) {
    impl_->Pend(key, column, value);
  } else if (value.empty()) {
    impl_->PendMissing(key, column);
  } else {
    impl_->Pend(key, column, int64_t{impl_->dictionaries[static_cast<size_t>(column)].symbols->Intern(value)});
  }
}

void Table::SetMissing(RowKey key, ColumnIndex column) {
  if (impl_->IsLive(key)) impl_->PendMissing(key, column);
}

void Table::Settle() { impl_->Flush(); }

int64_t Table::block_count() const { return static_cast<int64_t>(impl_->blocks.size()); }

std::array<uint64_t, kBlockRows / 64> Table::LiveRows(int64_t block) const {
  const Block* current = impl_->Current(block * kBlockRows);
  return current == nullptr ? std::array<uint64_t, kBlockRows / 64>{} : current->live;
}

void Table::PutInts(int64_t block, ColumnIndex column, std::span<const int64_t> values) {
  const ColumnType type = impl_->columns->at(column).type;
  impl_->PutChunk(block, column, CodeChunk::Of(values, type == ColumnType::kMoney || type == ColumnType::kTime));
}

void Table::PutReals(int64_t block, ColumnIndex column, std::span<const double> values) {
  impl_->PutChunk(block, column, RealChunk::Of(values));
}

int64_t Table::SymbolOf(ColumnIndex column, std::string_view text) {
  return impl_->dictionaries[static_cast<size_t>(column)].symbols->Intern(text);
}

int64_t Table::NewestInt(RowKey key, ColumnIndex column) const {
  const Block* block = impl_->Current(key);
  const CodeChunk* chunk = block == nullptr || !block->IsLive(RowOf(key)) ? nullptr : block->Codes(column);
  return chunk == nullptr ? Snapshot::kMissingInt : chunk->ValueAt(RowOf(key));
}

bool Table::IsLive(RowKey key) const { return impl_->IsLive(key); }

// What a snapshot of the blocks as they were published last holds.
std::unique_ptr<Snapshot::Impl> Table::Impl::State(int64_t revision) const {
  auto state = std::make_unique<Snapshot::Impl>();
  state->revision = revision;
  state->row_count = row_count;
  state->columns = columns;
  state->blocks = blocks;
  state->dictionaries = dictionaries;
  for (ColumnDictionary& dictionary : state->dictionaries) {
    if (dictionary.symbols != nullptr) dictionary.symbol_count = dictionary.symbols->size();
    if (dictionary.sets != nullptr) {
      dictionary.symbol_count = dictionary.sets->symbols().size();
      dictionary.set_count = dictionary.sets->size();
    }
  }
  return state;
}

std::shared_ptr<const Snapshot> Table::Draft() {
  impl_->Flush();
  auto state = impl_->State(0);
  for (const int64_t index : impl_->changed_blocks) {
    state->blocks[static_cast<size_t>(index)] = impl_->changed[static_cast<size_t>(index)];
  }
  return std::shared_ptr<const Snapshot>(new Snapshot(std::move(state)));
}

void Table::Publish(int64_t revision) {
  Impl& impl = *impl_;
  impl.Flush();
  for (const int64_t index : impl.changed_blocks) {
    const auto at = static_cast<size_t>(index);
    impl.blocks[at] = std::move(impl.changed[at]);
    impl.changed[at] = nullptr;
  }
  impl.changed_blocks.clear();
  std::shared_ptr<const Snapshot> next(new Snapshot(impl.State(revision)));
  {
    const std::lock_guard lock(impl.mutex);
    impl.published.swap(next);
  }
  // The snapshot before, which may be ours to free, goes outside of the lock.
}

const model::ColumnSet& Table::columns() const { return *impl_->columns; }

std::shared_ptr<const Snapshot> Table::snapshot() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->published;
}

int64_t Table::MemoryBytes() const {
  const std::shared_ptr<const Snapshot> current = snapshot();
  const Snapshot::Impl& state = current->impl();
  int64_t bytes = static_cast<int64_t>(sizeof(Impl) + sizeof(Snapshot::Impl));
  for (const auto& block : state.blocks) {
    bytes += static_cast<int64_t>(3 * sizeof(block));  // in the snapshot, in `blocks` and in `changed`
    if (block == nullptr) continue;
    bytes += static_cast<int64_t>(sizeof(Block) + block->chunks.capacity() * sizeof(block->chunks[0])) +
             block->sums.MemoryBytes();
    for (const auto& chunk : block->chunks) bytes += chunk != nullptr ? chunk->MemoryBytes() : 0;
  }
  for (const ColumnDictionary& dictionary : state.dictionaries) {
    if (dictionary.symbols != nullptr) bytes += dictionary.symbols->MemoryBytes(dictionary.symbol_count);
    if (dictionary.sets == nullptr) continue;
    bytes += dictionary.sets->MemoryBytes(dictionary.set_count);
    bytes += std::as_const(*dictionary.sets).symbols().MemoryBytes(dictionary.symbol_count);
  }
  return bytes;
}

}  // namespace folio::engine
