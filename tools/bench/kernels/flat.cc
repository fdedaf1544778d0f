#include "tools/bench/kernels/flat.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "server/base/text.h"
#include "tools/bench/kernels/data.h"

namespace folio::bench {
namespace {

constexpr size_t kBlock = 2048;
constexpr size_t kPage = 50;

// The rows with the greatest values, the least of them at the front.
class Heap {
 public:
  void Offer(float value, int64_t row) {
    if (heap_.size() < kPage) {
      heap_.emplace_back(-value, row);
      std::push_heap(heap_.begin(), heap_.end());
    } else if (-value < heap_.front().first) {
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.back() = {-value, row};
      std::push_heap(heap_.begin(), heap_.end());
    }
  }
  std::vector<int64_t> Rows() {
    std::sort_heap(heap_.begin(), heap_.end());
    std::vector<int64_t> rows;
    for (const auto& [value, row] : heap_) rows.push_back(row);
    return rows;
  }

 private:
  std::vector<std::pair<float, int64_t>> heap_;
};

}  // namespace

void FlatTable::Append(const std::vector<model::Cell>& cells, uint8_t sector_number) {
  sector.push_back(sector_number);
  band.push_back(static_cast<uint8_t>(std::get<int64_t>(cells[kBand])));
  arr_micros.push_back(std::get<int64_t>(cells[kArr]));
  arr.push_back(static_cast<float>(arr_micros.back() / 1'000'000));
  health.push_back(static_cast<float>(std::get<double>(cells[kHealth])));
  names.push_back('\n');
  names += Fold(std::get<std::string>(cells[kName]));
}

FlatPage FilterSortCount(const FlatTable& table, uint8_t sector, float arr, float health) {
  FlatPage page;
  Heap heap;
  uint8_t mask[kBlock];
  for (size_t base = 0; base < table.sector.size(); base += kBlock) {
    const size_t rows = std::min(kBlock, table.sector.size() - base);
    std::memset(mask, 0, sizeof mask);
    for (size_t i = 0; i < rows; ++i) mask[i] = table.sector[base + i] == sector;
    for (size_t i = 0; i < rows; ++i) mask[i] &= table.arr[base + i] > arr;
    for (size_t i = 0; i < rows; ++i) mask[i] &= table.health[base + i] < health;
    int count = 0;
    for (size_t i = 0; i < rows; ++i) count += mask[i];
    page.total += count;
    for (size_t i = 0; i < rows; i += 8) {
      uint64_t word;
      std::memcpy(&word, mask + i, sizeof word);
      for (; word != 0; word &= word - 1) {
        const size_t row = base + i + static_cast<size_t>(std::countr_zero(word) / 8);
        heap.Offer(table.arr[row], static_cast<int64_t>(row));
      }
    }
  }
  page.rows = heap.Rows();
  return page;
}

std::vector<int64_t> Greatest(const FlatTable& table) {
  Heap heap;
  for (size_t row = 0; row < table.arr.size(); ++row) heap.Offer(table.arr[row], static_cast<int64_t>(row));
  return heap.Rows();
}

std::vector<FlatGroup> GroupBySector(const FlatTable& table, size_t sectors) {
  std::vector<FlatGroup> groups(sectors);
  for (size_t row = 0; row < table.sector.size(); ++row) {
    FlatGroup& group = groups[table.sector[row]];
    ++group.rows[table.band[row]];
    group.sums[table.band[row]] += table.arr_micros[row];
  }
  return groups;
}

int64_t CountNames(const FlatTable& table, std::string_view text) {
  const char* at = table.names.data();
  const char* const end = at + table.names.size();
  int64_t found = 0;
  for (;;) {
    at = static_cast<const char*>(memmem(at, static_cast<size_t>(end - at), text.data(), text.size()));
    if (at == nullptr) return found;
    ++found;
    at = static_cast<const char*>(memchr(at, '\n', static_cast<size_t>(end - at)));
    if (at == nullptr) return found;
  }
}

}  // namespace folio::bench
