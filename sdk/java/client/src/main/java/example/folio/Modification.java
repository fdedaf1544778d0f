package example.folio;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A read-change-write, begun again where somebody else was first. */
final class Modification<R extends Message> {
  private static final int ATTEMPTS = 5;

  /** Writes the fields of a mask. */
  interface Writing<R> {
    CompletableFuture<R> write(Calls within, R changed, FieldMask mask);
  }

  private final Function<Calls, CompletableFuture<R>> read;
  private final UnaryOperator<R> change;
  private final Writing<R> writing;
  private CompletableFuture<?> current; // guarded by this, like what follows
  private boolean cancelled;

  Modification(Function<Calls, CompletableFuture<R>> read, UnaryOperator<R> change, Writing<R> writing) {
    this.read = read;
    this.change = change;
    this.writing = writing;
  }

  CompletableFuture<R> start(Calls calls) {
    CompletableFuture<R> result = attempt(calls, System.nanoTime() + calls.timeout().toNanos(), 1);
    result.whenComplete((stored, failure) -> {
      if (result.isCancelled()) {
        cancel();
      }
    });
    return result;
  }

  private void cancel() {
    CompletableFuture<?> open;
    synchronized (this) {
      cancelled = true;
      open = current;
    }
    open.cancel(true);
  }

  /** Begins a call that the cancellation of the whole also cancels. */
  private CompletableFuture<R> begin(Supplier<CompletableFuture<R>> call) {
    synchronized (this) {
      if (cancelled) {
        return CompletableFuture.failedFuture(new CancellationException());
      }
    }
    CompletableFuture<R> begun = call.get();
    synchronized (this) {
      current = begun;
      if (!cancelled) {
        return begun;
      }
    }
    begun.cancel(true);
    return begun;
  }

  private CompletableFuture<R> attempt(Calls calls, long end, int number) {
    return begin(() -> read.apply(within(calls, end)))
        .thenCompose(before -> {
          R changed = change.apply(before);
          FieldMask mask = differences(before, changed);
          return mask.getPathsCount() == 0 ? CompletableFuture.completedFuture(before)
                                           : begin(() -> writing.write(within(calls, end), changed, mask));
        })
        .exceptionallyCompose(failure -> {
          FolioException failed = FolioException.of(failure);
          boolean late = failed.code() == Status.Code.ABORTED && failed.reason().equals("ETAG_MISMATCH");
          return late && number < ATTEMPTS ? attempt(calls, end, number + 1) : CompletableFuture.failedFuture(failed);
        });
  }

  private static Calls within(Calls calls, long end) {
    return calls.withTimeout(Duration.ofNanos(Math.max(end - System.nanoTime(), 0)));
  }

  /** The fields that differ, in the order of the contract. */
  private static FieldMask differences(Message before, Message after) {
    FieldMask.Builder mask = FieldMask.newBuilder();
    for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
      boolean same = (!field.hasPresence() || before.hasField(field) == after.hasField(field))
          && before.getField(field).equals(after.getField(field));
      if (!same) {
        mask.addPaths(field.getName());
      }
    }
    return mask.build();
  }
}
