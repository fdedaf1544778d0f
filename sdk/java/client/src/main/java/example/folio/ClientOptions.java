package example.folio;

import java.time.Duration;
import java.util.Map;

/**
 * Where the server is, and who is calling.
 *
 * @param server "host:port", also with "http://" or "https://" (which means TLS) before it
 * @param key the API key; may be empty
 * @param timeout of one call, with all its attempts, where the call has none of its own
 * @param locale language of error texts and explanations: "en" or "fr"
 * @param tls speak TLS
 * @param caFile PEM file of accepted authorities; empty means the system's
 * @param userAgent names the calling program
 */
public record ClientOptions(
    String server, String key, Duration timeout, String locale, boolean tls, String caFile, String userAgent) {
  /** Where a server of this machine listens. */
  public static final String DEFAULT_SERVER = "127.0.0.1:7117";

  /** Nothing given yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** Leaves out the key, which has no place in logs. */
  @Override
  public String toString() {
    return "ClientOptions[server=" + server + ", tls=" + tls + ", locale=" + locale + ", timeout=" + timeout + "]";
  }

  /** What the program gives; what it does not is looked up, or has its default. */
  public static final class Builder {
    String profile = "";
    String server;
    String key;
    String keyFile;
    Duration timeout;
    String locale;
    Boolean tls;
    String caFile;
    String userAgent = "folio-java/" + FolioClient.VERSION;

    private Builder() {}

    /** The profile to read; else FOLIO_PROFILE, else the file's default_profile. */
    public Builder profile(String name) {
      profile = name;
      return this;
    }

    /** Where the server is. */
    public Builder server(String address) {
      server = address;
      return this;
    }

    /** The API key. */
    public Builder key(String secret) {
      key = secret;
      return this;
    }

    /** The file whose first line is the API key. */
    public Builder keyFile(String path) {
      keyFile = path;
      return this;
    }

    /** Of one call with all its attempts. */
    public Builder timeout(Duration longest) {
      timeout = longest;
      return this;
    }

    /** "en" or "fr". */
    public Builder locale(String language) {
      locale = language;
      return this;
    }

    /** Speak TLS. */
    public Builder tls(boolean wanted) {
      tls = wanted;
      return this;
    }

    /** PEM file of accepted authorities. */
    public Builder caFile(String path) {
      caFile = path;
      return this;
    }

    /** Names the calling program. */
    public Builder userAgent(String name) {
      userAgent = name;
      return this;
    }

    /**
     * What was given, then FOLIO_SERVER, FOLIO_KEY and FOLIO_KEY_FILE, then the profile, then defaults. A profile is a
     * table of $XDG_CONFIG_HOME/folio/config.toml (or ~/.config/folio/config.toml), the file of the command line:
     *
     * <pre>{@code
     * default_profile = "prod"
     *
     * [profiles.prod]
     * server = "folio.example.com:443"
     * tls = true
     * key_file = "~/.config/folio/prod.key"   # or: key = "..."
     * locale = "fr"
     * timeout_seconds = 30
     * ca_file = "/etc/ssl/company.pem"        # only where the system's certificates do not do
     * }</pre>
     *
     * @throws FolioException NOT_FOUND where a named profile does not exist, INVALID_ARGUMENT (naming file and line)
     *     where the file is wrong or has an unknown key
     */
    public ClientOptions load() {
      return load(System.getenv());
    }

    /** The same with another environment than the process's. */
    public ClientOptions load(Map<String, String> environment) {
      return new Profiles(environment).complete(this);
    }

    /** What was given, then defaults: neither the environment nor a file is looked at, but for a key file. */
    public ClientOptions build() {
      return new Profiles(Map.of()).withDefaults(this);
    }
  }
}
