// Bulk writing: rows go out in chunks, several in flight, and are counted as they become durable.
//
// An import with an id survives anything: a cut connection is taken up again by itself, and a new Importer with the
// same id goes on after durable_through_row().
//
//   folio::ImportReport report;
//   absl::Status status = folio::ImportRows(client, header, accounts, {}, &report);
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

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

// What has become of the rows. Rows up to durable_through_row survive anything.
struct ImportReport {
  int64_t durable_through_row = 0;
  v1::ImportCounts counts;
  std::vector<v1::RejectedRow> rejected;
  int64_t revision = 0;

  // Adds an answer of the server.
  void Take(const v1::ImportResponse& answer);
};

// An import row by row, for callers that number and reject rows themselves. For one thread.
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

// Writes the rows of a range (messages of the header's collection), whatever their number. `report` is what became of
// them, beside an error also.
template <typename Rows>
absl::Status ImportRows(const Client& client, v1::ImportHeader header, Rows&& rows, ImportOptions options,
                        ImportReport* report) {
  options.on_answer = [report, told = std::move(options.on_answer)](const v1::ImportResponse& answer) {
    report->Take(answer);
    if (told) told(answer);
  };
  absl::StatusOr<std::unique_ptr<Importer>> importer = Importer::Open(client, std::move(header), std::move(options));
  if (!importer.ok()) return importer.status();
  int64_t position = 0;
  for (const google::protobuf::Message& row : rows) {
    if (absl::Status status = (*importer)->Add(++position, row); !status.ok()) return status;
  }
  return (*importer)->Finish();
}

}  // namespace folio
