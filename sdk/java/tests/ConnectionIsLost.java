package example.folio;

import example.folio.v1.Account;
import example.folio.v1.AccountServiceGrpc;
import example.folio.v1.GetAccountRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;

/**
 * A call that begins while its connection ends fails with a status of gRPC's own, which no server can be made to cause
 * reliably: here a channel says it. It counts as any lost connection, and what a server calls UNKNOWN does not.
 */
public final class ConnectionIsLost {
  private static final Status LOST =
      Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException());

  /** Answers calls with one status after the other. */
  private static final class Scripted extends Channel {
    private final Queue<Status> statuses;

    Scripted(Status... statuses) {
      this.statuses = new ArrayDeque<>(List.of(statuses));
    }

    @Override
    public <Q, T> ClientCall<Q, T> newCall(MethodDescriptor<Q, T> method, CallOptions options) {
      return new ClientCall<>() {
        private Listener<T> listener;

        @Override
        public void start(Listener<T> given, Metadata headers) {
          listener = given;
        }

        @Override
        public void request(int messages) {
          Status status = statuses.remove();
          if (status.isOk()) {
            listener.onMessage(
                method.parseResponse(Account.newBuilder().setName("accounts/a").build().toByteString().newInput()));
          }
          listener.onClose(status, new Metadata());
        }

        @Override
        public void sendMessage(Q message) {}

        @Override
        public void halfClose() {}

        @Override
        public void cancel(String message, Throwable cause) {}
      };
    }

    @Override
    public String authority() {
      return "scripted";
    }
  }

  /** What comes of a call on such a channel: the account's name, or the code of its failure. */
  private static String call(boolean closed, Status... statuses) {
    Channel channel = ClientInterceptors.interceptForward(new Scripted(statuses),
        new CallInterceptor(ClientOptions.builder().build()), new LostConnections(() -> closed));
    Calls calls = new Calls(channel, Duration.ofSeconds(30));
    try {
      return calls.unary(AccountServiceGrpc.getGetAccountMethod(), GetAccountRequest.getDefaultInstance())
          .join()
          .getName();
    } catch (CompletionException failed) {
      return FolioException.of(failed).code().name();
    }
  }

  private static void expect(String expected, String actual) {
    if (!actual.equals(expected)) {
      throw new AssertionError("expected " + expected + ", got " + actual);
    }
  }

  public static void main(String[] arguments) {
    expect("accounts/a", call(false, LOST, LOST, LOST, Status.OK));
    expect("UNAVAILABLE", call(false, LOST, LOST, LOST, LOST));
    expect("UNKNOWN", call(false, Status.UNKNOWN.withDescription("said by a server")));
    expect("CANCELLED", call(true, Status.UNAVAILABLE.withDescription("Channel shutdown invoked")));
    System.out.println("lost connections are tried again");
  }
}
