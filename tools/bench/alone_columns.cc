// Columns alone: the least that the questions of dataset.h cost on this machine, with arrays made for exactly them.
// Built with -O3, like any such loop must be.
#include <array>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "server/base/text.h"
#include "tools/bench/alone.h"
#include "tools/bench/dataset.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

constexpr size_t kBlock = 2'048;
constexpr int kBands = 4;

class Dictionary {
 public:
  uint8_t NumberOf(const std::string& word) {
    return numbers_.try_emplace(word, static_cast<uint8_t>(numbers_.size())).first->second;
  }
  size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<std::string, uint8_t> numbers_;
};

struct Columns {
  std::vector<uint8_t> sector, country, owner, size, lifecycle, band;
  std::vector<int32_t> employees, seats, renewal;  // renewal as yyyymmdd; 99999999 where there is none
  std::vector<double> arr;                         // whole units: compared exactly, and in vectors
  Dictionary sectors, countries, owners;
  std::string names;  // folded, each behind a line's end

  explicit Columns(int64_t count) {
    demo::Generator generator = Accounts(count);
    demo::Client client;
    while (generator.Next(&client)) Append(client.index, client.account);
    names.push_back('\n');
    // Kernels read whole blocks: rows beyond the last match nothing.
    const size_t whole = (arr.size() + kBlock - 1) / kBlock * kBlock;
    for (auto* column : {&sector, &country, &owner, &size, &lifecycle}) column->resize(whole, 255);
    band.resize(whole, 0);
    for (auto* column : {&employees, &seats}) column->resize(whole, 0);
    renewal.resize(whole, 99'999'999);
    arr.resize(whole, 0);
  }

 private:
  void Append(int64_t index, const v1::Account& account) {
    sector.push_back(sectors.NumberOf(account.sector()));
    country.push_back(countries.NumberOf(account.country_code()));
    owner.push_back(owners.NumberOf(account.owner()));
    size.push_back(static_cast<uint8_t>(account.size()));
    lifecycle.push_back(static_cast<uint8_t>(account.lifecycle()));
    band.push_back(static_cast<uint8_t>(index % kBands));
    employees.push_back(account.employee_count());
    seats.push_back(account.seat_count());
    const auto& date = account.renewal_date();
    renewal.push_back(date.year() == 0 ? 99'999'999 : date.year() * 10'000 + date.month() * 100 + date.day());
    arr.push_back(static_cast<double>(account.annual_recurring_revenue().units()));
    names.push_back('\n');
    names += Fold(account.display_name());
  }
};

// The best kPageRows rows seen, as a heap whose root is the worst of them. `Better(a, b)`: a comes before b.
template <typename Value>
class Best {
 public:
  void Offer(Value value, uint32_t row) {
    if (count_ < kPageRows) {
      heap_[count_++] = {value, row};
      std::push_heap(heap_.begin(), heap_.begin() + count_);
    } else if (value < heap_[0].first) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.back() = {value, row};
      std::push_heap(heap_.begin(), heap_.end());
    }
  }
  uint64_t Digest() {
    std::sort_heap(heap_.begin(), heap_.begin() + count_);
    uint64_t digest = 0;
    for (int i = 0; i < count_; ++i) digest = digest * 31 + heap_[static_cast<size_t>(i)].second;
    return digest;
  }

 private:
  std::array<std::pair<Value, uint32_t>, kPageRows> heap_;
  int count_ = 0;
};

// One predicate over a block: a loop of its own, which the compiler turns into vectors.
template <typename T, typename Match>
void And(const T* __restrict values, Match match, uint8_t* __restrict mask) {
  for (size_t i = 0; i < kBlock; ++i) mask[i] = static_cast<uint8_t>(mask[i] & match(values[i]));
}

// Calls visit(row) for the rows of a block whose byte is 1.
template <typename Visit>
void ForMarked(const uint8_t* mask, Visit visit) {
  for (size_t i = 0; i < kBlock; i += 8) {
    uint64_t word;
    std::memcpy(&word, mask + i, sizeof word);
    for (; word != 0; word &= word - 1) visit(i + static_cast<size_t>(__builtin_ctzll(word) / 8));
  }
}

// Counts the rows that match and finds the first of them by `key` (smallest first, ties by row).
struct PageAnswer {
  int64_t total = 0;
  uint64_t digest = 0;
};
template <typename Fill, typename Key>
PageAnswer Page(size_t rows, Fill fill, Key key) {
  Best<decltype(key(0))> best;
  PageAnswer answer;
  alignas(64) uint8_t mask[kBlock];
  for (size_t block = 0; block < rows; block += kBlock) {
    std::memset(mask, 1, sizeof mask);
    fill(block, mask);
    uint32_t count = 0;
    for (size_t i = 0; i < kBlock; ++i) count += mask[i];
    answer.total += count;
    if (count == 0) continue;
    ForMarked(mask, [&](size_t row) { best.Offer(key(block + row), static_cast<uint32_t>(block + row)); });
  }
  answer.digest = best.Digest();
  return answer;
}

