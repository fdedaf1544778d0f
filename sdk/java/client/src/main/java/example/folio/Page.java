package example.folio;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One response of a list method.
 *
 * @param <R> a row
 * @param <P> the response
 */
public final class Page<R, P> {
  private final Rows<R, P> list;
  private final P response;
  private final String nextToken;

  Page(Rows<R, P> list, P response, String nextToken) {
    this.list = list;
    this.response = response;
    this.nextToken = nextToken;
  }

  /** The response itself, for its other fields: total size, revision, as of. */
  public P response() {
    return response;
  }

  /** Its rows; there may be none though others follow. */
  public List<R> rows() {
    return list.rowsOf(response);
  }

  /** Asks for the page behind this one; empty where this is the last. */
  public Optional<CompletableFuture<Page<R, P>>> next() {
    return nextToken().map(list::fetch);
  }

  /** Names the page behind this one. */
  Optional<String> nextToken() {
    return nextToken.isEmpty() ? Optional.empty() : Optional.of(nextToken);
  }
}
