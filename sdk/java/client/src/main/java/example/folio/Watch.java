package example.folio;

import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What happens, as it happens, without gap or repetition, over lost connections. The resume token of the last response
 * makes a later watch go on where this one ended. A failure is the last thing that is handed over; code OUT_OF_RANGE
 * with reason LOG_COMPACTED means that the log no longer reaches back so far: begin again with a snapshot.
 *
 * @param <R> a response
 */
public final class Watch<R> implements Iterable<R>, AutoCloseable {
  private final Function<String, Duplex<?, R>> open;
  private final Function<R, String> tokenOf;
  private final Patience patience;
  private String token = ""; // guarded by this, like what follows; empty: what the request itself says
  private Duplex<?, R> stream; // null where there is none
  private final Queue<R> arrived = new ArrayDeque<>(); // nobody waits any more for what is in it
  private CompletableFuture<R> waiting;
  private boolean reading;
  private boolean closed;
  private FolioException failure; // null while there is none

  /** `open` begins behind the response that carried a token; with an empty one, where the caller wants to begin. */
  Watch(Function<String, Duplex<?, R>> open, Function<R, String> tokenOf, WatchOptions options) {
    this.open = open;
    this.tokenOf = tokenOf;
    this.patience = new Patience(options.patience());
  }

  /**
   * The next response. To be called again when the future before is complete; after a failure it brings the same again,
   * after {@link #close} CANCELLED. A future that was cancelled, or has run out of time ({@code orTimeout}), costs no
   * response: the next one gets it.
   */
  public CompletableFuture<R> next() {
    CompletableFuture<R> result = new CompletableFuture<>();
    synchronized (this) {
      if (!arrived.isEmpty()) {
        result.complete(arrived.remove());
        return result;
      }
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      if (waiting != null && !waiting.isDone()) {
        throw new IllegalStateException("The response before has not come yet.");
      }
      waiting = result;
      if (reading) {
        return result;
      }
      reading = true;
    }
    read();
    return result;
  }

  /** Waits for each response; ends where another thread closes the watch. */
  @Override
  public Iterator<R> iterator() {
    return new Iterator<>() {
      private R ahead;

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
      public R next() {
        if (!hasNext()) {
          throw new java.util.NoSuchElementException();
        }
        R result = ahead;
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
    CompletableFuture<Optional<R>> coming;
    synchronized (this) {
      if (failure != null) {
        return;
      }
      if (stream == null) {
        stream = open.apply(token);
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

  private void handOver(R response) {
    synchronized (this) {
      reading = false;
      patience.reset();
      String told = tokenOf.apply(response);
      if (!told.isEmpty()) {
        token = told;
      }
    }
    CompletableFuture<R> result;
    do {
      synchronized (this) {
        if (waiting == null) {
          arrived.add(response);
          return;
        }
        result = waiting;
        waiting = null;
      }
    } while (!result.complete(response)); // somebody has given up
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
    CompletableFuture<R> result;
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
