package example.folio;

import example.folio.v1.ImportCounts;
import example.folio.v1.RejectedRow;
import java.util.List;

/**
 * What has become of the rows of an import. Rows up to `durableThroughRow` survive anything.
 *
 * @param durableThroughRow the last row of the source that is durable, as are all before it
 * @param counts how many were created, updated, rejected and so on
 * @param rejected every rejected row so far
 * @param revision of the last change
 */
public record ImportReport(long durableThroughRow, ImportCounts counts, List<RejectedRow> rejected, long revision) {}
