#include "server/engine/filter_plan.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "server/engine/interval.h"
#include "server/engine/kernels.h"
#include "server/engine/text_match.h"

namespace folio::engine {

using model::ColumnType;
using model::FilterNode;
using model::Operator;
using Kind = model::FilterNode::Kind;

FilterPlan::FilterPlan(const Snapshot::Impl& snapshot, const model::Filter* filter) {
  if (filter != nullptr) root_ = Compile(snapshot, filter->root);
}

FilterPlan::Node FilterPlan::Compile(const Snapshot::Impl& snapshot, const FilterNode& from) {
  Node node;
  node.kind = from.kind;
  for (const FilterNode& child : from.children) {
    node.children.push_back(Compile(snapshot, child));
    node.cost += node.children.back().cost;
  }
  if (from.kind == Kind::kAnd) {
    std::stable_sort(node.children.begin(), node.children.end(),
                     [](const Node& a, const Node& b) { return a.cost < b.cost; });
  }
  if (from.kind != Kind::kCompare) return node;
  node.column = from.column;
  node.op = from.op;
  const ColumnType type = snapshot.TypeOf(from.column);
  if (type == ColumnType::kReal) {
    CompileReal(from, &node);
  } else if (type == ColumnType::kText) {
    node.test = Test::kText;
    node.cost = 100;
    if (const auto* text = std::get_if<std::string>(&from.literal)) node.text = *text;
    node.prefix = from.prefix;
    node.suffix = from.suffix;
  } else if (from.op == Operator::kPresent || (type != ColumnType::kSymbol && type != ColumnType::kSymbolSet)) {
    CompileNumber(from, &node);
  } else if (type == ColumnType::kSymbol) {
    CompileSymbol(snapshot, from, &node);
  } else {
    CompileSet(snapshot, from, &node);
  }
  return node;
}

void FilterPlan::CompileNumber(const FilterNode& from, Node* node) {
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min() + 1;  // the one below says that a value is missing
  constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();
  node->test = Test::kCodes;
  node->cost = 1;
  node->low = kLeast;
  node->high = kGreatest;
  if (from.op == Operator::kPresent) return;
  const auto* literal = std::get_if<int64_t>(&from.literal);
  if (literal == nullptr || *literal < kLeast) {
    node->test = Test::kNever;
    return;
  }
  switch (from.op) {
    case Operator::kLess:
      if (*literal == kLeast) node->test = Test::kNever;
      node->high = *literal - 1;
      break;
    case Operator::kLessEqual:
      node->high = *literal;
      break;
    case Operator::kGreater:
      if (*literal == kGreatest)
        node->test = Test::kNever;
      else
        node->low = *literal + 1;
      break;
    case Operator::kGreaterEqual:
      node->low = *literal;
      break;
    default:
      node->low = node->high = *literal;
      node->except = from.op == Operator::kNotEqual;
  }
}

void FilterPlan::CompileReal(const FilterNode& from, Node* node) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  node->test = Test::kReals;
  node->cost = 3;
  node->real_low = -kInfinity;
  node->real_high = kInfinity;
  if (from.op == Operator::kPresent) return;
  const auto* literal = std::get_if<double>(&from.literal);
  if (literal == nullptr || *literal != *literal) {
    node->test = Test::kNever;
    return;
  }
  switch (from.op) {
    case Operator::kLess:
      if (*literal == -kInfinity) node->test = Test::kNever;
      node->real_high = std::nextafter(*literal, -kInfinity);
      break;
    case Operator::kLessEqual:
      node->real_high = *literal;
      break;
    case Operator::kGreater:
      if (*literal == kInfinity) node->test = Test::kNever;
      node->real_low = std::nextafter(*literal, kInfinity);
      break;
    case Operator::kGreaterEqual:
      node->real_low = *literal;
      break;
    default:
      node->real_low = node->real_high = *literal;
      node->except = from.op == Operator::kNotEqual;
  }
}

namespace {

// Marks the symbols that satisfy a comparison.
std::vector<uint8_t> AcceptedSymbols(const SymbolDictionary& symbols, int32_t count, const FilterNode& from) {
  const auto* literal = std::get_if<std::string>(&from.literal);
  std::vector<uint8_t> accepted(static_cast<size_t>(count));
  if (literal == nullptr) return accepted;
  const SymbolMatcher matcher(from.op, *literal, from.prefix, from.suffix);
  for (int32_t symbol = 0; symbol < count; ++symbol) {
    accepted[static_cast<size_t>(symbol)] = matcher.Matches(symbols.Text(symbol), symbols.Folded(symbol)) ? 1 : 0;
  }
  return accepted;
}

}  // namespace

void FilterPlan::CompileSymbol(const Snapshot::Impl& snapshot, const FilterNode& from, Node* node) {
  const ColumnDictionary& dictionary = snapshot.DictionaryOf(from.column);
  const auto* literal = std::get_if<std::string>(&from.literal);
  const bool exact = (from.op == Operator::kEqual || from.op == Operator::kNotEqual) && !from.prefix && !from.suffix;
  if (exact && literal != nullptr) {
    // A text without a number is held by no row, and has the number -1 here, which none has either.
    node->low = node->high = dictionary.symbols->Find(*literal, dictionary.symbol_count);
    node->except = from.op == Operator::kNotEqual;
    node->test = Test::kCodes;
    node->cost = 1;
    return;
  }
  node->test = Test::kListed;
  node->cost = 10;
  node->accept.assign(1, 0);
  const auto accepted = AcceptedSymbols(*dictionary.symbols, dictionary.symbol_count, from);
  node->accept.insert(node->accept.end(), accepted.begin(), accepted.end());
}

