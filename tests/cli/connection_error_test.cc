// What is told where there is no connection.
#include "client/cli/app/connection_error.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/program.h"

namespace folio::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ConnectionTest : public ProgramTest {};

TEST_F(ConnectionTest, TellsWhatGrpcSaysInTheLanguageOfTheReader) {
  EXPECT_EQ(RunBare({"--lang", "fr", "--server", "127.0.0.1:1", "accounts", "list"}), 7);
  EXPECT_THAT(err_, AllOf(HasSubstr("erreur : aucun serveur ne répond à 127.0.0.1:1 : connexion refusée\n"),
                          HasSubstr("folio doctor")));
  EXPECT_EQ(RunBare({"--lang", "fr", "--key-file", files_.Path("none"), "accounts", "list"}), 5);
  EXPECT_THAT(err_, HasSubstr("erreur : Impossible de lire le fichier de clé " + files_.Path("none")));
}

TEST_F(ConnectionTest, RefusesAnAddressWithoutAPort) {
  for (const char* address : {"localhost", "http://localhost", "[::1]", "127.0.0.1:99999", "127.0.0.1:x", "a:"}) {
    EXPECT_EQ(RunBare({"--server", address, "accounts", "list"}), 2) << address;
    EXPECT_THAT(err_, HasSubstr("port")) << address;
  }
}

struct ConnectionCase {
  std::string said;
  std::string english;
  std::string french;
};

TEST(ConnectionFaultTest, TellsTheFirstRealCause) {
  const ClientOptions options = {.server = "folio.example:7117"};
  const std::string all = "failed to connect to all addresses; last error: ";
  for (const ConnectionCase& each : std::vector<ConnectionCase>{
           {all + "UNKNOWN: ipv4:10.0.0.1:7117: Failed to connect to remote host: No route to host",
            "no server answers at folio.example:7117: No route to host", "aucune route vers cette machine"},
           {all + "UNKNOWN: unix:/x: No such file or directory", "No such file or directory", "aucun fichier"},
           {all + "UNKNOWN: ipv4:10.0.0.1:7117: something new",
            "no server answers at folio.example:7117: something new",
            "aucun serveur ne répond à folio.example:7117 : something new"},
           {"DNS resolution failed for folio.example:7117: C-ares status is not ARES_SUCCESS: Domain name not found",
            "the name of folio.example:7117 leads to no address: Domain name not found", "ne mène à aucune adresse"},
           {all + "UNKNOWN: ipv4:10.0.0.1:7117: Ssl handshake failed: SSL_ERROR_SSL: error:0A00010B:SSL "
                  "routines::wrong version number",
            "speaks no TLS", "ne parle pas TLS"},
           {all + "UNKNOWN: ipv4:10.0.0.1:7117: Ssl handshake failed: certificate verify failed",
            "TLS with folio.example:7117 fails: certificate verify failed", "échoue"},
           {"Received http2 header with status: 404", "is no Folio server: 404", "n'est pas un serveur Folio"},
           {all + "UNAVAILABLE: ipv4:10.0.0.1:7117: Failed parsing HTTP/2", "is no Folio server", "HTTP/2"},
           {"Socket closed", "was cut off", "a été coupée"}}) {
    const auto fault = ConnectionFaultOf(absl::UnavailableError(each.said), options);
    ASSERT_TRUE(fault.has_value()) << each.said;
    EXPECT_THAT(fault->cause.english, HasSubstr(each.english));
    EXPECT_THAT(fault->cause.french, HasSubstr(each.french));
    EXPECT_THAT(fault->way_out.french, Not(IsEmpty()));
  }
  EXPECT_FALSE(ConnectionFaultOf(absl::UnavailableError("because"), options).has_value());
  const auto late = ConnectionFaultOf(absl::DeadlineExceededError("Deadline Exceeded"),
                                      {.server = "a:1", .timeout = std::chrono::milliseconds(1500)});
  ASSERT_TRUE(late.has_value());
  EXPECT_EQ(late->cause.english, "no answer from a:1 within 1.5 s");
  EXPECT_EQ(late->cause.french, "pas de réponse de a:1 en 1,5 s");
}

}  // namespace
}  // namespace folio::cli
