#include "client/cli/import/text_reader.h"

#include <array>
#include <string_view>
#include <utility>

#include "client/cli/value/fault.h"
#include "unicode/ucnv.h"

namespace folio::cli {
namespace {

constexpr size_t kPieceBytes = 64 << 10;
constexpr std::string_view kByteOrderMark = "\ufeff";

absl::Status Unreadable(const std::string& path) {
  return BadValue("FILE_UNREADABLE", "Cannot read " + path + ".", "Impossible de lire " + path + ".");
}

}  // namespace

// From the file's encoding to UTF-8 by way of UTF-16, keeping half characters between calls.
struct TextReader::Converter {
  UConverter* from = nullptr;
  UConverter* to = nullptr;
  std::array<UChar, 4096> pivot{};
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  bool reset = true;

  ~Converter() {
    ucnv_close(from);
    ucnv_close(to);
  }

  bool Convert(std::string_view bytes, bool last, std::string* text) {
    const char* source = bytes.data();
    const char* const end = bytes.data() + bytes.size();
    std::array<char, 8192> buffer{};
    while (true) {
      UErrorCode error = U_ZERO_ERROR;
      char* target = buffer.data();
      ucnv_convertEx(to, from, &target, buffer.data() + buffer.size(), &source, end, pivot.data(), &pivot_source,
                     &pivot_target, pivot.data() + pivot.size(), static_cast<UBool>(reset), static_cast<UBool>(last),
                     &error);
      reset = false;
      text->append(buffer.data(), static_cast<size_t>(target - buffer.data()));
      if (error != U_BUFFER_OVERFLOW_ERROR) return U_SUCCESS(error) != 0;
    }
  }
};

TextReader::TextReader(std::ifstream file, std::unique_ptr<Converter> converter)
    : file_(std::move(file)), converter_(std::move(converter)) {}

TextReader::~TextReader() = default;

absl::StatusOr<std::unique_ptr<TextReader>> TextReader::Open(const std::string& path, const std::string& encoding) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Unreadable(path);
  if (encoding == "UTF-8") return std::unique_ptr<TextReader>(new TextReader(std::move(file), nullptr));
  auto converter = std::make_unique<Converter>();
  UErrorCode error = U_ZERO_ERROR;
  converter->from = ucnv_open(encoding.c_str(), &error);
  converter->to = ucnv_open("UTF-8", &error);
  if (U_FAILURE(error) != 0) {
    return BadValue("ENCODING_UNKNOWN", "There is no encoding " + Quoted(encoding) + ".",
                    "L'encodage " + Quoted(encoding) + " n'existe pas.");
  }
  return std::unique_ptr<TextReader>(new TextReader(std::move(file), std::move(converter)));
}

absl::Status TextReader::Read(std::string* text) {
  text->clear();
  while (text->empty() && file_) {
    bytes_.resize(kPieceBytes);
    file_.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
    bytes_.resize(static_cast<size_t>(file_.gcount()));
    if (file_.bad()) return Unreadable("the file");
    if (converter_ == nullptr) {
      text->swap(bytes_);
    } else if (!converter_->Convert(bytes_, file_.eof(), text)) {
      return absl::InternalError("The file could not be converted to UTF-8.");
    }
    if (at_start_ && text->starts_with(kByteOrderMark)) text->erase(0, kByteOrderMark.size());
    if (!text->empty()) at_start_ = false;
  }
  return absl::OkStatus();
}

}  // namespace folio::cli
