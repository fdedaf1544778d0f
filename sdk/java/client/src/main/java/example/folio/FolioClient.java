package example.folio;

import com.google.protobuf.Message;
import example.folio.v1.Account;
import example.folio.v1.AccountServiceGrpc;
import example.folio.v1.ExportAccountsRequest;
import example.folio.v1.ImportHeader;
import example.folio.v1.PortfolioServiceGrpc;
import example.folio.v1.WatchPortfolioRequest;
import example.folio.v1.WatchPortfolioResponse;
import example.folio.v1.WatchRequest;
import example.folio.v1.WatchResponse;
import example.folio.v1.WatchServiceGrpc;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import java.util.concurrent.CompletableFuture;

/**
 * A client of Folio, with every service of the contract. May be used by any number of threads, and should be shared.
 *
 * <pre>{@code
 * try (FolioClient client = FolioClient.connect()) {
 *   Account acme = client.accounts().createAccount(r -> r.getAccountBuilder().setDisplayName("Acme")).join();
 *   for (PortfolioEntry entry : client.portfolio().listPortfolio(r -> r.setFilter("band = red"))) {
 *     System.out.println(entry.getDisplayName());
 *   }
 * }
 * }</pre>
 *
 * <p>Every call is tried again where that is safe, four times at most and all within its timeout. Writes get a request
 * id, so that a repeated attempt has one effect. Failures are {@link FolioException}s: futures complete with them
 * (their
 * {@code join} wraps them: see {@link FolioException#of}), what is iterated throws them as they are.
 */
public final class FolioClient extends Services implements AutoCloseable {
  /** Of this SDK, told to servers. */
  public static final String VERSION = "0.1.0";

  private final ManagedChannel connection;
  private final Channel channel;

  /**
   * Does no input or output: the first call connects.
   *
   * @throws FolioException INVALID_ARGUMENT where the options make no sense, NOT_FOUND where the file of authorities
   *     does not exist
   */
  public FolioClient(ClientOptions options) {
    this(options, Connection.open(options));
  }

  private FolioClient(ClientOptions options, ManagedChannel connection) {
    this(options, connection,
        ClientInterceptors.interceptForward(
            connection, new CallInterceptor(options), new LostConnections(connection::isShutdown)));
  }

  private FolioClient(ClientOptions options, ManagedChannel connection, Channel channel) {
    super(new Calls(channel, options.timeout()));
    this.connection = connection;
    this.channel = channel;
  }

  /** A client as the environment and the profile say: see {@link ClientOptions.Builder#load()}. */
  public static FolioClient connect() {
    return new FolioClient(ClientOptions.builder().load());
  }

  /**
   * For stubs of one's own, and for calls by name: what goes through it has key, language, timeout, request id and
   * further attempts like every other call. {@link FolioException#of} reads its failures.
   */
  public Channel channel() {
    return channel;
  }

  /** As {@link #importRows(ImportHeader, Iterable, ImportOptions)}, with everything by default. */
  public <M extends Message> CompletableFuture<ImportReport> importRows(ImportHeader header, Iterable<M> rows) {
    return importRows(header, rows, ImportOptions.DEFAULT);
  }

  /**
   * Writes rows of the header's collection without a limit on their number, and reports what became of each. With an
   * import id a lost connection is taken up again, and a later call with the same id and the same rows goes on after
   * the last durable one. Rows are asked for one after the other, from a thread of the import's own. A failure is an
   * {@link ImportException}, which has the report as far as the import got. Cancelling the future ends the import; what
   * is durable stays so.
   */
  public <M extends Message> CompletableFuture<ImportReport> importRows(
      ImportHeader header, Iterable<M> rows, ImportOptions options) {
    connection.getState(true); // connects while the import makes itself ready
    return Importer.run(channel, header, rows, options);
  }

  /**
   * An import row by row, for callers that number and reject rows themselves. Sends the header and waits for the
   * answer. It fails at once where the server cannot be reached: there is nothing to save yet. But it waits a little
   * for the end of a connection that the same import had before.
   *
   * @throws ImportException where the import cannot begin
   */
  public Importer openImport(ImportHeader header, ImportOptions options) {
    return Importer.open(channel, header, options);
  }

  /** As {@link #watch(WatchRequest, WatchOptions)}, with everything by default. */
  public Watch<WatchResponse> watch(WatchRequest request) {
    return watch(request, WatchOptions.DEFAULT);
  }

  /** Changes as they happen, without gap or repetition, over lost connections and restarts of the server. */
  public Watch<WatchResponse> watch(WatchRequest request, WatchOptions options) {
    return new Watch<>(token
        -> Duplex.serverStream(channel, WatchServiceGrpc.getWatchMethod(),
            token.isEmpty() ? request : request.toBuilder().setResumeToken(token).build()),
        WatchResponse::getResumeToken, options);
  }

  /** As {@link #watchPortfolio(WatchPortfolioRequest, WatchOptions)}, with everything by default. */
  public Watch<WatchPortfolioResponse> watchPortfolio(WatchPortfolioRequest request) {
    return watchPortfolio(request, WatchOptions.DEFAULT);
  }

  /**
   * Rows of the portfolio as they enter the filter, change and leave it, taken up again like {@link #watch}. A response
   * with `begins_again` means that the server has forgotten what it has told, and tells all rows anew.
   */
  public Watch<WatchPortfolioResponse> watchPortfolio(WatchPortfolioRequest request, WatchOptions options) {
    return new Watch<>(token
        -> Duplex.serverStream(channel, PortfolioServiceGrpc.getWatchPortfolioMethod(),
            token.isEmpty() ? request : request.toBuilder().setResumeToken(token).build()),
        WatchPortfolioResponse::getResumeToken, options);
  }

  /** As {@link #exportAccounts(ExportAccountsRequest, ExportProgress)}, which nobody follows. */
  public Export exportAccounts(ExportAccountsRequest request) {
    return exportAccounts(request, (done, total) -> {});
  }

  /** Every {@link Account} that matches, from one state. */
  public Export exportAccounts(ExportAccountsRequest request, ExportProgress progress) {
    return new Export(Duplex.serverStream(channel, AccountServiceGrpc.getExportAccountsMethod(), request), progress);
  }

  /** Ends the connection and every call that is under way: these, and later ones, fail with CANCELLED. */
  @Override
  public void close() {
    connection.shutdownNow();
  }
}
