#include "tests/table/naive.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "server/base/text.h"

namespace folio::engine::testing {

using model::Cell;
using model::ColumnIndex;
using model::ColumnType;
using model::FilterNode;
using model::Operator;

namespace {

const std::vector<std::string> kSizes = {"", "micro", "small", "medium", "large", "enterprise"};

ColumnType TypeOf(ColumnIndex column) {
  static const model::ColumnSet columns = AllColumns();
  return columns.at(column).type;
}

template <typename T>
bool HoldsFor(Operator op, const T& value, const T& literal) {
  switch (op) {
    case Operator::kEqual:
    case Operator::kHas:
      return value == literal;
    case Operator::kNotEqual:
      return value != literal;
    case Operator::kLess:
      return value < literal;
    case Operator::kLessEqual:
      return value <= literal;
    case Operator::kGreater:
      return value > literal;
    case Operator::kGreaterEqual:
      return value >= literal;
    case Operator::kPresent:
      return true;
  }
  return false;
}

// Text as it is ordered: symbols by their folded form first, free text in filters by that alone.
using Ordered = std::pair<std::string, std::string>;
const Ordered& OrderedSymbol(const std::string& text) {
  static std::map<std::string, Ordered> known;  // sorting asks for the same texts again and again
  const auto [entry, is_new] = known.try_emplace(text);
  if (is_new) entry->second = {Fold(text), text};
  return entry->second;
}

bool Pattern(const std::string& value, const std::string& literal, const FilterNode& node) {
  if (node.prefix && node.suffix) return value.find(literal) != std::string::npos;
  if (node.prefix) return value.starts_with(literal);
  if (node.suffix) return value.ends_with(literal);
  return value == literal;
}

bool SymbolHolds(const FilterNode& node, const std::string& value, const std::string& literal) {
  if (node.op == Operator::kEqual) return Pattern(value, literal, node);
  if (node.op == Operator::kHas) {
    const std::string part = Fold(literal);
    return part.empty() ? value.find(literal) != std::string::npos : Fold(value).find(part) != std::string::npos;
  }
  return HoldsFor(node.op, OrderedSymbol(value), OrderedSymbol(literal));
}

bool SetHolds(const FilterNode& node, const std::vector<std::string>& set, const std::string& literal) {
  const auto any = [&](auto holds) { return std::any_of(set.begin(), set.end(), holds); };
  if (node.op == Operator::kNotEqual) return !any([&](const std::string& value) { return value == literal; });
  if (node.op == Operator::kEqual || node.op == Operator::kHas) {
    return any([&](const std::string& value) { return Pattern(value, literal, node); });
  }
  return any([&](const std::string& value) { return SymbolHolds(node, value, literal); });
}

bool Holds(const FilterNode& node, const Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return false;
  if (node.op == Operator::kPresent) return true;
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    return HoldsFor(node.op, *number, std::get<int64_t>(node.literal));
  }
  if (const auto* real = std::get_if<double>(&cell)) return HoldsFor(node.op, *real, std::get<double>(node.literal));
  const std::string& literal = std::get<std::string>(node.literal);
  if (const auto* set = std::get_if<std::vector<std::string>>(&cell)) return SetHolds(node, *set, literal);
  const std::string& text = std::get<std::string>(cell);
  if (TypeOf(node.column) == ColumnType::kSymbol) return SymbolHolds(node, text, literal);
  const std::string& folded = OrderedSymbol(text).first;
  if (node.op == Operator::kEqual) return Pattern(folded, literal, node);
  if (node.op == Operator::kHas) return folded.find(literal) != std::string::npos;
  return HoldsFor(node.op, folded, literal);
}

int CompareCells(const Cell& a, const Cell& b) {
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : static_cast<int>(y < x); };
  if (const auto* number = std::get_if<int64_t>(&a)) return order(*number, std::get<int64_t>(b));
  if (const auto* real = std::get_if<double>(&a)) return order(*real, std::get<double>(b));
  if (const auto* text = std::get_if<std::string>(&a)) {
    return order(OrderedSymbol(*text), OrderedSymbol(std::get<std::string>(b)));
  }
  const auto members = [](const Cell& cell) {
    std::set<Ordered> texts;
    for (const std::string& text : std::get<std::vector<std::string>>(cell)) texts.insert(OrderedSymbol(text));
    return std::vector<Ordered>(texts.begin(), texts.end());
  };
  return order(members(a), members(b));
}

}  // namespace

