package example.folio;

import java.time.Duration;

/**
 * How to watch.
 *
 * @param patience how long to try to get a lost connection back
 */
public record WatchOptions(Duration patience) {
  /** Five minutes of patience. */
  public static final WatchOptions DEFAULT = new WatchOptions(Duration.ofMinutes(5));
}
