// Server reflection, v1 and v1alpha, over the descriptors that are linked in: tools such as grpcurl need no .proto
// files.
//
// gRPC's own plugin offers only v1alpha, and as a synchronous service, whose threads would compete with ours for every
// connection.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/impl/service_type.h"

namespace folio::rpc {

// One service for each version. `service_names` is what they list beside themselves and the health service.
std::vector<std::unique_ptr<grpc::Service>> ReflectionServices(std::vector<std::string> service_names);

}  // namespace folio::rpc
