#include "client/cli/import/detect.h"

#include <fstream>
#include <memory>
#include <vector>

#include "client/cli/import/text_reader.h"
#include "client/cli/value/fault.h"
#include "fmt/format.h"
#include "unicode/ucsdet.h"
#include "xxhash.h"

namespace folio::cli {
namespace {

constexpr size_t kPieceBytes = 1 << 20;
// ICU looks at letter frequencies: more text does not make it surer.
constexpr size_t kSampleBytes = 64 << 10;
constexpr size_t kLinesLookedAt = 20;

// Follows a text through the rules of UTF-8, over pieces.
class Utf8Check {
 public:
  void Take(std::string_view piece) {
    for (const char c : piece) {
      const auto byte = static_cast<unsigned char>(c);
      if (expected_ > 0) {
        valid_ = valid_ && (byte & 0xc0) == 0x80;
        --expected_;
      } else if (byte >= 0x80) {
        expected_ = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        valid_ = valid_ && byte >= 0xc2 && byte <= 0xf4;
      }
    }
  }
  bool valid() const { return valid_ && expected_ == 0; }

 private:
  bool valid_ = true;
  int expected_ = 0;
};

// What ICU takes a text for. ISO-8859-1 is read as Windows-1252, which only adds to it (the euro, curly quotes).
std::string GuessEncoding(std::string_view sample) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&error), &ucsdet_close);
  ucsdet_setText(detector.get(), sample.data(), static_cast<int32_t>(sample.size()), &error);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
  const std::string name = U_SUCCESS(error) != 0 && match != nullptr ? ucsdet_getName(match, &error) : "";
  return name.starts_with("UTF-16") ? name : "windows-1252";
}

std::string EncodingOf(std::string_view sample, bool valid_utf8, bool* byte_order_mark) {
  *byte_order_mark = true;
  if (sample.starts_with("\xef\xbb\xbf")) return "UTF-8";
  if (sample.starts_with("\xff\xfe")) return "UTF-16LE";
  if (sample.starts_with("\xfe\xff")) return "UTF-16BE";
  *byte_order_mark = false;
  const bool zeros = sample.find('\0') != std::string_view::npos;
  return valid_utf8 && !zeros ? "UTF-8" : GuessEncoding(sample);
}

// How often a character stands in each of the first lines, outside quotation marks.
std::vector<int> CountPerLine(std::string_view text, char wanted) {
  std::vector<int> counts(1, 0);
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == wanted) ++counts.back();
    if (c == '\n') {
      if (counts.size() == kLinesLookedAt) break;
      counts.push_back(0);
    }
  }
  // The last line is empty, or cut off.
  if (counts.size() > 1) counts.pop_back();
  return counts;
}

}  // namespace

absl::StatusOr<FileFacts> ExamineFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return BadValue("FILE_UNREADABLE", "Cannot read " + path + ".", "Impossible de lire " + path + ".");
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> hash(XXH3_createState(), &XXH3_freeState);
  XXH3_128bits_reset(hash.get());
  Utf8Check utf8;
  std::string sample;
  std::string piece;
  FileFacts facts;
  while (file) {
    piece.resize(kPieceBytes);
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<size_t>(file.gcount()));
    facts.bytes += static_cast<int64_t>(piece.size());
    if (sample.empty()) sample = piece.substr(0, kSampleBytes);
    XXH3_128bits_update(hash.get(), piece.data(), piece.size());
    utf8.Take(piece);
  }
  const XXH128_hash_t digest = XXH3_128bits_digest(hash.get());
  facts.hash = fmt::format("{:016x}{:016x}", digest.high64, digest.low64);
  facts.encoding = EncodingOf(sample, utf8.valid(), &facts.byte_order_mark);
  return facts;
}

char DetectDelimiter(std::string_view text) {
  char best = ',';
  int best_score = 0;
  for (const char candidate : {',', ';', '\t', '|'}) {
    const std::vector<int> counts = CountPerLine(text, candidate);
    int agreeing = 0;
    for (const int count : counts) agreeing += count == counts[0] ? 1 : 0;
    // A character that divides stands equally often in every line; a decimal comma does not.
    const bool regular = agreeing * 10 >= static_cast<int>(counts.size()) * 8;
    const int score = counts[0] * (regular ? 100 : 1);
    if (score > best_score) {
      best = candidate;
      best_score = score;
    }
  }
  return best;
}

absl::StatusOr<std::string> ReadHead(const std::string& path, const std::string& encoding) {
  absl::StatusOr<std::unique_ptr<TextReader>> reader = TextReader::Open(path, encoding);
  if (!reader.ok()) return reader.status();
  std::string head;
  if (absl::Status status = (*reader)->Read(&head); !status.ok()) return status;
  return head;
}

}  // namespace folio::cli
