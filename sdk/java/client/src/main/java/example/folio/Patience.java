package example.folio;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Waits between attempts to get a lost connection back: 0.1 s doubled up to 5 s, less up to a half by chance, at least
 * as long as the server asks for. For one thread at a time.
 */
final class Patience {
  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 5_000;

  private final Duration limit;
  private long waitMs = FIRST_WAIT_MS;
  private Long firstFailure; // nanoseconds; null where nothing has failed

  Patience(Duration limit) {
    this.limit = limit;
  }

  /** Something went well: patience begins anew. */
  void reset() {
    waitMs = FIRST_WAIT_MS;
    firstFailure = null;
  }

  /**
   * Completes when the next attempt is due. Fails, with the failure itself, where that is not one that time heals or
   * the patience is at its end.
   */
  CompletableFuture<Void> after(FolioException failure) {
    if (failure.code() != Status.Code.UNAVAILABLE && failure.code() != Status.Code.RESOURCE_EXHAUSTED
        && !isBusy(failure)) {
      return CompletableFuture.failedFuture(failure);
    }
    long now = System.nanoTime();
    if (firstFailure == null) {
      firstFailure = now;
    }
    long ownMs = waitMs / 2 + ThreadLocalRandom.current().nextLong(waitMs / 2 + 1);
    long wait = Math.max(ownMs, failure.retryAfter().map(Duration::toMillis).orElse(0L));
    if (now - firstFailure + TimeUnit.MILLISECONDS.toNanos(wait) > limit.toNanos()) {
      return CompletableFuture.failedFuture(failure);
    }
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    return new CompletableFuture<Void>().completeOnTimeout(null, wait, TimeUnit.MILLISECONDS);
  }

  /** The server still holds an import by its id: over a connection that it does not know to be lost, or for another. */
  static boolean isBusy(FolioException failure) {
    return failure.code() == Status.Code.ABORTED && failure.reason().equals("IMPORT_ID_BUSY");
  }
}
