package example.folio;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Calls whose results are futures, with one timeout for each. */
final class Calls {
  private final Channel channel;
  private final Duration timeout;

  Calls(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = Checked.bounded(timeout);
  }

  Duration timeout() {
    return timeout;
  }

  Calls withTimeout(Duration other) {
    return new Calls(channel, other);
  }

  <Q, T> CompletableFuture<T> unary(MethodDescriptor<Q, T> method, Q request) {
    return unary(method, request, Function.identity());
  }

  /** The future completes with what `result` makes of the response. Cancelling it cancels the call. */
  <Q, T, R> CompletableFuture<R> unary(MethodDescriptor<Q, T> method, Q request, Function<T, R> result) {
    ClientCall<Q, T> call =
        channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS));
    CancellingFuture<R> future = new CancellingFuture<>(call);
    call.start(new UnaryListener<>(future, result), new Metadata());
    try {
      call.sendMessage(request);
      call.halfClose();
    } catch (RuntimeException failed) {
      call.cancel("The request cannot be sent.", failed);
      future.completeExceptionally(FolioException.of(failed));
      return future;
    }
    call.request(2);
    return future;
  }

  <Q, T> Duplex<Q, T> stream(MethodDescriptor<Q, T> method, Q request) {
    return Duplex.serverStream(channel, method, request);
  }

  private static final class CancellingFuture<R> extends CompletableFuture<R> {
    private final ClientCall<?, ?> call;

    CancellingFuture(ClientCall<?, ?> call) {
      this.call = call;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      if (cancelled) {
        call.cancel("The caller has cancelled the call.", null);
      }
      return cancelled;
    }
  }

  private static final class UnaryListener<T, R> extends ClientCall.Listener<T> {
    private final CompletableFuture<R> future;
    private final Function<T, R> result;
    private T response;

    UnaryListener(CompletableFuture<R> future, Function<T, R> result) {
      this.future = future;
      this.result = result;
    }

    @Override
    public void onMessage(T message) {
      response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (!status.isOk()) {
        future.completeExceptionally(FolioException.of(status, trailers));
      } else if (response == null) {
        future.completeExceptionally(new FolioException(Status.Code.INTERNAL, "The server gave no response.", null));
      } else {
        future.complete(result.apply(response));
      }
    }
  }
}
