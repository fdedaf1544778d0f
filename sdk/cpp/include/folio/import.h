// Bulk writing: rows go out in chunks, several in flight, and are counted as they become durable.
//
// An import with an id survives anything: a cut connection is taken up again by itself, and a new Importer with the
// same id goes on after durable_through_row().
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/client.h"
#include "folio/v1/import.pb.h"
#include "google/protobuf/message.h"

namespace folio {

// Limits of one chunk: small enough that a server with a 1 MiB message limit takes any, large enough that a commit
// pays.
inline constexpr int kImportChunkRows = 500;
inline constexpr int64_t kImportChunkBytes = 256 << 10;
// A single row beyond this is rejected here: no server would take it.
inline constexpr int64_t kImportRowBytes = 900 << 10;

struct ImportOptions {
  // Chunks sent and not yet answered.
  int window = 4;
  // How long to try to get a lost connection back before giving up. Only for imports that have an id.
  std::chrono::milliseconds patience{60'000};
  // Called after every answer of the server, from the thread that calls Add or Finish.
  std::function<void(const v1::ImportResponse&)> on_answer;
  // Ends the import with CANCELLED. What is durable stays so.
  std::stop_token stop;
};

// For one thread.
class Importer {
 public:
  // Sends the header and waits for the answer to it. Errors are those of the server. Where the server says that the
  // same import is under way (ABORTED, IMPORT_ID_BUSY), it is asked again for a few seconds.
  static absl::StatusOr<std::unique_ptr<Importer>> Open(const Client& client, v1::ImportHeader header,
                                                        ImportOptions options);
  virtual ~Importer() = default;

  // Rows up to and including this one are durable; rows that are added again are left out.
  virtual int64_t durable_through_row() const = 0;
  virtual const v1::ImportCounts& counts() const = 0;

  // Adds the row at a position of the source, counted from 1, ascending. `row` must be of the header's collection
  // (INVALID_ARGUMENT otherwise). May wait for answers. An error ends the import: only counts() may be asked then.
  virtual absl::Status Add(int64_t position, const google::protobuf::Message& row) = 0;

  // Tells that the row at a position does not come: the caller has rejected it.
  virtual absl::Status Skip(int64_t position) = 0;

  // Sends what is left and waits until everything is durable.
  virtual absl::Status Finish() = 0;
};

}  // namespace folio
