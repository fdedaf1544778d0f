package example.folio;

import com.google.protobuf.Descriptors.MethodDescriptor;
import example.folio.v1.Options;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which calls are tried again, and when: as sdk/service_config.json says it to gRPC elsewhere. Here gRPC is not told:
 * it would obey a server's pushback with any status, and vary its waits by more than they should.
 */
final class Retries {
  private static final int ATTEMPTS = 4;
  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 5_000;
  private static final double TOKENS = 50;
  private static final double TOKEN_OF_SUCCESS = 0.1;
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private double tokens = TOKENS;

  /** A second attempt of a write without a request id might have a second effect, and a stream cannot be sent again. */
  static boolean mayRepeat(io.grpc.MethodDescriptor<?, ?> method) {
    if (method.getType() != io.grpc.MethodDescriptor.MethodType.UNARY
        || !(method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier)) {
      return false;
    }
    MethodDescriptor described = supplier.getMethodDescriptor();
    return !described.getOptions().getExtension(Options.access).getWrites()
        || described.getInputType().findFieldByName("request_id") != null;
  }

  synchronized void succeeded() {
    tokens = Math.min(tokens + TOKEN_OF_SUCCESS, TOKENS);
  }

  /** Milliseconds to wait behind an attempt, counted from 1, that failed; empty where it was the last. */
  synchronized OptionalLong waitAfter(int attempt, Status status, Metadata trailers) {
    boolean heals = status.getCode() == Status.Code.UNAVAILABLE || status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
    if (!heals) {
      return OptionalLong.empty();
    }
    tokens = Math.max(tokens - 1, 0);
    if (attempt >= ATTEMPTS || tokens <= TOKENS / 2) {
      return OptionalLong.empty();
    }
    String pushback = trailers == null ? null : trailers.get(PUSHBACK);
    if (pushback != null) {
      return pushback.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(pushback)) : OptionalLong.empty();
    }
    long wait = Math.min(FIRST_WAIT_MS << (attempt - 1), LONGEST_WAIT_MS);
    return OptionalLong.of(Math.round(wait * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
  }
}