void FilterPlan::CompileSet(const Snapshot::Impl& snapshot, const FilterNode& from, Node* node) {
  const ColumnDictionary& dictionary = snapshot.DictionaryOf(from.column);
  const SetDictionary& sets = *dictionary.sets;
  // A set is unequal to a text where none of its members is equal to it; else some member must do.
  FilterNode member = from;
  if (from.op == Operator::kNotEqual || from.op == Operator::kHas) member.op = Operator::kEqual;
  const auto accepted = AcceptedSymbols(sets.symbols(), dictionary.symbol_count, member);
  const bool wanted = from.op != Operator::kNotEqual;
  node->test = Test::kListed;
  node->cost = 10;
  node->accept.assign(static_cast<size_t>(dictionary.set_count) + 1, 0);
  for (int32_t set = 0; set < dictionary.set_count; ++set) {
    const auto members = sets.Members(set);
    const bool has = std::any_of(members.begin(), members.end(),
                                 [&](int32_t symbol) { return accepted[static_cast<size_t>(symbol)] != 0; });
    node->accept[static_cast<size_t>(set) + 1] = has == wanted ? 1 : 0;
  }
}

bool FilterPlan::Match(const Block& block, uint8_t* mask) const {
  if (block.live_rows == 0) return false;
  if (block.live_rows == block.rows) {
    std::memset(mask, 1, static_cast<size_t>(block.rows));
  } else {
    kernels::Spread(block.live.data(), block.rows, mask);
  }
  return Narrow(root_, block, mask);
}

bool FilterPlan::Narrow(const Node& node, const Block& block, uint8_t* mask) {
  switch (node.kind) {
    case Kind::kAll:
      return true;
    case Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(),
                         [&](const Node& child) { return Narrow(child, block, mask); });
    case Kind::kOr:
      return NarrowAny(node, block, mask);
    case Kind::kNot: {
      uint8_t matched[kBlockRows];
      std::memcpy(matched, mask, static_cast<size_t>(block.rows));
      if (Narrow(node.children[0], block, matched)) kernels::Subtract(matched, block.rows, mask);
      return true;
    }
    case Kind::kCompare:
      break;
  }
  switch (node.test) {
    case Test::kNever:
      return false;
    case Test::kCodes:
      return NarrowCodes(node, block, mask);
    case Test::kListed:
      return NarrowListed(node, block, mask);
    case Test::kReals:
      return NarrowReals(node, block, mask);
    case Test::kText:
      return NarrowText(node, block, mask);
  }
  return false;
}

bool FilterPlan::NarrowAny(const Node& node, const Block& block, uint8_t* mask) {
  uint8_t any[kBlockRows];
  uint8_t one[kBlockRows];
  const auto rows = static_cast<size_t>(block.rows);
  bool found = false;
  for (const Node& child : node.children) {
    uint8_t* matched = found ? one : any;
    std::memcpy(matched, mask, rows);
    if (!Narrow(child, block, matched)) continue;
    if (found) kernels::Unite(one, block.rows, any);
    found = true;
  }
  if (found) std::memcpy(mask, any, rows);
  return found;
}

bool FilterPlan::NarrowCodes(const Node& node, const Block& block, uint8_t* mask) {
  const CodeChunk* chunk = block.Codes(node.column);
  if (!node.except) return KeepInterval(chunk, block.rows, node.low, node.high, mask);
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min() + 1;
  if (!KeepInterval(chunk, block.rows, kLeast, std::numeric_limits<int64_t>::max(), mask)) return false;
  DropInterval(chunk, node.low, node.high, mask);
  return true;
}

bool FilterPlan::NarrowReals(const Node& node, const Block& block, uint8_t* mask) {
  const RealChunk* chunk = block.Reals(node.column);
  if (!node.except) return KeepInterval(chunk, block.rows, node.real_low, node.real_high, mask);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!KeepInterval(chunk, block.rows, -kInfinity, kInfinity, mask)) return false;
  DropInterval(chunk, node.real_low, node.real_high, mask);
  return true;
}

bool FilterPlan::NarrowListed(const Node& node, const Block& block, uint8_t* mask) {
  const CodeChunk* chunk = block.Codes(node.column);
  if (chunk == nullptr) return false;
  const uint8_t* accept = node.accept.data() + 1;
  if (chunk->width() == 0 && accept[chunk->least()] == 0) return false;
  ClearTail(*chunk, block.rows, mask);
  if (chunk->width() == 0) return true;
  // The origin is -1 at least, for a chunk with missing rows; accept[-1] exists and is 0.
  WithCodes(*chunk, [&](auto* codes, auto first) {
    kernels::KeepListed(codes, chunk->rows(), first, accept + chunk->origin(), mask);
  });
  return true;
}

bool FilterPlan::NarrowText(const Node& node, const Block& block, uint8_t* mask) {
  const TextChunk* chunk = block.Texts(node.column);
  if (chunk == nullptr) return false;
  ClearTail(*chunk, block.rows, mask);
  NarrowByText(TextTest{node.op, node.text, node.prefix, node.suffix}, *chunk, mask);
  return true;
}

}  // namespace folio::engine
