#include "server/model/page_token.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>

#include "absl/strings/escaping.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/base/error.h"
#include "server/base/text.h"

namespace folio::model {
namespace {

using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

// Changes with the form of tokens, so that those of an older server are told apart.
constexpr uint64_t kForm = 1;
constexpr size_t kDigestBytes = 8;

enum Tag : uint8_t { kMissing, kInt, kReal, kText, kSet };

void WriteText(const std::string& text, CodedOutputStream* out) {
  out->WriteVarint64(text.size());
  out->WriteString(text);
}

void WriteCell(const Cell& cell, CodedOutputStream* out) {
  out->WriteVarint32(static_cast<uint32_t>(cell.index()));
  if (const auto* number = std::get_if<int64_t>(&cell)) {
    out->WriteLittleEndian64(static_cast<uint64_t>(*number));
  } else if (const auto* real = std::get_if<double>(&cell)) {
    out->WriteLittleEndian64(std::bit_cast<uint64_t>(*real));
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    WriteText(*text, out);
  } else if (const auto* set = std::get_if<std::vector<std::string>>(&cell)) {
    out->WriteVarint64(set->size());
    for (const std::string& member : *set) WriteText(member, out);
  }
}

bool ReadText(CodedInputStream* in, std::string* text) {
  uint64_t size = 0;
  return in->ReadVarint64(&size) && size <= static_cast<uint64_t>(in->BytesUntilLimit()) &&
         in->ReadString(text, static_cast<int>(size));
}

bool ReadSet(CodedInputStream* in, Cell* cell) {
  uint64_t count = 0;
  // Each member takes a byte at least.
  if (!in->ReadVarint64(&count) || count > static_cast<uint64_t>(in->BytesUntilLimit())) return false;
  std::vector<std::string> set(static_cast<size_t>(count));
  for (std::string& member : set) {
    if (!ReadText(in, &member)) return false;
  }
  *cell = std::move(set);
  return true;
}

bool ReadCell(CodedInputStream* in, Cell* cell) {
  uint32_t tag = 0;
  uint64_t bits = 0;
  std::string text;
  if (!in->ReadVarint32(&tag)) return false;
  switch (tag) {
    case kMissing:
      *cell = std::monostate();
      return true;
    case kInt:
      if (!in->ReadLittleEndian64(&bits)) return false;
      *cell = static_cast<int64_t>(bits);
      return true;
    case kReal:
      if (!in->ReadLittleEndian64(&bits)) return false;
      *cell = std::bit_cast<double>(bits);
      return true;
    case kText:
      if (!ReadText(in, &text)) return false;
      *cell = std::move(text);
      return true;
    case kSet:
      return ReadSet(in, cell);
    default:
      return false;
  }
}

std::string DigestOf(std::string_view bytes) {
  const XXH64_hash_t hash = XXH64(bytes.data(), bytes.size(), kForm);
  std::string digest(kDigestBytes, '\0');
  for (size_t i = 0; i < kDigestBytes; ++i) digest[i] = static_cast<char>(hash >> (8 * i));
  return digest;
}

// False where the bytes are not whole, or go on after the position.
bool ReadToken(std::string_view bytes, uint64_t* binding, PagePosition* position) {
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  in.PushLimit(static_cast<int>(bytes.size()));
  uint64_t form = 0;
  uint64_t key = 0;
  uint64_t count = 0;
  if (!in.ReadVarint64(&form) || form != kForm || !in.ReadLittleEndian64(binding) || !in.ReadVarint64(&key) ||
      !in.ReadVarint64(&count) || count > static_cast<uint64_t>(in.BytesUntilLimit())) {
    return false;
  }
  position->key = static_cast<int64_t>(key);
  position->values.resize(static_cast<size_t>(count));
  for (Cell& value : position->values) {
    if (!ReadCell(&in, &value)) return false;
  }
  return in.BytesUntilLimit() == 0;
}

}  // namespace

std::string EncodePageToken(const PagePosition& position, uint64_t binding) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    CodedOutputStream out(&stream);
    out.WriteVarint64(kForm);
    out.WriteLittleEndian64(binding);
    out.WriteVarint64(static_cast<uint64_t>(position.key));
    out.WriteVarint64(position.values.size());
    for (const Cell& value : position.values) WriteCell(value, &out);
  }
  bytes += DigestOf(bytes);
  return absl::WebSafeBase64Escape(ToAbsl(bytes));
}

absl::StatusOr<PagePosition> DecodePageToken(std::string_view token, uint64_t binding) {
  const auto malformed = [] { return error::InvalidField("page_token", "PAGE_TOKEN_MALFORMED"); };
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(ToAbsl(token), &bytes) || bytes.size() < kDigestBytes) return malformed();
  const std::string_view content = std::string_view(bytes).substr(0, bytes.size() - kDigestBytes);
  if (std::string_view(bytes).substr(content.size()) != DigestOf(content)) return malformed();
  PagePosition position;
  uint64_t bound = 0;
  if (!ReadToken(content, &bound, &position)) return malformed();
  if (bound != binding) return error::InvalidField("page_token", "PAGE_TOKEN_FOREIGN");
  return position;
}

absl::StatusOr<PagePosition> DecodeIntPageToken(std::string_view token, uint64_t binding, size_t count) {
  auto position = DecodePageToken(token, binding);
  if (!position.ok()) return position;
  const auto is_int = [](const Cell& cell) { return std::holds_alternative<int64_t>(cell); };
  if (position->values.size() != count || !std::all_of(position->values.begin(), position->values.end(), is_int)) {
    return error::InvalidField("page_token", "PAGE_TOKEN_MALFORMED");
  }
  return position;
}

uint64_t BindingOf(const std::vector<std::string_view>& parts) {
  // Sizes go in too, so that no two lists of parts read the same.
  std::string bytes;
  for (const std::string_view part : parts) {
    bytes += std::to_string(part.size());
    bytes += ':';
    bytes += part;
  }
  return XXH64(bytes.data(), bytes.size(), kForm);
}

}  // namespace folio::model
