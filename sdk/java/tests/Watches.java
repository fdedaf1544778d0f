import example.folio.FolioClient;
import example.folio.FolioException;
import example.folio.Watch;
import example.folio.v1.ChangeEvent;
import example.folio.v1.WatchRequest;
import example.folio.v1.WatchResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Many watches at once, while this program writes and somebody kills the server again and again: every watch must see
 * every account once, in order. Prints "open" when all are, the number of each account once it is written, and in the
 * end what the watches have seen. The last account is written after a line of standard input. No watch has a thread of
 * its own.
 *
 * <pre>Watches WATCHES ACCOUNTS</pre>
 */
public final class Watches {
  /** A connection carries so many calls at once, this program's writes among them. */
  private static final int WATCHES_OF_CONNECTION = 50;

  private final Watch<WatchResponse> watch;
  private final int accounts;
  private final CompletableFuture<Void> open = new CompletableFuture<>();
  private int seen;

  private Watches(Watch<WatchResponse> watch, int accounts) {
    this.watch = watch;
    this.accounts = accounts;
  }

  /** Completes when the last account has come. */
  private CompletableFuture<Void> read() {
    return watch.next().thenCompose(response -> {
      take(response);
      return seen == accounts ? CompletableFuture.completedFuture(null) : read();
    });
  }

  private void take(WatchResponse response) {
    if (response.getSnapshotComplete()) {
      open.complete(null);
    }
    for (ChangeEvent event : response.getEventsList()) {
      seen += 1;
      if (!event.getName().equals("accounts/watched-" + seen)) {
        throw new IllegalStateException(event.getName() + " came where watched-" + seen + " was to come");
      }
    }
  }

  /** Creates an account, over any number of restarts: where it exists already, an attempt before had its effect. */
  private static void write(FolioClient client, int number) throws InterruptedException {
    while (true) {
      try {
        client.accounts()
            .createAccount(request
                -> request.setAccountId("watched-" + number).getAccountBuilder().setDisplayName("Watched " + number))
            .join();
        break;
      } catch (RuntimeException failure) {
        FolioException failed = FolioException.of(failure);
        if (failed.code() == Status.Code.ALREADY_EXISTS) {
          break;
        }
        if (failed.code() != Status.Code.UNAVAILABLE) {
          throw failed;
        }
        Thread.sleep(10);
      }
    }
    System.out.println(number);
  }

  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    int accounts = Integer.parseInt(arguments[1]);
    try (FolioClient client = FolioClient.connect()) {
      WatchRequest request = WatchRequest.newBuilder().addCollections("accounts").setSnapshot(true).build();
      List<CompletableFuture<Void>> open = new ArrayList<>();
      List<CompletableFuture<Void>> done = new ArrayList<>();
      List<FolioClient> clients = new ArrayList<>();
      for (int number = 0; number < count; ++number) {
        if (number % WATCHES_OF_CONNECTION == 0) {
          clients.add(FolioClient.connect());
        }
        Watches one = new Watches(clients.get(clients.size() - 1).watch(request), accounts);
        open.add(one.open);
        done.add(one.read());
      }
      CompletableFuture.allOf(open.toArray(CompletableFuture[] ::new)).join();
      System.out.println("open");
      for (int number = 1; number < accounts; ++number) {
        write(client, number);
      }
      System.in.read();
      write(client, accounts);
      CompletableFuture.allOf(done.toArray(CompletableFuture[] ::new)).join();
      clients.forEach(FolioClient::close);
      System.out.println(count + " watches have seen " + accounts + " accounts, each once");
    }
  }
}
