#include "client/cli/app/connection_error.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "client/cli/value/fault.h"
#include "fmt/format.h"
#include "folio/error.h"

namespace folio::cli {
namespace {

const Words& IsItRunning() {
  static const auto& words = *new Words{"Is the server running, and is its address right? `folio doctor` finds out.",
                                        "Le serveur est-il lancé, et son adresse est-elle juste ? `folio doctor` le "
                                        "dira."};
  return words;
}

// Causes that operating systems tell, as gRPC hands them on.
const Words* SystemCause(std::string_view message) {
  static const auto& causes = *new std::vector<Words>{
      {"Connection refused", "connexion refusée"},
      {"No route to host", "aucune route vers cette machine"},
      {"Network is unreachable", "réseau inaccessible"},
      {"Connection timed out", "pas de réponse à temps"},
      {"No such file or directory", "aucun fichier de ce nom"},
      {"Permission denied", "accès refusé"},
  };
  for (const Words& cause : causes) {
    if (message.find(cause.english) != std::string_view::npos) return &cause;
  }
  return nullptr;
}

// The last part of what gRPC tells at length: "… 127.0.0.1:1: Failed to connect to remote host: Connection refused".
std::string LastPart(std::string_view message) {
  const size_t colon = message.rfind(": ");
  return std::string(colon == std::string_view::npos ? message : message.substr(colon + 2));
}

ConnectionFault OfTls(std::string_view message, const std::string& server) {
  if (message.find("wrong version number") != std::string_view::npos) {
    return {{server + " speaks no TLS", server + " ne parle pas TLS"},
            {"Write its address without https://, and tls = false in a profile.",
             "Écrivez son adresse sans https://, et tls = false dans un profil."}};
  }
  const std::string rest = LastPart(message);
  return {{"TLS with " + server + " fails: " + rest, "TLS avec " + server + " échoue : " + rest},
          {"A profile's ca_file names the authority of a certificate that this machine does not know.",
           "ca_file, dans un profil, nomme l'autorité d'un certificat que cette machine ne connaît pas."}};
}

ConnectionFault OfNobody(std::string_view message, const std::string& server) {
  const Words* known = SystemCause(message);
  const std::string rest = LastPart(message);
  return {{"no server answers at " + server + ": " + (known != nullptr ? known->english : rest),
           "aucun serveur ne répond à " + server + " : " + (known != nullptr ? known->french : rest)},
          IsItRunning()};
}

std::string Seconds(std::chrono::milliseconds time, char decimal_mark) {
  std::string text = fmt::format("{}", static_cast<double>(time.count()) / 1000);
  std::replace(text.begin(), text.end(), '.', decimal_mark);
  return text;
}

}  // namespace

std::optional<ConnectionFault> ConnectionFaultOf(const absl::Status& status, const ClientOptions& options) {
  const Error error = ErrorOf(status);
  if (!error.reason.empty() || !error.request_id.empty()) return std::nullopt;
  const std::string_view message = error.message;
  const auto says = [&](std::string_view text) { return message.find(text) != std::string_view::npos; };
  const std::string& server = options.server;
  if (message == "Deadline Exceeded") {
    return ConnectionFault{{"no answer from " + server + " within " + Seconds(options.timeout, '.') + " s",
                            "pas de réponse de " + server + " en " + Seconds(options.timeout, ',') + " s"},
                           {"Is the address right? --timeout SECONDS leaves a slow server longer.",
                            "L'adresse est-elle juste ? --timeout SECONDES laisse davantage à un serveur lent."}};
  }
  if (says("Ssl handshake failed") || says("Handshake failed") || says("TSI_")) return OfTls(message, server);
  if (says("DNS resolution failed") || says("address lookup failed")) {
    return ConnectionFault{{"the name of " + server + " leads to no address: " + LastPart(message),
                            "le nom de " + server + " ne mène à aucune adresse : " + LastPart(message)},
                           IsItRunning()};
  }
  if (says("http2 header with status") || says("HTTP/2") || says("http1.x server") || says("SETTINGS frame")) {
    return ConnectionFault{{"what answers at " + server + " is no Folio server: " + LastPart(message),
                            "ce qui répond à " + server + " n'est pas un serveur Folio : " + LastPart(message)},
                           {"Is it the port of gRPC? A proxy on the way must let HTTP/2 through.",
                            "Est-ce le port de gRPC ? Un proxy sur le chemin doit laisser passer HTTP/2."}};
  }
  if (says("Connection reset by peer") || says("Socket closed") || says("Broken pipe")) {
    return ConnectionFault{
        {"the connection with " + server + " was cut off", "la connexion avec " + server + " a été coupée"},
        IsItRunning()};
  }
  if (says("failed to connect to all addresses") || says("Failed to connect to remote host")) {
    return OfNobody(message, server);
  }
  return std::nullopt;
}

Words OptionFaultOf(const absl::Status& status) {
  static const auto& known = *new std::vector<Words>{
      {"Cannot read the key file ", "Impossible de lire le fichier de clé "},
      {"Cannot read ", "Impossible de lire "},
      {"There is no profile ", "Il n'y a pas de profil "},
      {"No address of a server is given.", "Aucune adresse de serveur n'est donnée."},
  };
  const std::string message(status.message());
  for (const Words& begin : known) {
    if (!message.starts_with(begin.english)) continue;
    std::string rest = message.substr(begin.english.size());
    const size_t missing = rest.find(" does not exist.");
    if (missing != std::string::npos) rest = rest.substr(0, missing) + " n'existe pas.";
    if (const size_t in = rest.find("' in "); in != std::string::npos) rest.replace(in, 5, "' dans ");
    return {message, begin.french + rest};
  }
  return {message, message};
}

absl::Status CheckAddress(const ClientOptions& options) {
  std::string_view server = options.server;
  if (server.empty() || server.starts_with("unix:") || server.starts_with("https://") || options.tls) {
    return absl::OkStatus();
  }
  if (server.starts_with("http://")) server.remove_prefix(7);
  const size_t colon = server.rfind(':');
  const bool has_port = colon != std::string_view::npos && server.find(']', colon) == std::string_view::npos;
  if (!has_port) {
    const std::string with_port = std::string(server) + ":7117";
    return WrongUsage("The address " + Quoted(server) + " has no port; write it as in " + Quoted(with_port) + ".",
                      "L'adresse " + Quoted(server) + " n'a pas de port ; écrivez-la comme " + Quoted(with_port) + ".");
  }
  const std::string_view port = server.substr(colon + 1);
  int number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error == std::errc() && end == port.data() + port.size() && number > 0 && number <= 65'535) {
    return absl::OkStatus();
  }
  return WrongUsage(Quoted(port) + " is no port; there are 1 to 65535.",
                    Quoted(port) + " n'est pas un port ; il y en a de 1 à 65535.");
}

}  // namespace folio::cli
