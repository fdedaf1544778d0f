#include "server/rpc/server_context.h"

#include <algorithm>

namespace folio::rpc {
namespace {

// Built on first use: registrars run before main, in no particular order.
std::vector<RegisteredService>& Services() {
  static auto* const services = new std::vector<RegisteredService>;
  return *services;
}

}  // namespace

ServiceRegistrar::ServiceRegistrar(const char* full_name, ServiceFactory factory) {
  Services().push_back({full_name, factory});
}

std::vector<RegisteredService> RegisteredServices() {
  std::vector<RegisteredService> services = Services();
  std::sort(services.begin(), services.end(),
            [](const RegisteredService& a, const RegisteredService& b) { return a.full_name < b.full_name; });
  return services;
}

}  // namespace folio::rpc
