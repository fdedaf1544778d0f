import example.folio.FolioClient;
import example.folio.ImportReport;
import example.folio.v1.Account;
import example.folio.v1.AccountServiceGrpc;
import example.folio.v1.AccountServiceGrpc.AccountServiceFutureStub;
import example.folio.v1.GetAccountRequest;
import example.folio.v1.ImportHeader;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.StringJoiner;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What the SDK for Java costs: see tools/bench/sdk/run. */
public final class Sdk {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static Function<GetAccountRequest, Future<Account>> bareStub() {
    Metadata metadata = new Metadata();
    metadata.put(AUTHORIZATION, "Bearer " + System.getenv("FOLIO_KEY"));
    AccountServiceFutureStub stub =
        AccountServiceGrpc
            .newFutureStub(
                Grpc.newChannelBuilder(System.getenv("FOLIO_SERVER"), InsecureChannelCredentials.create()).build())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    return stub::getAccount;
  }

  /** Of the median call. */
  private static double microseconds(Function<GetAccountRequest, ? extends Future<Account>> call,
      GetAccountRequest request, double seconds) throws Exception {
    long now = System.nanoTime();
    long end = now + (long) (seconds * 1e9);
    LongStream.Builder calls = LongStream.builder();
    while (now < end) {
      long begin = now;
      call.apply(request).get();
      now = System.nanoTime();
      calls.add(now - begin);
    }
    long[] sorted = calls.build().sorted().toArray();
    return sorted[sorted.length / 2] / 1e3;
  }

  private static String unary(FolioClient client, String name, int rounds, double seconds) throws Exception {
    GetAccountRequest request = GetAccountRequest.newBuilder().setName(name).build();
    Function<GetAccountRequest, Future<Account>> sdk = client.accounts()::getAccount;
    Function<GetAccountRequest, Future<Account>> bare = bareStub();
    for (int number = 0; number < 4; ++number) { // does not count
      microseconds(sdk, request, seconds);
      microseconds(bare, request, seconds);
    }
    StringJoiner figures = new StringJoiner(",", "{\"rounds\":[", "]}");
    for (int number = 0; number < rounds; ++number) {
      figures.add("[" + microseconds(sdk, request, seconds) + "," + microseconds(bare, request, seconds) + "]");
    }
    return figures.toString();
  }

  /** Rows a second. */
  private static double bulk(FolioClient client, String prefix, int count) {
    long begin = System.nanoTime();
    ImportReport report = client
                              .importRows(ImportHeader.newBuilder().setCollection("accounts").build(),
                                  IntStream.rangeClosed(1, count).mapToObj(number -> row(prefix, number))::iterator)
                              .join();
    if (report.counts().getCreated() != count) {
      throw new IllegalStateException(report.toString());
    }
    return count / ((System.nanoTime() - begin) / 1e9);
  }

  private static Account row(String prefix, int number) {
    return Account.newBuilder()
        .setName("accounts/" + prefix + "-" + number)
        .setDisplayName("Company " + number + " of " + prefix)
        .setSector("Imported")
        .setPlan("Pro")
        .setSeatCount(number % 1000)
        .build();
  }

  public static void main(String[] arguments) throws Exception {
    try (FolioClient client = FolioClient.connect()) {
      int count = Integer.parseInt(arguments[2]);
      if (arguments[0].equals("unary")) {
        System.out.println(unary(client, arguments[1], count, Double.parseDouble(arguments[3])));
      } else {
        bulk(client, arguments[1] + "-first", count / 5); // does not count
        System.out.println("{\"rows_per_second\":" + bulk(client, arguments[1], count) + "}");
      }
    }
    System.exit(0);
  }
}
