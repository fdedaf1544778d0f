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

/**
 * Says UNAVAILABLE of every connection that is lost. gRPC says UNKNOWN of a call that begins while its connection ends:
 * the connection does not remember why it was closed.
 */
final class LostConnections implements ClientInterceptor {
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
  private static Status named(Status status) {
    boolean lost = status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof ClosedChannelException;
    return lost ? Status.UNAVAILABLE.withDescription("The connection is lost").withCause(status.getCause()) : status;
  }
}
