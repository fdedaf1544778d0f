// Files of the project that tests compare with the code.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace folio {

inline std::string ReadProjectFile(const std::string& path) {
  std::ifstream file(std::string(FOLIO_SOURCE_DIR) + "/" + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace folio
