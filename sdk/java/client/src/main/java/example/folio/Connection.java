package example.folio;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelProvider;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
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

  static ManagedChannel open(ClientOptions given) {
    ClientOptions options = Checked.of(given);
    ManagedChannel channel;
    try {
      channel = Grpc.newChannelBuilder(options.server(),
                        options.tls() ? tlsCredentials(options.caFile()) : InsecureChannelCredentials.create())
                    .disableServiceConfigLookUp()
                    .disableRetry()
                    .userAgent(options.userAgent())
                    .maxInboundMessageSize(RESPONSE_BYTES_MAX)
                    .build();
    } catch (IllegalArgumentException wrong) {
      throw new FolioException(Status.Code.INVALID_ARGUMENT,
          "'" + given.server() + "' is no address of a server: HOST:PORT is asked for.", wrong);
    } catch (ManagedChannelProvider.ProviderNotFoundException wrong) { // it says so of certificates
      throw new FolioException(Status.Code.INVALID_ARGUMENT, wrong.getMessage(), wrong);
    }
    new Connection(channel).watch();
    return channel;
  }

  private static ChannelCredentials tlsCredentials(String caFile) {
    if (caFile.isEmpty()) {
      return TlsChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder().trustManager(Checked.readAuthorities(caFile)).build();
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
