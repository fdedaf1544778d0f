package example.folio;

import example.folio.v1.WatchRequest;
import example.folio.v1.WatchResponse;
import example.folio.v1.WatchServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Changes as they happen, without gap or repetition, over lost connections. The resume token of the last response makes
 * a later watch go on where this one ended. A failure is the last thing that is handed over; code OUT_OF_RANGE with
 * reason LOG_COMPACTED means that the log no longer reaches back so far: begin again with a snapshot.
 */
public final class Watch implements Iterable<WatchResponse>, AutoCloseable {
  private final Channel channel;
  private final Patience patience;
  private WatchRequest request; // guarded by this, like what follows
  private Duplex<WatchRequest, WatchResponse> stream; // null where there is none
  private CompletableFuture<WatchResponse> waiting;
  private boolean closed;
  private FolioException failure; // null while there is none

  Watch(Channel channel, WatchRequest request, WatchOptions options) {
    this.channel = channel;
    this.request = request;
    this.patience = new Patience(options.patience());
  }

  /**
   * The next response. To be called again when the future before is complete; after a failure it brings the same again,
   * after {@link #close} CANCELLED.
   */
  public CompletableFuture<WatchResponse> next() {
    CompletableFuture<WatchResponse> result = new CompletableFuture<>();
    synchronized (this) {
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      if (waiting != null) {
        throw new IllegalStateException("The response before has not come yet.");
      }
      waiting = result;
    }
    read();
    return result;
  }

  /** Waits for each response; ends where another thread closes the watch. */
  @Override
  public Iterator<WatchResponse> iterator() {
    return new Iterator<>() {
      private WatchResponse ahead;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          try {
            ahead = Waiting.await(Watch.this.next());
          } catch (FolioException failed) {
            if (isClosed()) {
              return false;
            }
            throw failed;
          }
        }
        return true;
      }

      @Override
      public WatchResponse next() {
        if (!hasNext()) {
          throw new java.util.NoSuchElementException();
        }
        WatchResponse result = ahead;
        ahead = null;
        return result;
      }
    };
  }

  /** Ends the watch; who waits for a response gets CANCELLED. */
  @Override
  public void close() {
    Duplex<?, ?> open;
    synchronized (this) {
      closed = true;
      open = stream;
    }
    fail(new FolioException(Status.Code.CANCELLED, "The watch is closed.", null));
    if (open != null) {
      open.cancel();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void read() {
    CompletableFuture<Optional<WatchResponse>> coming;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      if (stream == null) {
        stream = Duplex.serverStream(channel, WatchServiceGrpc.getWatchMethod(), request);
      }
      coming = stream.next();
    }
    coming.whenComplete((response, failed) -> {
      if (failed != null) {
        resume(FolioException.of(failed));
      } else if (response.isEmpty()) {
        // A stream that the server ends without an error is resumed like one that was cut: it is shutting down.
        resume(new FolioException(Status.Code.UNAVAILABLE, "The server ended the stream.", null));
      } else {
        handOver(response.get());
      }
    });
  }

  private void handOver(WatchResponse response) {
    CompletableFuture<WatchResponse> result;
    synchronized (this) {
      patience.reset();
      if (!response.getResumeToken().isEmpty()) {
        request = request.toBuilder().setResumeToken(response.getResumeToken()).build();
      }
      result = waiting;
      waiting = null;
    }
    if (result != null) {
      result.complete(response);
    }
  }

  private void resume(FolioException cause) {
    CompletableFuture<Void> due;
    synchronized (this) {
      stream = null;
      // A reader that was too slow has missed nothing: it goes on after what it has read.
      boolean slow = cause.code() == Status.Code.OUT_OF_RANGE && cause.reason().equals("FELL_BEHIND");
      due = slow ? CompletableFuture.completedFuture(null) : patience.after(cause);
    }
    due.whenComplete((nothing, gaveUp) -> {
      if (gaveUp == null) {
        read();
      } else {
        fail(FolioException.of(gaveUp));
      }
    });
  }

  private void fail(FolioException cause) {
    CompletableFuture<WatchResponse> result;
    synchronized (this) {
      if (failure == null) {
        failure = cause;
      }
      result = waiting;
      waiting = null;
    }
    if (result != null) {
      result.completeExceptionally(cause);
    }
  }
}
