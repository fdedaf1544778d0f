// What the file says of itself as a whole, in one row that every commit replaces: where the log begins and ends, and
// for each kind the last key, how many records live, and the sum of their checksums. A record that vanished, came back
// or was replaced by an older self cannot hide from it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/sqlite/row.h"
#include "storage/storage.h"

namespace folio::storage {

struct KindState {
  Key last_key = 0;
  int64_t count = 0;
  uint64_t digest = 0;  // sum of the records' checksums, modulo 2^64

  bool operator==(const KindState&) const = default;
};

struct State {
  Revision head = 0;
  Revision first_log_revision = 1;
  std::array<KindState, kKindCount> kinds;
};

// Kinds that never had a record are left out.
std::string EncodeState(const State& state);

// DATA_LOSS where the bytes are not a state.
absl::StatusOr<State> DecodeState(std::string_view bytes);

// Checksum of a row of the table `meta`.
uint64_t MetaSum(std::string_view name, std::string_view value);

}  // namespace folio::storage
