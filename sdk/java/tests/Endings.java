import example.folio.ClientOptions;
import example.folio.FolioClient;
import example.folio.FolioException;
import example.folio.Watch;
import example.folio.v1.Account;
import example.folio.v1.WatchRequest;
import example.folio.v1.WatchResponse;
import io.grpc.Status;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How calls and watches end that their caller has given up, or whose client is closed. Needs a foliod. */
public final class Endings {
  public static void main(String[] arguments) throws Exception {
    aClosedClientIsCancelled();
    aFutureThatWasGivenUpCostsNoResponse();
    try (ServerSocket silent = new ServerSocket(0)) {
      cancellingAModificationEndsIt(silent.getLocalPort());
    }
    System.out.println("everything ends as it should");
  }

  private static void aClosedClientIsCancelled() {
    FolioClient client = FolioClient.connect();
    Watch<WatchResponse> watch = client.watch(WatchRequest.getDefaultInstance());
    watch.next().join();
    CompletableFuture<WatchResponse> next = watch.next();
    client.close();
    expectCancelled(next::join);
    expectCancelled(() -> client.workspace().getWorkspace(request -> {}).join());
    expectCancelled(() -> client.watch(WatchRequest.getDefaultInstance()).next().join());
  }

  private static void aFutureThatWasGivenUpCostsNoResponse() throws Exception {
    try (FolioClient client = FolioClient.connect();
         Watch<WatchResponse> watch = client.watch(WatchRequest.newBuilder().addCollections("accounts").build())) {
      watch.next().join(); // where the watch begins
      CompletableFuture<WatchResponse> waiting = watch.next();
      waiting.cancel(true);
      expectCancelled(() -> watch.next().orTimeout(1, TimeUnit.MILLISECONDS).join());
      Account written =
          client.accounts().createAccount(request -> request.getAccountBuilder().setDisplayName("Given up")).join();
      WatchResponse response = watch.next().get(20, TimeUnit.SECONDS);
      while (response.getEventsCount() == 0) {
        response = watch.next().get(20, TimeUnit.SECONDS);
      }
      if (!response.getEvents(0).getName().equals(written.getName())) {
        throw new AssertionError("the watch has lost " + written.getName() + ": " + response);
      }
    }
  }

  private static void cancellingAModificationEndsIt(int port) {
    ClientOptions options = ClientOptions.builder().server("127.0.0.1:" + port).timeout(Duration.ofMinutes(5)).build();
    try (FolioClient client = new FolioClient(options)) {
      CompletableFuture<Account> modified = client.accounts().modifyAccount("accounts/a", account -> {});
      modified.cancel(true);
      expectCancelled(modified::join);
      CompletableFuture<?> page = client.accounts().listAccounts(request -> {}).firstPage();
      page.cancel(true);
      expectCancelled(page::join);
    }
  }

  private static void expectCancelled(Callable<?> use) {
    try {
      throw new AssertionError("expected a failure, got " + use.call());
    } catch (Exception failure) {
      FolioException failed = FolioException.of(failure);
      boolean late = failed.getCause() instanceof java.util.concurrent.TimeoutException;
      if (failed.code() != Status.Code.CANCELLED && !late) {
        throw new AssertionError("expected CANCELLED", failure);
      }
    }
  }
}
