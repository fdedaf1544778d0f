// Finds a text within others, many bytes at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace folio::engine {

class TextFinder {
 public:
  static constexpr size_t kNowhere = std::string_view::npos;

  // Borrows what is looked for, which must not be empty.
  explicit TextFinder(std::string_view wanted);

  // Where it next begins in a text, at `from` or after; kNowhere where it does not.
  size_t Find(std::string_view text, size_t from) const;

 private:
  bool IsAt(const char* begin) const;

  std::string_view wanted_;
  // Its two rarest bytes: only where both are found is the rest compared.
  size_t rarest_ = 0;
  size_t next_rarest_ = 0;
};

}  // namespace folio::engine