PageAnswer AskPage(Columns& columns, size_t question) {
  const size_t rows = columns.arr.size();
  if (question == 0) {
    const uint8_t software = columns.sectors.NumberOf("Software");
    const auto fill = [&](size_t block, uint8_t* mask) {
      And(
          &columns.sector[block], [software](uint8_t sector) { return sector == software; }, mask);
      And(
          &columns.arr[block], [](double arr) { return arr > 20'000; }, mask);
      And(
          &columns.employees[block], [](int32_t count) { return count < 1'000; }, mask);
    };
    return Page(rows, fill, [arr = columns.arr.data()](size_t row) { return -arr[row]; });
  }
  if (question == 1) {
    const uint8_t france = columns.countries.NumberOf("FR");
    const auto fill = [&](size_t block, uint8_t* mask) {
      And(
          &columns.country[block], [france](uint8_t country) { return country == france; }, mask);
      And(
          &columns.lifecycle[block], [](uint8_t stage) { return stage == v1::LIFECYCLE_ACTIVE; }, mask);
      And(
          &columns.renewal[block], [](int32_t date) { return date < 20'260'401; }, mask);
    };
    return Page(rows, fill, [renewal = columns.renewal.data()](size_t row) { return renewal[row]; });
  }
  const uint8_t karim = columns.owners.NumberOf("karim.haddad@folio.example");
  const auto fill = [&](size_t block, uint8_t* mask) {
    And(
        &columns.owner[block], [karim](uint8_t owner) { return owner == karim; }, mask);
    And(
        &columns.size[block], [](uint8_t size) { return size == v1::ACCOUNT_SIZE_MEDIUM; }, mask);
    And(
        &columns.seats[block], [](int32_t seats) { return seats >= 20; }, mask);
  };
  return Page(rows, fill, [employees = columns.employees.data()](size_t row) { return -employees[row]; });
}

struct SectorSums {
  struct Group {
    int64_t rows[kBands];
    double sums[kBands];
  };
  std::array<Group, 256> groups{};

  void Add(const Columns& columns, size_t row) {
    Group& group = groups[columns.sector[row]];
    const uint8_t band = columns.band[row];
    ++group.rows[band];
    group.sums[band] += columns.arr[row];
  }
  uint64_t Digest(const Columns& columns) const {
    uint64_t digest = 0;
    for (size_t i = 0; i < columns.sectors.size(); ++i) {
      for (int band = 0; band < kBands; ++band) digest = digest * 31 + static_cast<uint64_t>(groups[i].sums[band]);
    }
    return digest;
  }
};

// n, sum and bands by sector; the averages follow from them.
uint64_t AskSummary(const Columns& columns) {
  SectorSums sums;
  for (size_t row = 0; row < columns.band.size(); ++row) sums.Add(columns, row);
  return sums.Digest(columns);
}

// The same of the accounts with more revenue than kPartArr: first a mask, as branches on it would be foretold badly.
uint64_t AskPartSummary(const Columns& columns) {
  SectorSums sums;
  alignas(64) uint8_t mask[kBlock];
  for (size_t block = 0; block < columns.band.size(); block += kBlock) {
    std::memset(mask, 1, sizeof mask);
    And(
        &columns.arr[block], [](double arr) { return arr > kPartArr; }, mask);
    ForMarked(mask, [&](size_t row) { sums.Add(columns, block + row); });
  }
  return sums.Digest(columns);
}

// How many names hold the words.
uint64_t AskSearch(const Columns& columns, std::string_view words) {
  const char* at = columns.names.data();
  const char* end = at + columns.names.size();
  uint64_t found = 0;
  while ((at = static_cast<const char*>(memmem(at, static_cast<size_t>(end - at), words.data(), words.size())))) {
    ++found;
    at = static_cast<const char*>(memchr(at, '\n', static_cast<size_t>(end - at)));
  }
  return found;
}

// Median microseconds of each of `kinds` questions, asked in turns for so long.
template <typename Ask>
nlohmann::json Medians(size_t kinds, double seconds, Ask ask, uint64_t* digest) {
  std::vector<std::vector<double>> times(kinds);
  size_t number = 0;
  for (const double end = Now() + seconds; Now() < end || number < kinds * 3; ++number) {
    const double begin = Now();
    *digest ^= ask(number % kinds) + number;
    times[number % kinds].push_back((Now() - begin) * 1e6);
  }
  nlohmann::json medians = nlohmann::json::array();
  for (std::vector<double>& kind : times) medians.push_back(Quantile(kind, 0.5));
  return medians;
}

}  // namespace

int RunColumns(int64_t accounts, double seconds) {
  Columns columns(accounts);
  uint64_t digest = 0;
  nlohmann::json result;
  for (size_t i = 0; i < kPages.size(); ++i) result["list_totals"].push_back(AskPage(columns, i).total);
  result["list_p50_us"] = Medians(
      kPages.size(), seconds, [&](size_t question) { return AskPage(columns, question).digest; }, &digest);
  result["summary_p50_us"] = Medians(
      1, seconds, [&](size_t) { return AskSummary(columns); }, &digest);
  result["part_summary_p50_us"] = Medians(
      1, seconds, [&](size_t) { return AskPartSummary(columns); }, &digest);
  result["search_p50_us"] = Medians(
      kSearches.size(), seconds, [&](size_t question) { return AskSearch(columns, kSearches[question]); }, &digest);
  result["digest"] = digest;
  std::printf("%s\n", result.dump().c_str());
  return 0;
}

}  // namespace folio::bench
