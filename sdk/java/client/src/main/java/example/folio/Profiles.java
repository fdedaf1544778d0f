package example.folio;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Looks up what a program does not say: in the environment, in the file of profiles, among the defaults. */
final class Profiles {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private final Map<String, String> environment;

  Profiles(Map<String, String> environment) {
    this.environment = environment;
  }

  ClientOptions complete(ClientOptions.Builder given) {
    ClientOptions.Builder found = ClientOptions.builder();
    readFile(given.profile.isEmpty() ? variable("FOLIO_PROFILE") : given.profile, found);
    ClientOptions.Builder named = ClientOptions.builder();
    named.server = emptyToNull(variable("FOLIO_SERVER"));
    named.keyFile = emptyToNull(variable("FOLIO_KEY_FILE"));
    named.key = emptyToNull(variable("FOLIO_KEY"));
    override(found, named);
    override(found, given);
    found.userAgent(given.userAgent);
    return withDefaults(found);
  }

  ClientOptions withDefaults(ClientOptions.Builder given) {
    return new ClientOptions(orElse(given.server, ClientOptions.DEFAULT_SERVER), orElse(keyOf(given), ""),
        orElse(given.timeout, DEFAULT_TIMEOUT), orElse(given.locale, "en"), orElse(given.tls, false),
        orElse(given.caFile, ""), given.userAgent);
  }

  /** Takes over what the stronger one says. A key of its own, or a key file, takes the place of any key before. */
  private void override(ClientOptions.Builder weaker, ClientOptions.Builder stronger) {
    weaker.server = orElse(stronger.server, weaker.server);
    weaker.key = orElse(keyOf(stronger), keyOf(weaker));
    weaker.keyFile = null;
    weaker.timeout = orElse(stronger.timeout, weaker.timeout);
    weaker.locale = orElse(stronger.locale, weaker.locale);
    weaker.tls = orElse(stronger.tls, weaker.tls);
    weaker.caFile = orElse(stronger.caFile, weaker.caFile);
  }

  private void readFile(String asked, ClientOptions.Builder found) {
    Optional<Path> path = path();
    if (path.isEmpty() || !Files.exists(path.get())) {
      if (!asked.isEmpty()) {
        throw new FolioException(Status.Code.NOT_FOUND,
            "There is no profile '" + asked + "': " + path.map(Path::toString).orElse("the file of profiles")
                + " does not exist.",
            null);
      }
      return;
    }
    try {
      String text = Files.readString(path.get());
      UnmodifiableConfig file = new TomlParser().parse(text);
      String wanted = asked.isEmpty() && file.get("default_profile") instanceof String name ? name : asked;
      if (wanted.isEmpty()) {
        return;
      }
      if (!(file.get("profiles") instanceof UnmodifiableConfig profiles)
          || !(profiles.valueMap().get(wanted) instanceof UnmodifiableConfig profile)) {
        throw new FolioException(
            Status.Code.NOT_FOUND, "There is no profile '" + wanted + "' in " + path.get() + ".", null);
      }
      readProfile(path.get(), text, profile.valueMap(), found);
    } catch (ParsingException | IOException wrong) {
      throw new FolioException(Status.Code.INVALID_ARGUMENT, path.get() + ": " + wrong.getMessage(), wrong);
    }
  }

  /** Refuses unknown keys: a misspelled one would be ignored for ever. */
  private void readProfile(Path path, String text, Map<String, Object> profile, ClientOptions.Builder found) {
    profile.forEach((name, value) -> {
      if (name.equals("server") && value instanceof String server) {
        found.server = server;
      } else if (name.equals("key") && value instanceof String key) {
        found.key = key;
      } else if (name.equals("key_file") && value instanceof String keyFile) {
        found.keyFile = keyFile;
      } else if (name.equals("locale") && value instanceof String locale) {
        found.locale = locale;
      } else if (name.equals("ca_file") && value instanceof String caFile) {
        found.caFile = expandHome(caFile);
      } else if (name.equals("tls") && value instanceof Boolean tls) {
        found.tls = tls;
      } else if (name.equals("timeout_seconds") && value instanceof Number seconds) {
        found.timeout = Duration.ofNanos(Math.round(seconds.doubleValue() * 1e9));
      } else {
        throw new FolioException(Status.Code.INVALID_ARGUMENT,
            path + ":" + lineOf(name, text) + ": unknown key '" + name + "', or a value of the wrong type.", null);
      }
    });
  }

  /** $XDG_CONFIG_HOME/folio/config.toml, or ~/.config/folio/config.toml; empty where neither folder is known. */
  private Optional<Path> path() {
    if (!variable("XDG_CONFIG_HOME").isEmpty()) {
      return Optional.of(Path.of(variable("XDG_CONFIG_HOME"), "folio", "config.toml"));
    }
    return variable("HOME").isEmpty() ? Optional.empty()
                                      : Optional.of(Path.of(variable("HOME"), ".config", "folio", "config.toml"));
  }

  /** The key that was given, or that the given file holds: its first line, without the spaces around it. */
  private String keyOf(ClientOptions.Builder given) {
    if (given.key != null || given.keyFile == null) {
      return given.key;
    }
    String path = expandHome(given.keyFile);
    try {
      return Files.readString(Path.of(path)).lines().findFirst().orElse("").strip();
    } catch (IOException unreadable) {
      throw new FolioException(Status.Code.NOT_FOUND, "Cannot read the key file " + path + ".", unreadable);
    }
  }

  private String expandHome(String path) {
    return path.startsWith("~/") ? variable("HOME") + path.substring(1) : path;
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /** The first line that sets a key. */
  private static int lineOf(String name, String text) {
    String[] lines = text.split("\n");
    for (int index = 0; index < lines.length; ++index) {
      if (lines[index].strip().startsWith(name)) {
        return index + 1;
      }
    }
    return 1;
  }

  private static String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static <T> T orElse(T value, T other) {
    return value == null ? other : value;
  }
}
