import com.google.type.Money;
import example.folio.FolioClient;
import example.folio.ImportOptions;
import example.folio.ImportReport;
import example.folio.v1.Account;
import example.folio.v1.ImportHeader;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Bulk writing: rows of any number, an account of each, and what was refused. Running it again changes nothing; cut off
 * in its midst, it goes on where it ended.
 */
public final class ImportAccounts {
  private static Stream<Account> rows() {
    Stream<Account> good = LongStream.rangeClosed(1, 2000).mapToObj(number
        -> Account.newBuilder()
               .setName("accounts/java-sample-" + number)
               .setDisplayName("Sample " + number)
               .setSector("Samples")
               .setAnnualRecurringRevenue(Money.newBuilder().setCurrencyCode("EUR").setUnits(12 * number))
               .build());
    Account bad =
        Account.newBuilder().setName("accounts/java-sample-bad").setDisplayName("Bad").setCountryCode("France").build();
    return Stream.concat(good, Stream.of(bad));
  }

  public static void main(String[] arguments) {
    ImportHeader header = ImportHeader.newBuilder().setCollection("accounts").setImportId("java-samples").build();
    ImportOptions options = ImportOptions.DEFAULT.withProgress(
        report -> System.out.println(report.durableThroughRow() + " rows are durable"));
    try (FolioClient client = FolioClient.connect()) {
      ImportReport report = client.importRows(header, rows()::iterator, options).join();
      System.out.printf("created %d, rejected %d%n", report.counts().getCreated(), report.counts().getRejected());
      report.rejected().forEach(
          row -> System.out.printf("row %d: %s: %s%n", row.getRow(), row.getField(), row.getMessage()));
    }
  }
}
