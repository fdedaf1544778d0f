// How a store whose disk did not take a write is told from one whose checksums do not fit: both answer with DATA_LOSS.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

namespace folio::storage {

inline constexpr char kBrokenUrl[] = "folio/storage-broken";

// DATA_LOSS because a write to the disk failed.
inline absl::Status BrokenError(absl::string_view message) {
  absl::Status status = absl::DataLossError(message);
  status.SetPayload(kBrokenUrl, absl::Cord());
  return status;
}

inline bool IsBroken(const absl::Status& status) { return status.GetPayload(kBrokenUrl).has_value(); }

}  // namespace folio::storage