model::ColumnSet AllColumns() {
  model::ColumnSet columns;
  const auto add = [&](const char* name, ColumnType type) { columns.Add({name, type, false, {}}); };
  add("display_name", ColumnType::kText);
  add("domain", ColumnType::kText);
  add("sector", ColumnType::kSymbol);
  add("city", ColumnType::kSymbol);
  add("tag", ColumnType::kSymbolSet);
  columns.Add({"size", ColumnType::kEnum, false, kSizes});
  add("seats", ColumnType::kInt);
  add("wide", ColumnType::kInt);
  add("arr", ColumnType::kMoney);
  add("health", ColumnType::kReal);
  add("coverage", ColumnType::kReal);
  add("auto_renew", ColumnType::kBool);
  add("renewal", ColumnType::kDate);
  add("update_time", ColumnType::kTime);
  return columns;
}

bool Matches(const FilterNode& node, const Row& row) {
  const auto matches = [&](const FilterNode& child) { return Matches(child, row); };
  switch (node.kind) {
    case FilterNode::Kind::kAll:
      return true;
    case FilterNode::Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), matches);
    case FilterNode::Kind::kNot:
      return !matches(node.children[0]);
    case FilterNode::Kind::kCompare:
      return Holds(node, row[static_cast<size_t>(node.column)]);
  }
  return false;
}

int CompareRows(const Row& a, RowKey key_a, const Row& b, RowKey key_b, std::span<const model::OrderTerm> order) {
  for (const model::OrderTerm& term : order) {
    const Cell& cell_a = a[static_cast<size_t>(term.column)];
    const Cell& cell_b = b[static_cast<size_t>(term.column)];
    const bool missing_a = std::holds_alternative<std::monostate>(cell_a);
    const bool missing_b = std::holds_alternative<std::monostate>(cell_b);
    if (missing_a != missing_b) return missing_b ? -1 : 1;
    if (missing_a) continue;
    const int compared = CompareCells(cell_a, cell_b);
    if (compared != 0) return term.descending ? -compared : compared;
  }
  return key_a < key_b ? -1 : static_cast<int>(key_a > key_b);
}

std::vector<RowKey> List(const Rows& rows, const model::Filter* filter, std::span<const model::OrderTerm> order) {
  std::vector<RowKey> keys;
  for (const auto& [key, row] : rows) {
    if (filter == nullptr || Matches(filter->root, row)) keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end(),
            [&](RowKey a, RowKey b) { return CompareRows(rows.at(a), a, rows.at(b), b, order) < 0; });
  return keys;
}

