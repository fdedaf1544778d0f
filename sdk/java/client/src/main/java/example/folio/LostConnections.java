package example.folio;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import java.util.function.BooleanSupplier;

/**
 * Says UNAVAILABLE of every connection that is lost, and CANCELLED where this side has closed it. gRPC says UNKNOWN of
 * a call that begins while its connection ends: the connection does not remember why it was closed. And it says
 * UNAVAILABLE of calls that its own shutdown ends, as if waiting would help.
 */
final class LostConnections implements ClientInterceptor {
  private final BooleanSupplier closed;

  LostConnections(BooleanSupplier closed) {
    this.closed = closed;
  }

  @Override
  public <Q, T> ClientCall<Q, T> interceptCall(MethodDescriptor<Q, T> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<T> listener, Metadata headers) {
        super.start(new SimpleForwardingClientCallListener<>(listener) {
          @Override
          public void onClose(Status status, Metadata trailers) {
            super.onClose(named(status), trailers);
          }
        }, headers);
      }
    };
  }

  /** What a server says has no cause: only this side's statuses are changed. */
  private Status named(Status status) {
    if (status.getCode() == Status.Code.UNAVAILABLE && closed.getAsBoolean()) {
      return Status.CANCELLED.withDescription("The client is closed.");
    }
    boolean lost = status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof ClosedChannelException;
    return lost ? Status.UNAVAILABLE.withDescription("The connection is lost").withCause(status.getCause()) : status;
  }
}
