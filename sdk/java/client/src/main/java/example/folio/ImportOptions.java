package example.folio;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How to import.
 *
 * @param window chunks sent and not yet acknowledged
 * @param patience how long to try to get a lost connection back; it begins anew with every row that becomes durable
 * @param progress called after every answer of the server, by the thread that adds rows
 */
public record ImportOptions(int window, Duration patience, Consumer<ImportReport> progress) {
  /** Four chunks, a minute, and nobody who follows. */
  public static final ImportOptions DEFAULT = new ImportOptions(4, Duration.ofMinutes(1), report -> {});

  /** The same with another patience. */
  public ImportOptions withPatience(Duration other) {
    return new ImportOptions(window, other, progress);
  }

  /** The same, followed by somebody. */
  public ImportOptions withProgress(Consumer<ImportReport> follower) {
    return new ImportOptions(window, patience, follower);
  }
}
