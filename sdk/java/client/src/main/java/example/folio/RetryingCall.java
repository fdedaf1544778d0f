package example.folio;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A unary call with all its attempts. What an attempt brought is handed over when it is the last. */
final class RetryingCall<Q, T> extends ClientCall<Q, T> {
  private final Channel channel;
  private final MethodDescriptor<Q, T> method;
  private final CallOptions options; // its deadline is that of all attempts
  private final Retries retries;
  private Listener<T> listener;
  private Metadata headers;
  private Q request;
  private int attempts;
  private ClientCall<Q, T> current; // guarded by this, like what follows
  private Status cancelled; // null where it is not

  RetryingCall(Channel channel, MethodDescriptor<Q, T> method, CallOptions options, Retries retries) {
    this.channel = channel;
    this.method = method;
    this.options = options;
    this.retries = retries;
  }

  @Override
  public void start(Listener<T> given, Metadata sent) {
    listener = given;
    headers = sent;
  }

  @Override
  public void request(int messages) {
    // There is one, which comes with the end of the call.
  }

  @Override
  public void sendMessage(Q message) {
    request = message;
  }

  @Override
  public void halfClose() {
    attempt();
  }

  @Override
  public void cancel(String message, Throwable cause) {
    ClientCall<Q, T> open;
    synchronized (this) {
      cancelled = Status.CANCELLED.withDescription(message).withCause(cause);
      open = current;
    }
    if (open != null) {
      open.cancel(message, cause);
    } else if (listener != null) {
      listener.onClose(cancelled, new Metadata());
    }
  }

  private void attempt() {
    ClientCall<Q, T> call;
    synchronized (this) {
      if (cancelled != null) {
        return;
      }
      ++attempts;
      Metadata own = new Metadata();
      own.merge(headers);
      call = channel.newCall(method, options);
      call.start(new Attempt(), own); // a call must not be cancelled before
      current = call;
    }
    call.sendMessage(request);
    call.halfClose();
    call.request(2);
  }

  private void retry(long waitMs) {
    long left = options.getDeadline() == null ? waitMs : options.getDeadline().timeRemaining(TimeUnit.MILLISECONDS) + 1;
    CompletableFuture.delayedExecutor(Math.max(Math.min(waitMs, left), 0), TimeUnit.MILLISECONDS)
        .execute(this::attempt);
  }

  private final class Attempt extends Listener<T> {
    private Metadata answered;
    private T response;

    @Override
    public void onHeaders(Metadata received) {
      answered = received;
    }

    @Override
    public void onMessage(T message) {
      response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk()) {
        retries.succeeded();
      } else {
        OptionalLong wait = retries.waitAfter(attempts, status, trailers);
        if (wait.isPresent() && mayGoOn()) {
          retry(wait.getAsLong());
          return;
        }
      }
      if (answered != null) {
        listener.onHeaders(answered);
      }
      if (response != null) {
        listener.onMessage(response);
      }
      listener.onClose(status, trailers);
    }

    /** Lets go of the attempt that failed, so that a cancellation from now on ends the call by itself. */
    private boolean mayGoOn() {
      synchronized (RetryingCall.this) {
        if (cancelled != null) {
          return false;
        }
        current = null;
        return true;
      }
    }
  }
}
