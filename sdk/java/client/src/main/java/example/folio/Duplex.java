package example.folio;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** A stream in both directions. Any thread may call it; requests are of one thread at a time. */
final class Duplex<Q, T> extends ClientCall.Listener<T> {
  private final ClientCall<Q, T> call;
  private final boolean eager;
  private final Queue<T> arrived = new ArrayDeque<>(); // guarded by this, like what follows
  private CompletableFuture<Optional<T>> waiting;
  private boolean ended;
  private FolioException failure; // null where the stream came to its end

  private Duplex(ClientCall<Q, T> call, boolean eager) {
    this.call = call;
    this.eager = eager;
    call.start(this, new Metadata());
  }

  /** The server's responses are asked for one after the other. */
  static <Q, T> Duplex<Q, T> open(Channel channel, MethodDescriptor<Q, T> method) {
    return new Duplex<>(channel.newCall(method, CallOptions.DEFAULT), false);
  }

  /**
   * All responses are asked for at once, and kept until they are read: for streams where the requests limit how many
   * there can be. They are handed over by the thread of the connection, which must not be kept waiting.
   */
  static <Q, T> Duplex<Q, T> openEager(Channel channel, MethodDescriptor<Q, T> method) {
    Duplex<Q, T> stream = new Duplex<>(channel.newCall(method, CallOptions.DEFAULT.withExecutor(Runnable::run)), true);
    stream.call.request(Integer.MAX_VALUE);
    return stream;
  }

  static <Q, T> Duplex<Q, T> serverStream(Channel channel, MethodDescriptor<Q, T> method, Q request) {
    Duplex<Q, T> stream = open(channel, method);
    stream.send(request);
    stream.halfClose();
    return stream;
  }

  /** A failure is told by the next response, which also has the reason. */
  void send(Q request) {
    try {
      call.sendMessage(request);
    } catch (IllegalStateException alreadyEnded) {
      // The response says why.
    }
  }

  /** Says that no more is sent. */
  void halfClose() {
    try {
      call.halfClose();
    } catch (IllegalStateException alreadyEnded) {
      // The response says why.
    }
  }

  /**
   * The next response; empty where the server has ended the stream. One at a time; a future that was cancelled, or has
   * run out of time, makes room for another, which gets the response instead.
   */
  CompletableFuture<Optional<T>> next() {
    CompletableFuture<Optional<T>> result = new CompletableFuture<>();
    boolean asked; // for the response already
    synchronized (this) {
      if (!arrived.isEmpty()) {
        result.complete(Optional.of(arrived.remove()));
        return result;
      }
      if (ended) {
        conclude(result);
        return result;
      }
      if (waiting != null && !waiting.isDone()) {
        throw new IllegalStateException("The response before has not come yet.");
      }
      asked = waiting != null;
      waiting = result;
    }
    if (!eager && !asked) {
      call.request(1);
    }
    return result;
  }

  void cancel() {
    call.cancel("The caller has closed the stream.", null);
  }

  @Override
  public void onMessage(T message) {
    CompletableFuture<Optional<T>> result;
    do {
      synchronized (this) {
        if (waiting == null) {
          arrived.add(message);
          return;
        }
        result = waiting;
        waiting = null;
      }
    } while (!result.complete(Optional.of(message))); // somebody has given up
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    CompletableFuture<Optional<T>> result;
    synchronized (this) {
      ended = true;
      failure = status.isOk() ? null : FolioException.of(status, trailers);
      result = waiting;
      waiting = null;
    }
    if (result != null) {
      conclude(result);
    }
  }

  private void conclude(CompletableFuture<Optional<T>> result) {
    if (failure == null) {
      result.complete(Optional.empty());
    } else {
      result.completeExceptionally(failure);
    }
  }
}
