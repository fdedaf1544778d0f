package example.folio;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The responses of a streaming method, to be read once. Closing it before its end tells the server to stop.
 *
 * @param <T> a response
 */
public final class Messages<T> implements Iterable<T>, AutoCloseable {
  private final Duplex<?, T> stream;

  Messages(Duplex<?, T> stream) {
    this.stream = stream;
  }

  /**
   * The next response; empty at the end. To be called again when the future before is complete. A future that was
   * cancelled, or has run out of time, costs no response: the next one gets it.
   */
  public CompletableFuture<Optional<T>> next() {
    return stream.next();
  }

  /** Waits for each response. A stream that does not reach its end throws behind what came. */
  @Override
  public Iterator<T> iterator() {
    return new Iterator<>() {
      private Optional<T> ahead = Optional.empty();
      private boolean ended;

      @Override
      public boolean hasNext() {
        if (ahead.isEmpty() && !ended) {
          ahead = Waiting.await(stream.next());
          ended = ahead.isEmpty();
        }
        return ahead.isPresent();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        T result = ahead.get();
        ahead = Optional.empty();
        return result;
      }
    };
  }

  @Override
  public void close() {
    stream.cancel();
  }
}
