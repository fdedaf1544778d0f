#include "server/engine/order_plan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "server/base/text.h"
#include "server/engine/interval.h"
#include "server/engine/kernels.h"

namespace folio::engine {

using model::ColumnIndex;
using model::ColumnType;

namespace {

constexpr uint64_t kTopBit = uint64_t{1} << 63;

// The place of a whole number among all: from 0, since kMissingInt is none of them, to 2^64 - 2.
uint64_t PlaceOf(int64_t value) { return (static_cast<uint64_t>(value) ^ kTopBit) - 1; }
int64_t ValueAtPlace(uint64_t place) { return static_cast<int64_t>((place + 1) ^ kTopBit); }

// The place of a number that is not NaN. NaNs take the ends, so that neither 0 nor 2^64 - 1 is a place.
uint64_t PlaceOf(double value) {
  const auto bits = std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
  return (bits & kTopBit) != 0 ? ~bits : bits | kTopBit;
}
double RealAtPlace(uint64_t place) { return std::bit_cast<double>((place & kTopBit) != 0 ? place & ~kTopBit : ~place); }

// The first eight bytes, so that most texts are decided by one comparison of numbers.
uint64_t PlaceOf(std::string_view folded) {
  uint64_t place = 0;
  static_assert(std::endian::native == std::endian::little);
  if (folded.size() >= sizeof place) {
    std::memcpy(&place, folded.data(), sizeof place);
    return std::min(__builtin_bswap64(place), OrderPlan::kMissingOrdinal - 1);
  }
  for (size_t i = 0; i < sizeof place; ++i) {
    place = place << 8 | (i < folded.size() ? static_cast<unsigned char>(folded[i]) : 0);
  }
  return std::min(place, OrderPlan::kMissingOrdinal - 1);
}

// Places and ordinals are the inverse of each other by the same function.
uint64_t Turn(uint64_t place, bool descending) { return descending ? OrderPlan::kMissingOrdinal - 1 - place : place; }

}  // namespace

OrderPlan::OrderPlan(const Snapshot::Impl& snapshot, std::span<const model::OrderTerm> order) : snapshot_(snapshot) {
  for (const model::OrderTerm& term : order) terms_.push_back(Compile(snapshot, term));
}

OrderPlan::Term OrderPlan::Compile(const Snapshot::Impl& snapshot, const model::OrderTerm& from) {
  Term term{from.column, snapshot.TypeOf(from.column), from.descending, {}};
  const ColumnDictionary& dictionary = snapshot.DictionaryOf(from.column);
  if (term.type == ColumnType::kSymbol) term.ranks = dictionary.symbols->Ranks(dictionary.symbol_count);
  if (term.type == ColumnType::kSymbolSet) {
    term.ranks = dictionary.sets->Ranks(dictionary.set_count, dictionary.symbol_count);
  }
  return term;
}

uint64_t OrderPlan::OrdinalOf(const Term& term, const Block& block, int row) {
  if (term.type == ColumnType::kText) {
    const TextChunk* chunk = block.Texts(term.column);
    if (chunk == nullptr) return kMissingOrdinal;
    const std::string_view folded = chunk->FoldedAt(row);
    if (folded.empty() && chunk->IsMissing(row)) return kMissingOrdinal;
    return Turn(PlaceOf(folded), term.descending);
  }
  if (term.type == ColumnType::kReal) {
    const RealChunk* chunk = block.Reals(term.column);
    const double real = chunk == nullptr ? NAN : chunk->ValueAt(row);
    return std::isnan(real) ? kMissingOrdinal : Turn(PlaceOf(real), term.descending);
  }
  const CodeChunk* chunk = block.Codes(term.column);
  const int64_t number = chunk == nullptr ? Snapshot::kMissingInt : chunk->ValueAt(row);
  if (number == Snapshot::kMissingInt) return kMissingOrdinal;
  return Turn(term.ranks == nullptr ? PlaceOf(number) : (*term.ranks)[static_cast<size_t>(number)], term.descending);
}

SortValue OrderPlan::ValueOfCell(const Term& term, const model::Cell& cell) const {
  const ColumnDictionary& dictionary = snapshot_.DictionaryOf(term.column);
  SortValue value{kMissingOrdinal, {}, {}};
  uint64_t place = 0;
  // A client can write a token itself, so a cell may be of another type than its column: any place will do then.
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    place = PlaceOf(*number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    place = PlaceOf(*real);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    value.text = *text;
    value.folded = Fold(*text);
    place = dictionary.symbols == nullptr ? PlaceOf(std::string_view(value.folded))
                                          : dictionary.symbols->RankOf(*text, dictionary.symbol_count);
  } else if (const auto* set = std::get_if<std::vector<std::string>>(&cell);
             set != nullptr && dictionary.sets != nullptr) {
    place = dictionary.sets->RankOf(*set, dictionary.set_count, dictionary.symbol_count);
  } else {
    return value;
  }
  value.ordinal = Turn(place, term.descending);
  return value;
}

void OrderPlan::ValuesOf(const Block& block, int row, SortValue* values) const {
  for (size_t i = 0; i < terms_.size(); ++i) {
    values[i].ordinal = OrdinalOf(terms_[i], block, row);
    if (terms_[i].type != ColumnType::kText || values[i].ordinal == kMissingOrdinal) continue;
    const TextChunk& chunk = *block.Texts(terms_[i].column);
    values[i].folded = chunk.FoldedAt(row);
    values[i].text = chunk.TextAt(row);
  }
}

void OrderPlan::ValuesOf(const model::PagePosition& position, SortValue* values) const {
  static const model::Cell kMissing;
  for (size_t i = 0; i < terms_.size(); ++i) {
    values[i] = ValueOfCell(terms_[i], i < position.values.size() ? position.values[i] : kMissing);
  }
}

namespace {

int CompareKeys(RowKey a, RowKey b) { return a < b ? -1 : static_cast<int>(a > b); }

}  // namespace

int OrderPlan::Compare(const SortValue* a, RowKey key_a, const SortValue* b, RowKey key_b) const {
  for (size_t i = 0; i < terms_.size(); ++i) {
    if (a[i].ordinal != b[i].ordinal) return a[i].ordinal < b[i].ordinal ? -1 : 1;
    if (terms_[i].type != ColumnType::kText || a[i].ordinal == kMissingOrdinal) continue;
    int order = a[i].folded.compare(b[i].folded);
    if (order == 0) order = a[i].text.compare(b[i].text);
    if (order != 0) return terms_[i].descending ? -order : order;
  }
  return CompareKeys(key_a, key_b);
}

int OrderPlan::Compare(const Block& block, int row, const SortValue* b, RowKey key_b) const {
  for (size_t i = 0; i < terms_.size(); ++i) {
    const uint64_t ordinal = OrdinalOf(terms_[i], block, row);
    if (ordinal != b[i].ordinal) return ordinal < b[i].ordinal ? -1 : 1;
    if (terms_[i].type != ColumnType::kText || ordinal == kMissingOrdinal) continue;
    const TextChunk& chunk = *block.Texts(terms_[i].column);
    int order = chunk.FoldedAt(row).compare(b[i].folded);
    if (order == 0) order = chunk.TextAt(row).compare(b[i].text);
    if (order != 0) return terms_[i].descending ? -order : order;
  }
  return CompareKeys(block.KeyOf(row), key_b);
}

namespace {

// The values of a numeric column that come before, or at, a place in a direction, as an interval.
template <typename Value>
struct Bounds {
  Value low;
  Value high;
};

Bounds<double> RealsUpTo(uint64_t ordinal, bool descending) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double last = RealAtPlace(Turn(ordinal, descending));
  return descending ? Bounds<double>{last, kInfinity} : Bounds<double>{-kInfinity, last};
}

Bounds<int64_t> IntsUpTo(uint64_t ordinal, bool descending) {
  const int64_t last = ValueAtPlace(Turn(ordinal, descending));
  return descending ? Bounds<int64_t>{last, std::numeric_limits<int64_t>::max()}
                    : Bounds<int64_t>{Snapshot::kMissingInt + 1, last};
}

// Clears the rows that have a value before an ordinal: all that have one, where it is that of missing rows.
void DropBelow(const Block& block, ColumnIndex column, bool real, bool descending, uint64_t ordinal, uint8_t* mask) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const bool all = ordinal == OrderPlan::kMissingOrdinal;
  if (real) {
    auto [low, high] = all ? Bounds<double>{-kInfinity, kInfinity} : RealsUpTo(ordinal, descending);
    // The interval without its last value, which is empty where that is infinite.
    if (!all && (descending ? low == kInfinity : high == -kInfinity)) return;
    if (!all && descending) low = std::nextafter(low, kInfinity);
    if (!all && !descending) high = std::nextafter(high, -kInfinity);
    DropInterval(block.Reals(column), low, high, mask);
  } else {
    auto [low, high] = IntsUpTo(all ? OrderPlan::kMissingOrdinal - 1 : ordinal, descending);
    if (!all && low == high) return;
    if (!all && descending) ++low;
    if (!all && !descending) --high;
    DropInterval(block.Codes(column), low, high, mask);
  }
}

}  // namespace

