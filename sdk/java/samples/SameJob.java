import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.type.Date;
import com.google.type.Money;
import example.folio.Export;
import example.folio.FolioClient;
import example.folio.ImportReport;
import example.folio.Watch;
import example.folio.v1.Account;
import example.folio.v1.BillingPeriod;
import example.folio.v1.ChangeEvent;
import example.folio.v1.ExportAccountsRequest;
import example.folio.v1.ExternalId;
import example.folio.v1.Fact;
import example.folio.v1.HealthScore;
import example.folio.v1.ImportHeader;
import example.folio.v1.IndicatorQuery;
import example.folio.v1.IndicatorValue;
import example.folio.v1.PeriodGrain;
import example.folio.v1.Subscription;
import example.folio.v1.Ticket;
import example.folio.v1.TicketPriority;
import example.folio.v1.WatchRequest;
import example.folio.v1.WatchResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a customer does in a week, on the files of RavenStack: imports accounts, subscriptions and tickets, filters,
 * explains a score, changes an account and sees the change come, computes indicators, exports. The same program is
 * among the samples of each language, and prints the same line of JSON.
 *
 * <pre>SameJob FOLDER   with ravenstack_accounts.csv, ravenstack_subscriptions.csv,
 * ravenstack_support_tickets.csv</pre>
 */
public final class SameJob {
  private static final String CHANGED = "accounts/A-2e4581";

  private final String folder;
  private final FolioClient client;
  private final Map<String, Object> result = new TreeMap<>();
  private long revision;

  private SameJob(String folder, FolioClient client) {
    this.folder = folder;
    this.client = client;
  }

  public static void main(String[] arguments) throws IOException {
    try (FolioClient client = FolioClient.connect()) {
      System.out.println(json(new SameJob(arguments[0], client).run()));
    }
  }

  private Map<String, Object> run() throws IOException {
    Map<String, Object> imported = new TreeMap<>();
    imported.put("accounts", importFile("accounts", "accounts", SameJob::accountOf));
    imported.put("subscriptions", importFile("subscriptions", "subscriptions", SameJob::subscriptionOf));
    imported.put("support_tickets", importFile("facts", "support_tickets", SameJob::ticketOf));
    result.put("imported", imported);

    result.put("filtered",
        client.accounts()
            .listAccounts(
                list -> list.setFilter("sector = \"FinTech\" AND country = \"GB\"").setOrderBy("display_name"))
            .stream()
            .map(Account::getName)
            .toList());

    HealthScore score = client.health().explainHealth(request -> request.setAccount(CHANGED)).join();
    List<Object> parts = new ArrayList<>();
    score.getContributionsList().forEach(
        part -> parts.add(List.of(part.getDimension(), part.getMeasure(), millionths(part.getPoints()))));
    result.put("explained", List.of(score.getScore(), score.getBand().name(), parts));

    result.put("watched", watchChange());

    IndicatorQuery query = IndicatorQuery.newBuilder()
                               .setStartDate(dateOf("2024-10-01"))
                               .setEndDate(dateOf("2025-01-01"))
                               .setGrain(PeriodGrain.PERIOD_GRAIN_MONTH)
                               .build();
    List<String> indicators = List.of("mrr", "arr", "nrr", "first_response_time");
    result.put("computed",
        client.indicators()
            .computeIndicators(request -> request.addAllIndicators(indicators).setQuery(query))
            .join()
            .getValuesList()
            .stream()
            .map(SameJob::valueOf)
            .toList());

    try (Export export = client.exportAccounts(ExportAccountsRequest.getDefaultInstance())) {
      result.put("exported",
          export.stream()
              .map(account
                  -> List.of(account.getName(), account.getDisplayName(), account.getPlan(), account.getSeatCount(),
                      account.getTagsList()))
              .toList());
    }
    return result;
  }

  private List<Long> importFile(String collection, String file, Function<Map<String, String>, Message> rowOf)
      throws IOException {
    ImportHeader header = ImportHeader.newBuilder().setCollection(collection).setImportId("same-job-" + file).build();
    try (Stream<Map<String, String>> rows = read(file)) {
      Stream<Message> messages = rows.map(rowOf);
      ImportReport report = client.importRows(header, messages::iterator).join();
      revision = report.revision();
      return List.of(report.counts().getCreated(), report.counts().getRejected());
    }
  }

