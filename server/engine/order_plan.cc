#include "server/engine/order_plan.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "server/base/text.h"
#include "server/engine/filter_plan.h"

namespace folio::engine {

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

SortValue OrderPlan::ValueOf(const Term& term, const Block& block, int row) const {
  SortValue value{kMissingOrdinal, {}, {}};
  if (term.type == ColumnType::kText) {
    const TextChunk* chunk = block.Texts(term.column);
    if (chunk == nullptr || chunk->TextAt(row).empty()) return value;
    value.text = chunk->TextAt(row);
    value.folded = chunk->FoldedAt(row);
    value.ordinal = Turn(PlaceOf(value.folded), term.descending);
  } else if (term.type == ColumnType::kReal) {
    const RealChunk* chunk = block.Reals(term.column);
    const double real = chunk == nullptr ? NAN : chunk->ValueAt(row);
    if (!std::isnan(real)) value.ordinal = Turn(PlaceOf(real), term.descending);
  } else {
    const CodeChunk* chunk = block.Codes(term.column);
    const int64_t number = chunk == nullptr ? Snapshot::kMissingInt : chunk->ValueAt(row);
    if (number == Snapshot::kMissingInt) return value;
    const uint64_t place = term.ranks == nullptr ? PlaceOf(number) : (*term.ranks)[static_cast<size_t>(number)];
    value.ordinal = Turn(place, term.descending);
  }
  return value;
}

SortValue OrderPlan::ValueOfCell(const Term& term, const model::Cell& cell, std::vector<std::string>* storage) const {
  SortValue value{kMissingOrdinal, {}, {}};
  const ColumnDictionary& dictionary = snapshot_.DictionaryOf(term.column);
  uint64_t place = 0;
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    place = PlaceOf(*number);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    place = PlaceOf(*real);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    value.text = *text;
    value.folded = storage->emplace_back(Fold(*text));
    place = term.ranks == nullptr ? PlaceOf(value.folded) : dictionary.symbols->RankOf(*text, dictionary.symbol_count);
  } else if (const auto* set = std::get_if<std::vector<std::string>>(&cell)) {
    place = dictionary.sets->RankOf(*set, dictionary.set_count, dictionary.symbol_count);
  } else {
    return value;
  }
  value.ordinal = Turn(place, term.descending);
  return value;
}

void OrderPlan::ValuesOf(const Block& block, int row, SortValue* values) const {
  for (size_t i = 0; i < terms_.size(); ++i) values[i] = ValueOf(terms_[i], block, row);
}

void OrderPlan::ValuesOf(const model::PagePosition& position, std::vector<std::string>* storage,
                         SortValue* values) const {
  static const model::Cell kMissing;
  storage->reserve(terms_.size());  // views of it are handed out while it grows
  for (size_t i = 0; i < terms_.size(); ++i) {
    const model::Cell& cell = i < position.values.size() ? position.values[i] : kMissing;
    values[i] = ValueOfCell(terms_[i], cell, storage);
  }
}

int OrderPlan::CompareValues(const Term& term, const SortValue& a, const SortValue& b) const {
  if (a.ordinal != b.ordinal) return a.ordinal < b.ordinal ? -1 : 1;
  if (term.type != ColumnType::kText || a.ordinal == kMissingOrdinal) return 0;
  int order = a.folded.compare(b.folded);
  if (order == 0) order = a.text.compare(b.text);
  return term.descending ? -order : order;
}

int OrderPlan::Compare(const SortValue* a, RowKey key_a, const SortValue* b, RowKey key_b) const {
  for (size_t i = 0; i < terms_.size(); ++i) {
    if (const int order = CompareValues(terms_[i], a[i], b[i]); order != 0) return order;
  }
  return key_a < key_b ? -1 : static_cast<int>(key_a > key_b);
}

int OrderPlan::Compare(const Block& block, int row, const SortValue* b, RowKey key_b) const {
  for (size_t i = 0; i < terms_.size(); ++i) {
    const SortValue value = ValueOf(terms_[i], block, row);
    if (const int order = CompareValues(terms_[i], value, b[i]); order != 0) return order;
  }
  const RowKey key = block.KeyOf(row);
  return key < key_b ? -1 : static_cast<int>(key > key_b);
}

bool OrderPlan::FirstHasNumbers() const {
  return !terms_.empty() && terms_[0].type != ColumnType::kText && terms_[0].ranks == nullptr;
}

void OrderPlan::DropAbove(const Block& block, uint64_t ordinal, uint8_t* mask) const {
  if (!FirstHasNumbers() || ordinal == kMissingOrdinal) return;
  const Term& term = terms_[0];
  const uint64_t place = Turn(ordinal, term.descending);
  bool any;
  if (term.type == ColumnType::kReal) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double bound = RealAtPlace(place);
    any = KeepInterval(block.Reals(term.column), block.rows, term.descending ? bound : -kInfinity,
                       term.descending ? kInfinity : bound, mask);
  } else {
    const int64_t bound = ValueAtPlace(place);
    any = KeepInterval(block.Codes(term.column), block.rows, term.descending ? bound : ValueAtPlace(0),
                       term.descending ? std::numeric_limits<int64_t>::max() : bound, mask);
  }
  if (!any) std::memset(mask, 0, static_cast<size_t>(block.rows));
}

void OrderPlan::DropBelow(const Block& block, uint64_t ordinal, uint8_t* mask) const {
  if (!FirstHasNumbers()) return;
  const Term& term = terms_[0];
  const bool all = ordinal == kMissingOrdinal;  // every row with a value is before it
  const uint64_t place = Turn(ordinal, term.descending);
  if (term.type == ColumnType::kReal) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const double outside = all ? kInfinity : RealAtPlace(place);
    const double end = term.descending ? kInfinity : -kInfinity;
    if (!all && outside == end) return;
    const double bound = all ? -end : std::nextafter(outside, end);
    DropInterval(block.Reals(term.column), std::min(bound, end), std::max(bound, end), mask);
  } else {
    constexpr int64_t kLeast = Snapshot::kMissingInt + 1;
    constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();
    const int64_t end = term.descending ? kGreatest : kLeast;
    const int64_t outside = all ? 0 : ValueAtPlace(place);
    if (!all && outside == end) return;
    const int64_t bound = all ? (term.descending ? kLeast : kGreatest) : outside + (term.descending ? 1 : -1);
    DropInterval(block.Codes(term.column), std::min(bound, end), std::max(bound, end), mask);
  }
}

uint64_t OrderPlan::LeastOrdinal(const Block& block) const {
  if (!FirstHasNumbers()) return 0;
  const Term& term = terms_[0];
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