void OrderPlan::DropAfter(const Block& block, size_t index, const SortValue* values, uint8_t* mask) const {
  const Term& term = terms_[index];
  if (!HasNumbers(term)) return;
  const uint64_t ordinal = values[index].ordinal;
  if (ordinal != kMissingOrdinal) {
    bool any;
    if (term.type == ColumnType::kReal) {
      const auto [low, high] = RealsUpTo(ordinal, term.descending);
      any = KeepInterval(block.Reals(term.column), block.rows, low, high, mask);
    } else {
      const auto [low, high] = IntsUpTo(ordinal, term.descending);
      any = KeepInterval(block.Codes(term.column), block.rows, low, high, mask);
    }
    if (!any) std::memset(mask, 0, static_cast<size_t>(block.rows));
  }
  if (index + 1 == terms_.size()) return;
  // Rows that are equal here are told apart by the next term.
  uint8_t equal[kBlockRows];
  std::memcpy(equal, mask, static_cast<size_t>(block.rows));
  DropBelow(block, term.column, term.type == ColumnType::kReal, term.descending, ordinal, equal);
  kernels::Subtract(equal, block.rows, mask);
  DropAfter(block, index + 1, values, equal);
  kernels::Unite(equal, block.rows, mask);
}

void OrderPlan::DropBefore(const Block& block, const SortValue* values, uint8_t* mask) const {
  const Term& term = terms_[0];
  if (!HasNumbers(term)) return;
  DropBelow(block, term.column, term.type == ColumnType::kReal, term.descending, values[0].ordinal, mask);
}

