#include "server/rpc/versions.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <sodium.h>

#include "google/protobuf/stubs/common.h"
#include "storage/sqlite/sqlite.h"

namespace folio::rpc {

std::vector<std::string> LibraryVersions() {
  return {fmt::format("gRPC {}", grpc::Version()),
          fmt::format("protobuf {}", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)),
          fmt::format("SQLite {}", storage::SqliteVersion()), fmt::format("libsodium {}", sodium_version_string())};
}

}  // namespace folio::rpc
