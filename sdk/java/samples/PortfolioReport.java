import example.folio.FolioClient;
import example.folio.v1.PortfolioEntry;
import example.folio.v1.PortfolioSummary;

/** Who needs attention: the accounts at risk with the most revenue, and why. */
public final class PortfolioReport {
  public static void main(String[] arguments) {
    try (FolioClient client = FolioClient.connect()) {
      PortfolioSummary summary = client.portfolio().getPortfolioSummary(request -> {}).join();
      System.out.printf(
          "%d accounts, ARR %d%n", summary.getTotals().getAccountCount(), summary.getTotals().getArr().getUnits());
      client.portfolio()
          .listPortfolio(request -> request.setFilter("risk:*").setOrderBy("arr desc").setPageSize(5))
          .stream()
          .limit(5)
          .forEach(PortfolioReport::print);
    }
  }

  private static void print(PortfolioEntry entry) {
    System.out.printf("%s: health %d, risks %s%n", entry.getDisplayName(), entry.getHealth().getScore(),
        String.join(", ", entry.getRisksList()));
  }
}
