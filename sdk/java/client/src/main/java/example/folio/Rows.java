package example.folio;

import io.grpc.Status;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The rows of a list method, whatever their number. A page is fetched when its first row is asked for, never sooner. A
 * page that cannot be had throws a {@link FolioException} behind the rows before it: a list is never short without
 * saying so. May be iterated any number of times; each time asks the server anew.
 *
 * @param <R> a row
 * @param <P> a response, with a page of rows
 */
public final class Rows<R, P> implements Iterable<R> {
  private final String firstToken;
  private final Function<String, CompletableFuture<P>> fetch;
  private final Function<P, List<R>> rows;
  private final Function<P, String> nextToken;

  Rows(String firstToken, Function<String, CompletableFuture<P>> fetch, Function<P, List<R>> rows,
      Function<P, String> nextToken) {
    this.firstToken = firstToken;
    this.fetch = fetch;
    this.rows = rows;
    this.nextToken = nextToken;
  }

  /** Asks for the first page; each page knows the next: for programs that must not wait. */
  public CompletableFuture<Page<R, P>> firstPage() {
    return fetch(firstToken);
  }

  /** Waits for each page. */
  @Override
  public Iterator<R> iterator() {
    Iterator<P> pages = pages().iterator();
    return new Iterator<>() {
      private Iterator<R> page = List.<R>of().iterator();

      @Override
      public boolean hasNext() {
        while (!page.hasNext() && pages.hasNext()) {
          page = rows.apply(pages.next()).iterator();
        }
        return page.hasNext();
      }

      @Override
      public R next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return page.next();
      }
    };
  }

  /** The same rows, as a stream. */
  public Stream<R> stream() {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED), false);
  }

  /** The responses themselves, for their other fields: total size, revision, as of. Waits for each. */
  public Iterable<P> pages() {
    return () -> new Iterator<>() {
      private Page<R, P> current;
      private boolean begun;

      @Override
      public boolean hasNext() {
        return !begun || current.nextToken().isPresent();
      }

      @Override
      public P next() {
        Optional<String> token = begun ? current.nextToken() : Optional.of(firstToken);
        current = Waiting.await(fetch(token.orElseThrow(NoSuchElementException::new)));
        begun = true;
        return current.response();
      }
    };
  }

  List<R> rowsOf(P response) {
    return rows.apply(response);
  }

  CompletableFuture<Page<R, P>> fetch(String token) {
    CompletableFuture<P> fetched = fetch.apply(token);
    return Waiting.cancelling(fetched, fetched.thenApply(response -> {
      String next = nextToken.apply(response);
      if (!next.isEmpty() && next.equals(token)) {
        throw new FolioException(Status.Code.INTERNAL, "The server repeats a page token.", null);
      }
      return new Page<>(this, response, next);
    }));
  }
}
