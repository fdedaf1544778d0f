// Identity of a new store.
#pragma once

#include <random>
#include <string>

namespace folio::storage {

// 32 random hexadecimal digits.
inline std::string NewStoreId() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 32; ++i) id += "0123456789abcdef"[random() % 16];
  return id;
}

}  // namespace folio::storage