namespace {

std::vector<std::string> GroupsOf(const Row& row, ColumnIndex column) {
  const Cell& cell = row[static_cast<size_t>(column)];
  if (const auto* text = std::get_if<std::string>(&cell)) return {*text};
  if (const auto* set = std::get_if<std::vector<std::string>>(&cell)) {
    const std::set<std::string> members(set->begin(), set->end());
    return {members.begin(), members.end()};
  }
  const auto* number = std::get_if<int64_t>(&cell);
  if (number == nullptr) return {""};
  if (column == kAutoRenew) return {*number == 0 ? "false" : "true"};
  return {kSizes[static_cast<size_t>(*number)]};
}

void AddRow(const Row& row, const GroupPlan& plan, GroupTotals* totals) {
  totals->int_sums.resize(plan.int_sums.size());
  totals->int_counts.resize(plan.int_sums.size());
  totals->real_sums.resize(plan.real_sums.size());
  totals->real_counts.resize(plan.real_sums.size());
  totals->nonempty_rows.resize(plan.nonempty.size());
  totals->nonempty_sums.resize(plan.nonempty.size());
  ++totals->rows;
  const auto int_of = [&](ColumnIndex column) { return std::get_if<int64_t>(&row[static_cast<size_t>(column)]); };
  for (size_t i = 0; i < plan.int_sums.size(); ++i) {
    if (const auto* value = int_of(plan.int_sums[i])) {
      totals->int_sums[i] += *value;
      ++totals->int_counts[i];
    }
  }
  for (size_t i = 0; i < plan.real_sums.size(); ++i) {
    if (const auto* value = std::get_if<double>(&row[static_cast<size_t>(plan.real_sums[i])])) {
      totals->real_sums[i] += *value;
      ++totals->real_counts[i];
    }
  }
  const int64_t* first = plan.int_sums.empty() ? nullptr : int_of(plan.int_sums[0]);
  const Int128 amount = first == nullptr ? 0 : *first;
  if (plan.band >= 0) {
    const int64_t* band = int_of(plan.band);
    totals->band_rows[band == nullptr ? 0 : *band] += 1;
    totals->band_sums[band == nullptr ? 0 : *band] += amount;
  }
  for (size_t i = 0; i < plan.nonempty.size(); ++i) {
    if (std::holds_alternative<std::monostate>(row[static_cast<size_t>(plan.nonempty[i])])) continue;
    ++totals->nonempty_rows[i];
    totals->nonempty_sums[i] += amount;
  }
}

}  // namespace

GroupResult Summarise(const Rows& rows, const GroupPlan& plan) {
  GroupResult result;
  std::map<std::string, GroupTotals> groups;
  for (const auto& [key, row] : rows) {
    if (plan.filter != nullptr && !Matches(plan.filter->root, row)) continue;
    AddRow(row, plan, &result.whole);
    if (plan.group_by < 0) continue;
    for (const std::string& value : GroupsOf(row, plan.group_by)) {
      groups[value].value = value;
      AddRow(row, plan, &groups[value]);
    }
  }
  for (auto& [value, totals] : groups) result.groups.push_back(totals);
  return result;
}

std::string Random::Word() {
  static const std::vector<std::string> words = {"Société", "Générale", "générale", "ÉLAN",     "acme",   "Acme",
                                                 "Foo-Bar", "a",        "Nord",     "nordique", "Crédit", "zoo",
                                                 "Zürich",  "naïve",    "Œuvre",    "東京",     "Ω",      "x1"};
  return words[static_cast<size_t>(Below(static_cast<int64_t>(words.size())))];
}

