package example.folio;

import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting for futures. */
final class Waiting {
  private Waiting() {}

  /** The result, whose cancellation also cancels what it is made of. */
  static <T> CompletableFuture<T> cancelling(CompletableFuture<?> source, CompletableFuture<T> result) {
    result.whenComplete((value, failure) -> {
      if (result.isCancelled()) {
        source.cancel(true);
      }
    });
    return result;
  }

  /** What the future brings; throws its failure as it is, and CANCELLED where the thread is interrupted. */
  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new FolioException(Status.Code.CANCELLED, "The thread was interrupted.", interrupted);
    } catch (ExecutionException failed) {
      throw FolioException.of(failed);
    }
  }
}
