#include "storage/sqlite/segment.h"

#include <xxhash.h>
#include <zstd.h>

#include <memory>

#include "absl/status/status.h"
#include "storage/sqlite/coding.h"

namespace folio::storage {
namespace {

constexpr int64_t kCompressed = 1;      // flag
constexpr size_t kCompressFrom = 4096;  // bytes; less fits a page of the file as it is
constexpr int kCompressionLevel = 1;    // faster than the disk, and entries repeat themselves enough for it
constexpr uint64_t kPlainBytesMax = uint64_t{1} << 30;  // more than SQLite stores in a row

uint64_t SegmentSum(Revision first, int64_t count, int64_t flags, std::string_view data) {
  const int64_t place[3] = {first, count, flags};
  return XXH3_64bits_withSeed(data.data(), data.size(), XXH3_64bits(place, sizeof(place)));
}

// Empty where it does not get smaller.
std::string Compress(std::string_view plain) {
  // Kept for the thread's next segment: making its tables anew takes as long as compressing a small one.
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  std::string packed(plain.size() - 1, '\0');
  const size_t size =
      ZSTD_compressCCtx(context.get(), packed.data(), packed.size(), plain.data(), plain.size(), kCompressionLevel);
  packed.resize(ZSTD_isError(size) ? 0 : size);
  return packed;
}

bool Decompress(std::string_view packed, std::vector<char>* plain) {
  const uint64_t size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size > kPlainBytesMax) return false;
  plain->resize(size);
  return ZSTD_decompress(plain->data(), plain->size(), packed.data(), packed.size()) == size;
}

bool TakeEntries(std::string_view bytes, int64_t count, std::vector<std::string_view>* entries) {
  std::string_view entry;
  while (TakePrefixed(&bytes, &entry)) entries->push_back(entry);
  return bytes.empty() && static_cast<int64_t>(entries->size()) == count && count > 0;
}

}  // namespace

EncodedSegment EncodeSegment(Revision first, std::span<const std::string_view> entries) {
  EncodedSegment segment{.first = first, .count = static_cast<int64_t>(entries.size())};
  for (const std::string_view entry : entries) AppendPrefixed(entry, &segment.data);
  if (segment.data.size() > kCompressFrom) {
    if (std::string packed = Compress(segment.data); !packed.empty()) {
      segment.data = std::move(packed);
      segment.flags = kCompressed;
    }
  }
  segment.sum = SegmentSum(segment.first, segment.count, segment.flags, segment.data);
  return segment;
}

absl::StatusOr<Segment> ReadSegment(Statement& statement) {
  Segment segment{.first = statement.Int(0)};
  const int64_t count = statement.Int(1);
  const int64_t flags = statement.Int(2);
  const auto sum = static_cast<uint64_t>(statement.Int(3));
  std::string_view data = statement.Bytes(4);
  bool ok = sum == SegmentSum(segment.first, count, flags, data);
  if (ok && flags == kCompressed) {
    ok = Decompress(data, &segment.plain);
    data = {segment.plain.data(), segment.plain.size()};
  }
  if (ok && TakeEntries(data, count, &segment.entries)) return segment;
  return absl::DataLossError("the log from revision " + std::to_string(segment.first) + " does not fit its checksum");
}

}  // namespace folio::storage