Cell Random::CellOf(ColumnIndex column) {
  if (OneIn(6)) return {};
  switch (column) {
    case kName: {
      std::string text = Word();
      for (int64_t more = Below(3); more > 0; --more) text += " " + Word();
      return text;
    }
    case kDomain:
      return OneIn(20) ? std::string("!!") : "site" + std::to_string(Below(500)) + ".example.com";
    case kSector:
      return Word();
    case kCity:
      return Word() + std::to_string(Below(40));
    case kTags: {
      std::vector<std::string> tags(static_cast<size_t>(1 + Below(3)));
      for (std::string& tag : tags) tag = Word();
      return tags;
    }
    case kSize:
      return 1 + Below(5);
    case kSeats:
      return Below(3) == 0 ? Below(10) : Below(3000);
    case kWide: {
      constexpr int64_t kEdges[] = {std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min() + 1, 0, -1,
                                    1'000'000'000'000};
      return OneIn(50) ? kEdges[Below(5)] : Below(100) - 50;
    }
    case kArr:
      return (OneIn(100) ? Below(2'000'000'000) : Below(200) * 500'000) * (OneIn(3) ? 10'000 : 1'000'000);
    case kHealth:
      return OneIn(40) ? -0.0 : static_cast<double>(Below(1000)) / 7.0;
    case kCoverage:
      return OneIn(200) ? std::numeric_limits<double>::infinity() : static_cast<double>(Below(8)) / 8.0;
    case kAutoRenew:
      return Below(2);
    case kRenewal:
      return 20'000 + Below(400);
    default:
      return 1'700'000'000'000'000 + Below(30) * 86'400'000'000;
  }
}

Row Random::RowOf() {
  Row row;
  for (ColumnIndex column = 0; column < kColumnCount; ++column) row.push_back(CellOf(column));
  return row;
}

FilterNode Random::CompareOf() {
  constexpr Operator kAll[] = {Operator::kEqual,   Operator::kNotEqual,     Operator::kLess, Operator::kLessEqual,
                               Operator::kGreater, Operator::kGreaterEqual, Operator::kHas,  Operator::kPresent};
  FilterNode node;
  node.kind = FilterNode::Kind::kCompare;
  node.column = static_cast<ColumnIndex>(Below(kColumnCount));
  node.op = kAll[Below(8)];
  if (node.op == Operator::kPresent) return node;
  do {
    node.literal = CellOf(node.column);
  } while (std::holds_alternative<std::monostate>(node.literal));
  if (const auto* set = std::get_if<std::vector<std::string>>(&node.literal)) node.literal = std::string((*set)[0]);
  if (auto* text = std::get_if<std::string>(&node.literal)) {
    if (TypeOf(node.column) == ColumnType::kText) *text = Fold(*text);
    if (OneIn(2)) *text = text->substr(0, static_cast<size_t>(Below(static_cast<int64_t>(text->size()) + 1)));
    if (node.op == Operator::kEqual) {
      node.prefix = OneIn(3);
      node.suffix = OneIn(3);
    }
  }
  return node;
}

FilterNode Random::NodeOf(int depth) {
  if (depth == 0 || OneIn(3)) return CompareOf();
  FilterNode node;
  constexpr FilterNode::Kind kKinds[] = {FilterNode::Kind::kAnd, FilterNode::Kind::kOr, FilterNode::Kind::kNot};
  node.kind = kKinds[Below(3)];
  const int64_t children = node.kind == FilterNode::Kind::kNot ? 1 : 2 + Below(2);
  for (int64_t i = 0; i < children; ++i) node.children.push_back(NodeOf(depth - 1));
  return node;
}

model::Filter Random::FilterOf() {
  model::Filter filter;
  filter.root = NodeOf(3);
  return filter;
}

std::vector<model::OrderTerm> Random::OrderOf() {
  std::vector<model::OrderTerm> order(static_cast<size_t>(1 + Below(3)));
  for (model::OrderTerm& term : order) term = {static_cast<ColumnIndex>(Below(kColumnCount)), OneIn(2)};
  return order;
}

void Pair::Insert(RowKey key, const Row& row) {
  table.Insert(key);
  for (ColumnIndex column = 0; column < kColumnCount; ++column) {
    if (!std::holds_alternative<std::monostate>(row[static_cast<size_t>(column)])) {
      table.Set(key, column, row[static_cast<size_t>(column)]);
    }
  }
  rows[key] = row;
}

void Pair::Set(RowKey key, ColumnIndex column, const Cell& value) {
  table.Set(key, column, value);
  if (const auto row = rows.find(key); row != rows.end()) row->second[static_cast<size_t>(column)] = value;
}

void Pair::Remove(RowKey key) {
  table.Remove(key);
  rows.erase(key);
}

void Pair::Change(Random* random, RowKey greatest_key) {
  const RowKey key = 1 + random->Below(greatest_key);
  const bool live = rows.contains(key);
  if (!live) {
    Insert(key, random->RowOf());
  } else if (random->OneIn(5)) {
    Remove(key);
    if (random->OneIn(3)) Insert(key, random->RowOf());
  } else {
    const auto column = static_cast<ColumnIndex>(random->Below(kColumnCount));
    Set(key, column, random->CellOf(column));
  }
}

model::Filter Compare(ColumnIndex column, Operator op, Cell literal) {
  model::Filter filter;
  filter.root.kind = FilterNode::Kind::kCompare;
  filter.root.column = column;
  filter.root.op = op;
  filter.root.literal = std::move(literal);
  return filter;
}

}  // namespace folio::engine::testing
