#include "storage/sqlite/state.h"

#include <xxhash.h>

#include "absl/status/status.h"
#include "storage/sqlite/coding.h"

namespace folio::storage {
namespace {

bool TakeNonNegative(std::string_view* in, int64_t* value) {
  uint64_t number = 0;
  if (!TakeVarint(in, &number) || number > INT64_MAX) return false;
  *value = static_cast<int64_t>(number);
  return true;
}

bool TakeKind(std::string_view* in, State* state) {
  uint64_t kind = 0;
  if (!TakeVarint(in, &kind) || kind >= kKindCount) return false;
  KindState& known = state->kinds[kind];
  return TakeNonNegative(in, &known.last_key) && TakeNonNegative(in, &known.count) && TakeFixed64(in, &known.digest);
}

}  // namespace

std::string EncodeState(const State& state) {
  std::string bytes;
  AppendVarint(static_cast<uint64_t>(state.head), &bytes);
  AppendVarint(static_cast<uint64_t>(state.first_log_revision), &bytes);
  for (size_t kind = 0; kind < state.kinds.size(); ++kind) {
    const KindState& known = state.kinds[kind];
    if (known == KindState()) continue;
    AppendVarint(kind, &bytes);
    AppendVarint(static_cast<uint64_t>(known.last_key), &bytes);
    AppendVarint(static_cast<uint64_t>(known.count), &bytes);
    AppendFixed64(known.digest, &bytes);
  }
  return bytes;
}

absl::StatusOr<State> DecodeState(std::string_view bytes) {
  State state;
  bool ok = TakeNonNegative(&bytes, &state.head) && TakeNonNegative(&bytes, &state.first_log_revision);
  while (ok && !bytes.empty()) ok = TakeKind(&bytes, &state);
  if (!ok) return absl::DataLossError("the state of the store cannot be read");
  return state;
}

uint64_t MetaSum(std::string_view name, std::string_view value) {
  return XXH3_64bits_withSeed(value.data(), value.size(), XXH3_64bits(name.data(), name.size()));
}

}  // namespace folio::storage
