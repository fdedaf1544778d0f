package example.folio;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The connection of a client. */
final class Connection {
  /** Twice what the server sends at most. */
  private static final int RESPONSE_BYTES_MAX = 8 << 20;

  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 2_000;

  private final ManagedChannel channel;
  private long waitMs = FIRST_WAIT_MS;

  private Connection(ManagedChannel channel) {
    this.channel = channel;
  }

  static ManagedChannel open(ClientOptions options) {
    String server = options.server();
    boolean tls = options.tls();
    if (server.startsWith("https://")) {
      server = server.substring("https://".length());
      tls = true;
    } else if (server.startsWith("http://")) {
      server = server.substring("http://".length());
    }
    server = server.replaceAll("/+$", "");
    if (server.isEmpty()) {
      throw new FolioException(Status.Code.INVALID_ARGUMENT, "No address of a server is given.", null);
    }
    if (options.timeout().isNegative() || options.timeout().isZero()) {
      throw new FolioException(Status.Code.INVALID_ARGUMENT, "The timeout must be positive.", null);
    }
    ManagedChannel channel;
    try {
      channel =
          Grpc.newChannelBuilder(server, tls ? tlsCredentials(options.caFile()) : InsecureChannelCredentials.create())
              .disableServiceConfigLookUp()
              .disableRetry()
              .userAgent(options.userAgent())
              .maxInboundMessageSize(RESPONSE_BYTES_MAX)
              .build();
    } catch (IllegalArgumentException wrong) {
      throw new FolioException(Status.Code.INVALID_ARGUMENT, server + " is no address of a server.", wrong);
    }
    new Connection(channel).watch();
    return channel;
  }

  private static ChannelCredentials tlsCredentials(String caFile) {
    if (caFile.isEmpty()) {
      return TlsChannelCredentials.create();
    }
    File file = new File(caFile);
    if (!file.canRead()) {
      throw new FolioException(Status.Code.NOT_FOUND, "Cannot read " + caFile + ".", null);
    }
    try {
      return TlsChannelCredentials.newBuilder().trustManager(file).build();
    } catch (IOException | IllegalArgumentException wrong) {
      throw new FolioException(Status.Code.INVALID_ARGUMENT, "There is no certificate in " + caFile + ".", wrong);
    }
  }

  /**
   * gRPC waits a second before it connects again, then up to two minutes, and nothing configures that: a server that
   * has restarted would long go unnoticed. So its wait is cut short.
   */
  private void watch() {
    ConnectivityState state = channel.getState(false);
    if (state == ConnectivityState.SHUTDOWN) {
      return;
    }
    if (state == ConnectivityState.READY) {
      waitMs = FIRST_WAIT_MS;
    } else if (state == ConnectivityState.TRANSIENT_FAILURE) {
      CompletableFuture.delayedExecutor(waitMs, TimeUnit.MILLISECONDS, Runnable::run)
          .execute(channel::resetConnectBackoff);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    channel.notifyWhenStateChanged(state, this::watch);
  }
}
