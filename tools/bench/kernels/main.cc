// bench_kernels [ROWS [PART [ROUNDS]]]: times the columnar index, in turns with plain arrays where there is a plain
// way, and prints the medians; only of what has PART in its name.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "server/base/text.h"
#include "server/engine/group.h"
#include "server/engine/search.h"
#include "server/engine/table.h"
#include "tools/bench/kernels/data.h"
#include "tools/bench/kernels/flat.h"

namespace folio::bench {
namespace {

using engine::Query;
using engine::Snapshot;
using engine::Table;
using model::FilterNode;
using model::Operator;

constexpr int64_t kRowsOfPublication = 500;

// What to time: all that has `part` in its name, so many times.
struct Choice {
  std::string part;
  int rounds = 60;
};
Choice& Chosen() {
  static Choice choice;
  return choice;
}

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The machine has other work at times: the least of many rounds is what the work itself takes.
double Least(const std::vector<double>& times) { return *std::min_element(times.begin(), times.end()); }

double TimeOf(const std::function<int64_t()>& work) {
  static volatile int64_t sink = 0;
  const double begin = Now();
  sink = sink + work();
  return Now() - begin;
}

// Milliseconds of the index, and of the plain way (none where it is empty), in turns.
void Report(const char* what, const std::function<int64_t()>& index, const std::function<int64_t()>& plain = {}) {
  if (std::string(what).find(Chosen().part) == std::string::npos) return;
  std::vector<double> index_times, plain_times;
  for (int round = 0; round < Chosen().rounds; ++round) {
    index_times.push_back(TimeOf(index));
    if (plain) plain_times.push_back(TimeOf(plain));
  }
  const double time = Least(index_times);
  std::printf("%-58s %9.3f ms", what, time * 1e3);
  if (plain) std::printf(" %9.3f ms plain %6.2f x", Least(plain_times) * 1e3, time / Least(plain_times));
  std::printf("\n");
}

FilterNode Compare(model::ColumnIndex column, Operator op, model::Cell literal) {
  FilterNode node;
  node.kind = FilterNode::Kind::kCompare;
  node.column = column;
  node.op = op;
  node.literal = std::move(literal);
  return node;
}

model::Filter All(std::vector<FilterNode> nodes) {
  model::Filter filter;
  filter.root.kind = FilterNode::Kind::kAnd;
  filter.root.children = std::move(nodes);
  return filter;
}

void SetAll(Table* table, engine::RowKey key, const std::vector<model::Cell>& cells) {
  table->Insert(key);
  for (model::ColumnIndex column = 0; column < kColumnCount; ++column) {
    const model::Cell& cell = cells[static_cast<size_t>(column)];
    if (!std::holds_alternative<std::monostate>(cell)) table->Set(key, column, cell);
  }
}

// Loads the table, timing only what the table does, and the arrays beside it.
uint8_t Load(int64_t rows, Table* table, FlatTable* flat) {
  std::map<std::string, uint8_t> sectors;
  double seconds = 0;
  for (int64_t first = 1; first <= rows; first += kRowsOfPublication) {
    std::vector<std::vector<model::Cell>> accounts;
    for (int64_t key = first; key < std::min(rows + 1, first + kRowsOfPublication); ++key) {
      accounts.push_back(AccountOf(key));
      const std::string& sector = std::get<std::string>(accounts.back()[kSector]);
      flat->Append(accounts.back(), sectors.emplace(sector, static_cast<uint8_t>(sectors.size())).first->second);
    }
    const double begin = Now();
    for (size_t i = 0; i < accounts.size(); ++i) SetAll(table, first + static_cast<int64_t>(i), accounts[i]);
    table->Publish(first);
    seconds += Now() - begin;
  }
  std::printf("%-58s %9.3f s\n", "load, published every 500 rows", seconds);
  std::printf("%-58s %9.1f bytes\n", "memory of a row",
              static_cast<double>(table->MemoryBytes()) / static_cast<double>(rows));
  return sectors.at("Software");
}

void Pages(const Snapshot& snapshot, const FlatTable& flat, uint8_t software) {
  const model::Filter three =
      All({Compare(kSector, Operator::kEqual, std::string("Software")),
           Compare(kArr, Operator::kGreater, int64_t{20'000'000'000}), Compare(kHealth, Operator::kLess, 50.0)});
  const model::OrderTerm by_arr[] = {{kArr, true}};
  const model::OrderTerm by_name[] = {{kName, false}};
  const model::OrderTerm by_band[] = {{kBand, false}, {kArr, true}};
  const model::OrderTerm by_owner[] = {{kOwner, false}, {kName, false}};
  const auto run = [&](const model::Filter* filter, std::span<const model::OrderTerm> order, bool with_total) {
    const auto page = snapshot.Run({filter, order, nullptr, 50, with_total});
    return page.total + page.keys.back();
  };
  if (snapshot.Run({&three, by_arr, nullptr, 50, true}).total != FilterSortCount(flat, software, 20'000, 50).total) {
    std::printf("the index and the arrays do not agree\n");
    std::exit(1);
  }
  Report(
      "3 predicates, total, first 50 by arr", [&] { return run(&three, by_arr, true); },
      [&] { return FilterSortCount(flat, software, 20'000, 50).total; });
  Report("3 predicates, no total, first 50 by arr", [&] { return run(&three, by_arr, false); });
  Report(
      "all rows, total, first 50 by arr", [&] { return run(nullptr, by_arr, true); },
      [&] { return Greatest(flat).back(); });
  Report("all rows, first 50 by name", [&] { return run(nullptr, by_name, false); });
  Report("all rows, first 50 by band, arr", [&] { return run(nullptr, by_band, false); });
  Report("all rows, first 50 by owner, name", [&] { return run(nullptr, by_owner, false); });
  Report("first 50 by key", [&] { return run(nullptr, {}, false); });
  const model::Filter name = All({Compare(kName, Operator::kHas, std::string("generale 77"))});
  Report("name contains", [&] { return run(&name, {}, true); });
  const model::Filter domain = All({Compare(kDomain, Operator::kEqual, std::string("client77777 example"))});
  Report("domain equals", [&] { return run(&domain, {}, true); });
  const model::Filter tag = All({Compare(kTags, Operator::kHas, std::string("low_nps"))});
  Report("tag has, total", [&] { return run(&tag, {}, true); });
  const auto position = snapshot.PositionOf(snapshot.Run({nullptr, by_arr, nullptr, 1000, false}).keys.back(), by_arr);
  Report("page after row 1000 by arr", [&] { return snapshot.Run({nullptr, by_arr, &position}).keys.back(); });
}

void Groups(const Snapshot& snapshot, const FlatTable& flat) {
  engine::GroupPlan plan;
  plan.group_by = kSector;
  plan.int_sums = {kArr};
  plan.band = kBand;
  const auto run = [&](const engine::GroupPlan& groups) { return engine::Summarise(snapshot, groups).whole.rows; };
  Report(
      "group by sector: n, sum, bands", [&] { return run(plan); }, [&] { return GroupBySector(flat, 32)[0].rows[1]; });
  engine::GroupPlan summary = plan;
  summary.int_sums = {kArr, kArrYearAgo};
  summary.real_sums = {kHealth};
  summary.nonempty = {kRisk, kOpportunity};
  Report("group by sector: the whole summary", [&] { return run(summary); });
  summary.group_by = kCity;
  Report("group by city (3000): the whole summary", [&] { return run(summary); });
  summary.group_by = kTags;
  Report("group by tag: the whole summary", [&] { return run(summary); });
  const model::Filter few = All({Compare(kCountry, Operator::kEqual, std::string("C7"))});
  summary.group_by = kSector;
  summary.filter = &few;
  Report("group by sector, 1 row in 60: the whole summary", [&] { return run(summary); });
}

void Searches(const Snapshot& snapshot, const FlatTable& flat) {
  const auto run = [&](std::string_view query) {
    return static_cast<int64_t>(engine::SearchText(snapshot, kName, query, 20).size());
  };
  for (const char* query : {"generale 777", "horizon", "zzz", "a"}) {
    Report(("search \"" + std::string(query) + '"').c_str(), [&] { return run(query); },
           [&] { return CountNames(flat, query); });
  }
  Report("search \"777 soc\" (words in any order)", [&] { return run("777 soc"); });
  Report("search \"horizzon visoin\" (two errors: nothing)", [&] { return run("horizzon visoin"); });
  Report("search \"horizzon\" (one error)", [&] { return run("horizzon"); });
}

void Updates(int64_t rows, Table* table) {
  int64_t revision = rows;
  Report("64 random cells of one column, published", [&] {
    for (int64_t i = 0; i < 64; ++i) {
      table->SetReal(1 + (revision * 64 + i) * 7919 % rows, kHealth, static_cast<double>(i) / 3.0);
    }
    table->Publish(++revision);
    return revision;
  });
  Report("64 random rows of six columns, published", [&] {
    for (int64_t i = 0; i < 64; ++i) {
      const engine::RowKey key = 1 + (revision * 64 + i) * 7919 % rows;
      table->SetInt(key, kUpdated, 1'760'000'000'000'000 + revision);
      table->SetInt(key, kArr, i * 1'000'000);
      table->SetReal(key, kHealth, static_cast<double>(i) / 3.0);
      table->SetInt(key, kBand, 1 + i % 3);
      table->SetText(key, kName, "Renamed " + std::to_string(i));
      table->SetText(key, kOwner, "owner" + std::to_string(i) + "@example.com");
    }
    table->Publish(++revision);
    return revision;
  });
  Report("one cell, published", [&] {
    table->SetInt(1 + revision * 7919 % rows, kSeats, revision % 900);
    table->Publish(++revision);
    return revision;
  });
}

void Run(int64_t rows) {
  Table table(Columns());
  FlatTable flat;
  const uint8_t software = Load(rows, &table, &flat);
  const auto snapshot = table.snapshot();
  Pages(*snapshot, flat, software);
  Groups(*snapshot, flat);
  Searches(*snapshot, flat);
  Updates(rows, &table);
}

}  // namespace
}  // namespace folio::bench

int main(int argc, char** argv) {
  if (argc > 2) folio::bench::Chosen().part = argv[2];
  if (argc > 3) folio::bench::Chosen().rounds = std::atoi(argv[3]);
  folio::bench::Run(argc > 1 ? std::atoll(argv[1]) : 1'000'000);
}