  private Stream<Map<String, String>> read(String name) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(folder, "ravenstack_" + name + ".csv"));
    String[] names = lines.get(0).split(",");
    return lines.stream().skip(1).map(line -> {
      String[] values = line.split(",", -1);
      Map<String, String> row = new HashMap<>();
      for (int index = 0; index < names.length; ++index) {
        row.put(names[index], values[index]);
      }
      return row;
    });
  }

  private static Message accountOf(Map<String, String> row) {
    String id = row.get("account_id");
    return Account.newBuilder()
        .setName("accounts/" + id)
        .addExternalIds(ExternalId.newBuilder().setSystem("ravenstack").setId(id))
        .setDisplayName(row.get("account_name"))
        .setSector(row.get("industry"))
        .setCountryCode(row.get("country").equals("UK") ? "GB" : row.get("country"))
        .setPlan(row.get("plan_tier"))
        .setSeatCount(Integer.parseInt(row.get("seats")))
        .build();
  }

  private static Date dateOf(String text) {
    LocalDate day = LocalDate.parse(text);
    return Date.newBuilder().setYear(day.getYear()).setMonth(day.getMonthValue()).setDay(day.getDayOfMonth()).build();
  }

  private static Message subscriptionOf(Map<String, String> row) {
    Subscription.Builder subscription =
        Subscription.newBuilder()
            .setName("subscriptions/" + row.get("subscription_id"))
            .setAccount("accounts/" + row.get("account_id"))
            .setStartDate(dateOf(row.get("start_date")))
            .setAnnualAmount(Money.newBuilder().setCurrencyCode("USD").setUnits(Long.parseLong(row.get("arr_amount"))))
            .setTrial(row.get("is_trial").equals("True"))
            .setPlan(row.get("plan_tier"))
            .setSeatCount(Integer.parseInt(row.get("seats")))
            .setBillingPeriod(BillingPeriod.valueOf("BILLING_PERIOD_" + row.get("billing_frequency").toUpperCase()))
            .setAutoRenew(row.get("auto_renew_flag").equals("True"));
    if (!row.get("end_date").isEmpty()) {
      subscription.setEndDate(dateOf(row.get("end_date")));
    }
    return subscription.build();
  }

  private static Timestamp timeOf(String text) {
    LocalDateTime time =
        text.contains(" ") ? LocalDateTime.parse(text.replace(' ', 'T')) : LocalDate.parse(text).atStartOfDay();
    return Timestamp.newBuilder().setSeconds(time.toEpochSecond(ZoneOffset.UTC)).build();
  }

  private static Message ticketOf(Map<String, String> row) {
    Ticket.Builder ticket =
        Ticket.newBuilder()
            .setPriority(TicketPriority.valueOf("TICKET_PRIORITY_" + row.get("priority").toUpperCase()))
            .setFirstResponseSeconds(60 * Long.parseLong(row.get("first_response_time_minutes")))
            .setEscalated(row.get("escalation_flag").equals("True"));
    if (!row.get("closed_at").isEmpty()) {
      ticket.setCloseTime(timeOf(row.get("closed_at")));
    }
    if (!row.get("satisfaction_score").isEmpty()) {
      ticket.setSatisfaction((int) Double.parseDouble(row.get("satisfaction_score")));
    }
    return Fact.newBuilder()
        .setAccount("accounts/" + row.get("account_id"))
        .setSource("ravenstack")
        .setSourceId(row.get("ticket_id"))
        .setEventTime(timeOf(row.get("submitted_at")))
        .setTicket(ticket)
        .build();
  }

  private List<String> watchChange() {
    client.accounts().modifyAccount(CHANGED, account -> account.addTags("same-job")).join();
    WatchRequest request =
        WatchRequest.newBuilder().addCollections("accounts").setAccount(CHANGED).setAfterRevision(revision).build();
    try (Watch<WatchResponse> watch = client.watch(request)) {
      for (WatchResponse response : watch) {
        for (ChangeEvent event : response.getEventsList()) {
          if (event.getAccount().getTagsList().contains("same-job")) {
            return List.of(event.getType().name(), event.getName());
          }
        }
      }
    }
    throw new IllegalStateException("the watch has ended");
  }

  private static List<Object> valueOf(IndicatorValue value) {
    Money money = value.getMoney();
    Object amount = value.hasMoney() ? List.of(money.getCurrencyCode(), money.getUnits(), money.getNanos())
                                     : millionths(value.getNumber());
    return List.of(value.getIndicator(), value.getPeriod().getStartDate().getMonth(), amount, value.getSampleSize());
  }

  /** Whole, so that every language writes it alike. */
  private static long millionths(double number) {
    return (long) Math.floor(number * 1e6 + 0.5);
  }

  /** Texts here have nothing to escape. */
  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet()
          .stream()
          .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SameJob::json).collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof String ? "\"" + value + "\"" : value.toString();
  }
}