int OrderPlan::DropAfter(const Block& block, const SortValue* values, uint16_t* selected, int count) const {
  const Term& term = terms_[0];
  if (!HasNumbers(term) || values[0].ordinal == kMissingOrdinal) return count;
  if (term.type == ColumnType::kReal) {
    const auto [low, high] = RealsUpTo(values[0].ordinal, term.descending);
    return KeepInterval(block.Reals(term.column), low, high, selected, count);
  }
  const auto [low, high] = IntsUpTo(values[0].ordinal, term.descending);
  return KeepInterval(block.Codes(term.column), low, high, selected, count);
}

uint64_t OrderPlan::LeastOrdinal(const Block& block) const {
  const Term& term = terms_[0];
  if (!HasNumbers(term)) return 0;
  if (term.type == ColumnType::kReal) {
    const RealChunk* chunk = block.Reals(term.column);
    if (chunk == nullptr) return kMissingOrdinal;
    return Turn(PlaceOf(term.descending ? chunk->greatest() : chunk->least()), term.descending);
  }
  const CodeChunk* chunk = block.Codes(term.column);
  if (chunk == nullptr) return kMissingOrdinal;
  return Turn(PlaceOf(term.descending ? chunk->greatest() : chunk->least()), term.descending);
}

}  // namespace folio::engine
