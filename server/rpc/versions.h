// What the server runs with: known weaknesses are looked up by version.
#pragma once

#include <string>
#include <vector>

namespace folio::rpc {

// "gRPC 1.51.1", "protobuf 3.21.12", ...
std::vector<std::string> LibraryVersions();

}  // namespace folio::rpc
