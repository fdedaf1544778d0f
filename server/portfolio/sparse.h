// Things by number, of which many numbers have none: these take an eighth of a byte each.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace folio::portfolio {

template <typename T>
class Sparse {
 public:
  // nullptr where the number has none.
  T* Find(size_t number) const {
    const size_t page = number / kPageSize;
    return page < pages_.size() && pages_[page] != nullptr ? (*pages_[page])[number % kPageSize].get() : nullptr;
  }

  // Makes it where the number has none.
  T& At(size_t number) {
    if (pages_.size() <= number / kPageSize) pages_.resize(number / kPageSize + 1);
    auto& page = pages_[number / kPageSize];
    if (page == nullptr) page = std::make_unique<Page>();
    auto& held = (*page)[number % kPageSize];
    if (held == nullptr) held = std::make_unique<T>();
    return *held;
  }

 private:
  static constexpr size_t kPageSize = 64;
  using Page = std::array<std::unique_ptr<T>, kPageSize>;

  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace folio::portfolio
