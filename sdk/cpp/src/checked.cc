#include "checked.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace folio {
namespace {

constexpr std::string_view kSecure = "https://", kPlain = "http://", kSocket = "unix:";
constexpr std::string_view kSecurePort = ":443", kPlainPort = ":7117";

bool IsHost(std::string_view host) {
  const auto wrong = [](char byte) {
    return (byte > 0 && byte <= ' ') || std::string_view("/@?#[]").find(byte) != std::string_view::npos;
  };
  return !host.empty() && std::none_of(host.begin(), host.end(), wrong);
}

bool IsPort(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

// What is behind the host: nothing, or a colon and the port; nullopt where there is no host.
std::optional<std::string_view> BehindHost(std::string_view address) {
  const bool bracketed = address.starts_with('[');
  const size_t end = bracketed ? address.find(']') : std::min(address.find(':'), address.size());
  if (end == std::string_view::npos) return std::nullopt;
  if (!IsHost(address.substr(bracketed, end - bracketed))) return std::nullopt;
  return address.substr(end + bracketed);
}

absl::Status CheckAddress(ClientOptions* options) {
  std::string& server = options->server;
  const std::string given = server;
  if (server.starts_with(kSecure)) {
    server.erase(0, kSecure.size());
    options->tls = true;
  } else if (server.starts_with(kPlain)) {
    server.erase(0, kPlain.size());
  }
  while (server.ends_with('/')) server.pop_back();
  if (server.empty()) return absl::InvalidArgumentError("No address of a server is given.");
  if (server.starts_with(kSocket)) return absl::OkStatus();
  const std::optional<std::string_view> behind = BehindHost(server);
  if (behind == "") {
    server += options->tls ? kSecurePort : kPlainPort;
  } else if (!behind || !behind->starts_with(':') || !IsPort(behind->substr(1))) {
    return absl::InvalidArgumentError("'" + given + "' is no address of a server: HOST:PORT is asked for.");
  }
  return absl::OkStatus();
}

// A header carries nothing but printable ASCII.
absl::Status CheckText(std::string_view what, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char byte) { return byte >= ' ' && byte <= '~'; })) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("The " + std::string(what) +
                                    " has characters that cannot be sent, such as a line break.");
}

}  // namespace

absl::Status Check(ClientOptions* options) {
  if (absl::Status status = CheckAddress(options); !status.ok()) return status;
  if (options->timeout.count() <= 0) return absl::InvalidArgumentError("The timeout must be positive.");
  options->timeout = std::min<std::chrono::milliseconds>(options->timeout, kLongestTimeout);
  if (absl::Status status = CheckText("key", options->key); !status.ok()) return status;
  if (absl::Status status = CheckText("locale", options->locale); !status.ok()) return status;
  return CheckText("user agent", options->user_agent);
}

}  // namespace folio
