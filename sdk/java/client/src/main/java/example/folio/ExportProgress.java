package example.folio;

/** Follows an export. */
@FunctionalInterface
public interface ExportProgress {
  /** How many have come, and how many there are. */
  void told(long done, long total);
}
