#include "server/rpc/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <charconv>
#include <cstddef>
#include <cstring>

#include "server/base/text.h"

namespace folio::rpc {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr uint32_t kLoopbackNet = 127;

absl::Status Malformed(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(
      ToAbsl(fmt::format("address '{}': {}; write HOST:PORT, [IPV6]:PORT or unix:PATH", text, why)));
}

absl::StatusOr<Address> ParseUnix(std::string_view text) {
  const std::string_view path = text.substr(kUnixPrefix.size());
  Address address;
  auto* name = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.empty() || path.size() >= sizeof name->sun_path) return Malformed(text, "the path is empty or too long");
  name->sun_family = AF_UNIX;
  std::memcpy(name->sun_path, path.data(), path.size());
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

}  // namespace

bool Address::IsLocal() const {
  switch (family()) {
    case AF_UNIX:
      return true;
    case AF_INET:
      return ntohl(reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr.s_addr) >> 24 == kLoopbackNet;
    case AF_INET6:
      return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr);
    default:
      return false;
  }
}

std::string Address::Host() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr, text, sizeof text);
  } else if (family() == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr, text, sizeof text);
  }
  return text;
}

std::string Address::ToString() const {
  switch (family()) {
    case AF_UNIX:
      return fmt::format("unix:{}", reinterpret_cast<const sockaddr_un*>(&storage)->sun_path);
    case AF_INET:
      return fmt::format("{}:{}", Host(), ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port));
    default:
      return fmt::format("[{}]:{}", Host(), ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port));
  }
}

absl::StatusOr<Address> ParseAddress(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) return ParseUnix(text);
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return Malformed(text, "there is no port");
  std::string_view host = text.substr(0, colon);
  const std::string port(text.substr(colon + 1));
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size()) return Malformed(text, "the port is not 0 to 65535");
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.empty() || host.find(':') != std::string_view::npos) {
    return Malformed(text, "the host is missing or an IPv6 address without brackets");
  }
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(std::string(host).c_str(), port.c_str(), &hints, &found);
  if (failure != 0) return Malformed(text, ::gai_strerror(failure));
  Address address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  ::freeaddrinfo(found);
  return address;
}

}  // namespace folio::rpc
