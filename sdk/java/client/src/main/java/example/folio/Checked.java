package example.folio;

import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Options that make sense: nothing wrong in them may come to light only when a call is made. */
final class Checked {
  /** No call takes longer: a timeout beyond counts as this, so that no clock overflows. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(7);

  /** HOST, HOST:PORT, [IPV6] or [IPV6]:PORT. */
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[^\\x00-\\x20/@?#:\\[\\]]+|\\[[^\\x00-\\x20/@?#\\[\\]]+\\])(?::(?<port>[0-9]{1,5}))?");

  private Checked() {}

  /** The timeout, or the longest that there is. */
  static Duration bounded(Duration timeout) {
    return timeout.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : timeout;
  }

  /**
   * The options with host, port and whether TLS is spoken: 443 with TLS and 7117 without where the port is left out.
   *
   * @throws FolioException INVALID_ARGUMENT where they make no sense
   */
  static ClientOptions of(ClientOptions options) {
    boolean tls = options.tls() || options.server().startsWith("https://");
    String server = options.server().replaceFirst("^https?://", "").replaceAll("/+$", "");
    if (server.isEmpty()) {
      throw wrong("No address of a server is given.");
    }
    if (!server.startsWith("unix:")) {
      Matcher address = ADDRESS.matcher(server);
      String port = !address.matches() ? "0" : address.group("port");
      if (port == null) {
        server += tls ? ":443" : ":7117";
      } else if (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
        throw wrong("'" + options.server() + "' is no address of a server: HOST:PORT is asked for.");
      }
    }
    if (options.timeout().isNegative() || options.timeout().isZero()) {
      throw wrong("The timeout must be positive.");
    }
    checkText("key", options.key());
    checkText("locale", options.locale());
    checkText("user agent", options.userAgent());
    return new ClientOptions(server, options.key(), bounded(options.timeout()), options.locale(), tls, options.caFile(),
        options.userAgent());
  }

  /** What a file of accepted authorities holds. */
  static InputStream readAuthorities(String path) {
    byte[] authorities;
    try {
      authorities = Files.readAllBytes(Path.of(path));
    } catch (IOException unreadable) {
      throw new FolioException(Status.Code.NOT_FOUND, "Cannot read " + path + ".", unreadable);
    }
    if (!new String(authorities, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
      throw wrong("There is no certificate in " + path + ".");
    }
    return new ByteArrayInputStream(authorities);
  }

  /** A header carries nothing but printable ASCII. */
  private static void checkText(String what, String text) {
    if (!text.chars().allMatch(character -> character >= ' ' && character <= '~')) {
      throw wrong("The " + what + " has characters that cannot be sent, such as a line break.");
    }
  }

  private static FolioException wrong(String message) {
    return new FolioException(Status.Code.INVALID_ARGUMENT, message, null);
  }
}
