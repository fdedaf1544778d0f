// Things by number, of which many numbers have none: these take half a byte each.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace folio::portfolio {

template <typename T>
class Sparse {
 public:
  // nullptr where the number has none. Valid until the next At.
  T* Find(size_t number) {
    if (number / kPageSize >= pages_.size()) return nullptr;
    Page& page = pages_[number / kPageSize];
    return page.Has(number) ? &page.held[page.PlaceOf(number)] : nullptr;
  }
  const T* Find(size_t number) const { return const_cast<Sparse*>(this)->Find(number); }

  // Makes it where the number has none. Valid until the next At.
  T& At(size_t number) {
    if (pages_.size() <= number / kPageSize) pages_.resize(number / kPageSize + 1);
    Page& page = pages_[number / kPageSize];
    const size_t place = page.PlaceOf(number);
    if (!page.Has(number)) {
      page.MakeAt(place);
      page.present |= uint64_t{1} << number % kPageSize;
    }
    return page.held[place];
  }

 private:
  static constexpr size_t kPageSize = 64;

  struct Page {
    uint64_t present = 0;  // bit n: the page's nth number has one
    std::vector<T> held;   // of those, in their order

    bool Has(size_t number) const { return (present >> number % kPageSize & 1) != 0; }
    size_t PlaceOf(size_t number) const {
      return static_cast<size_t>(std::popcount(present & ((uint64_t{1} << number % kPageSize) - 1)));
    }
    void MakeAt(size_t place) {
      // Room for little at a time: what is left empty is multiplied by the number of pages.
      constexpr size_t kStep = 4;
      if (held.size() == held.capacity()) held.reserve(held.size() + kStep);
      held.emplace_back();
      std::rotate(held.begin() + static_cast<std::ptrdiff_t>(place), held.end() - 1, held.end());
    }
  };

  std::vector<Page> pages_;
};

}  // namespace folio::portfolio
