package example.folio;

import example.folio.v1.Account;
import example.folio.v1.ExportAccountsResponse;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Accounts of one state of the server, to be iterated once, by one thread. A stream that does not reach its end throws
 * behind the accounts that came. Closing it before its end tells the server to stop.
 */
public final class Export implements Iterable<Account>, AutoCloseable {
  private final Duplex<?, ExportAccountsResponse> stream;
  private final ExportProgress progress;
  private Iterator<Account> chunk = List.<Account>of().iterator();
  private long done;

  Export(Duplex<?, ExportAccountsResponse> stream, ExportProgress progress) {
    this.stream = stream;
    this.progress = progress;
  }

  @Override
  public Iterator<Account> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        while (!chunk.hasNext()) {
          Optional<ExportAccountsResponse> response = Waiting.await(stream.next());
          if (response.isEmpty()) {
            return false;
          }
          done += response.get().getAccountsCount();
          progress.told(done, response.get().getTotalSize());
          chunk = response.get().getAccountsList().iterator();
        }
        return true;
      }

      @Override
      public Account next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return chunk.next();
      }
    };
  }

  /** The same accounts, as a stream. */
  public Stream<Account> stream() {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED), false)
        .onClose(this::close);
  }

  @Override
  public void close() {
    stream.cancel();
  }
}
