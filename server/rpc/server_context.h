// What every service is given: the parts of a running server. And how a service makes itself known.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/impl/service_type.h"
#include "server/base/clock.h"

namespace folio::rpc {

class AccessStore;
class Gate;
class Log;
class Methods;
class Operations;
class StreamRegistry;
class WorkerPool;
class Workspaces;

// Borrowed parts, all of which live longer than any service. Every part may be used from any thread.
struct ServerContext {
  const Clock& clock;
  Methods& methods;
  Log& log;
  Gate& gate;               // admission
  StreamRegistry& streams;  // open streams, so that a stop can end them
  WorkerPool& workers;      // for work that may block
  Operations& operations;   // work that takes longer than a call
  AccessStore& access;      // workspaces and API keys
  Workspaces& workspaces;   // those that are open, by id
  std::string version;
  Instant start_time = 0;
  bool development = false;
};

using ServiceFactory = std::unique_ptr<grpc::Service> (*)(ServerContext&);

// A service's source ends with `const rpc::ServiceRegistrar registrar("folio.v1.TaskService", rpc::Make<TaskService>);`
class ServiceRegistrar {
 public:
  ServiceRegistrar(const char* full_name, ServiceFactory factory);
};

template <class Service>
std::unique_ptr<grpc::Service> Make(ServerContext& server) {
  return std::make_unique<Service>(server);
}

struct RegisteredService {
  std::string full_name;
  ServiceFactory factory;
};

// Every service whose source is linked, sorted by name.
std::vector<RegisteredService> RegisteredServices();

}  // namespace folio::rpc
