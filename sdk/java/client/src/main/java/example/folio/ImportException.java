package example.folio;

/** An import that failed. What is durable stays so, and is in the report. */
public final class ImportException extends FolioException {
  private static final long serialVersionUID = 1;

  private final transient ImportReport report;

  ImportException(FolioException failure, ImportReport report) {
    super(failure);
    this.report = report;
  }

  /** What has become of the rows, as far as the import got. */
  public ImportReport report() {
    return report;
  }
}
