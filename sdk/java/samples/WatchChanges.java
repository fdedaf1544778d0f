import example.folio.FolioClient;
import example.folio.Watch;
import example.folio.v1.Account;
import example.folio.v1.WatchRequest;
import example.folio.v1.WatchResponse;

/**
 * Changes as they happen, from a change that this program makes itself. The token makes a later run go on behind the
 * last change that was seen.
 */
public final class WatchChanges {
  private static final String NAME = "accounts/java-watched-sample";

  public static void main(String[] arguments) {
    try (FolioClient client = FolioClient.connect()) {
      Account account = Account.newBuilder().setName(NAME).setDisplayName("Watched").build();
      client.accounts().updateAccount(request -> request.setAccount(account).setAllowMissing(true)).join();
      WatchRequest request =
          WatchRequest.newBuilder().addCollections("accounts").setAccount(NAME).setSnapshot(true).build();
      boolean edited = false;
      try (Watch<WatchResponse> watch = client.watch(request)) {
        for (WatchResponse response : watch) {
          response.getEventsList().forEach(event
              -> System.out.println(event.getType() + " " + event.getName() + " " + event.getAccount().getNotes()));
          if (edited && response.getEventsCount() > 0) {
            System.out.println("go on behind " + !response.getResumeToken().isEmpty());
            break;
          }
          if (!edited && response.getSnapshotComplete()) {
            client.accounts().modifyAccount(NAME, found -> found.setNotes(found.getNotes() + "called; ")).join();
            edited = true;
          }
        }
      }
    }
  }
}
