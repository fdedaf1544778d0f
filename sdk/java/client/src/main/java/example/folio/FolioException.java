package example.folio;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.LocalizedMessage;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * A call that failed. Programs decide by {@link #code} and {@link #reason}.
 *
 * <pre>{@code
 * client.accounts().updateAccount(request).exceptionally(failure -> {
 *   if (FolioException.of(failure).reason().equals("ETAG_MISMATCH")) { ... }
 * });
 * }</pre>
 */
public class FolioException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * One field at fault.
   *
   * @param field its path in the request, for example "account.display_name"
   * @param reason a word of the documented list; may be empty
   * @param description in the caller's language where the server has it
   */
  public record FieldViolation(String field, String reason, String description) implements java.io.Serializable {}

  private final Details details;

  private record Details(Status.Code code, String message, String reason, Map<String, String> metadata,
      List<FieldViolation> fields, Duration retryAfter, String requestId) implements java.io.Serializable {}

  FolioException(Status.Code code, String message, Throwable cause) {
    this(new Details(code, message, "", Map.of(), List.of(), null, ""), cause);
  }

  /** A failure with the details of another. */
  protected FolioException(FolioException other) {
    this(other.details, other);
  }

  private FolioException(Details details, Throwable cause) {
    super(textOf(details), cause);
    this.details = details;
  }

  /**
   * The failure of a call: what a future, its {@code join} or {@code get}, or a stub on {@link FolioClient#channel}
   * threw. What is none has code UNKNOWN, and is the cause.
   */
  public static FolioException of(Throwable failure) {
    Throwable inner = failure;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException) && inner.getCause() != null) {
      inner = inner.getCause();
    }
    if (inner instanceof FolioException already) {
      return already;
    }
    if (inner instanceof StatusRuntimeException failed) {
      return of(failed.getStatus(), failed.getTrailers());
    }
    if (inner instanceof StatusException failed) {
      return of(failed.getStatus(), failed.getTrailers());
    }
    if (inner instanceof CancellationException) {
      return new FolioException(Status.Code.CANCELLED, "The call was cancelled.", inner);
    }
    return new FolioException(Status.Code.UNKNOWN, String.valueOf(inner.getMessage()), inner);
  }

  static FolioException of(Status status, Metadata trailers) {
    String message = status.getDescription() == null ? "" : status.getDescription();
    if (status.getCause() != null) {
      // gRPC says "io exception"; what it was, and with which address, is in the cause, or in the cause of that.
      message += (message.isEmpty() ? "" : ": ") + textOf(status.getCause());
    }
    String reason = "";
    Map<String, String> metadata = Map.of();
    List<FieldViolation> fields = new ArrayList<>();
    Duration retryAfter = null;
    String requestId = "";
    if (trailers != null) {
      requestId = trailers.containsKey(REQUEST_ID) ? trailers.get(REQUEST_ID) : "";
      for (Any detail : StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList()) {
        try {
          if (detail.is(ErrorInfo.class)) {
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            reason = info.getReason();
            metadata = Map.copyOf(info.getMetadataMap());
          } else if (detail.is(BadRequest.class)) {
            detail.unpack(BadRequest.class).getFieldViolationsList().forEach(fault -> fields.add(violationOf(fault)));
          } else if (detail.is(RetryInfo.class)) {
            com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
            retryAfter = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
          } else if (detail.is(LocalizedMessage.class)) {
            message = detail.unpack(LocalizedMessage.class).getMessage();
          }
        } catch (InvalidProtocolBufferException unreadable) {
          message += " (a detail of this error cannot be read)";
        }
      }
    }
    return new FolioException(
        new Details(status.getCode(), message, reason, metadata, List.copyOf(fields), retryAfter, requestId),
        status.getCause());
  }

  private static String textOf(Throwable cause) {
    Throwable first = cause;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String text = String.valueOf(cause.getMessage());
    String inner = String.valueOf(first.getMessage());
    return text.contains(inner) ? text : text + ": " + inner;
  }

  private static FieldViolation violationOf(BadRequest.FieldViolation fault) {
    String localized = fault.getLocalizedMessage().getMessage();
    return new FieldViolation(
        fault.getField(), fault.getReason(), localized.isEmpty() ? fault.getDescription() : localized);
  }

  private static String textOf(Details details) {
    StringBuilder text = new StringBuilder(details.code() + ": " + details.message());
    if (!details.reason().isEmpty()) {
      text.append(" (").append(details.reason()).append(')');
    }
    for (FieldViolation fault : details.fields()) {
      text.append("\n  ").append(fault.field()).append(": ").append(fault.description());
    }
    if (!details.requestId().isEmpty()) {
      text.append("\n  request id ").append(details.requestId());
    }
    return text.toString();
  }

  /** The status of the call. */
  public Status.Code code() {
    return details.code();
  }

  /** What went wrong, in the caller's language where the server has it; {@link #getMessage} also has the rest. */
  public String message() {
    return details.message();
  }

  /** "ETAG_MISMATCH"; empty where no Folio server said it. */
  public String reason() {
    return details.reason();
  }

  /** The details of the reason. */
  public Map<String, String> metadata() {
    return details.metadata();
  }

  /** Each field at fault. */
  public List<FieldViolation> fields() {
    return details.fields();
  }

  /** How long to wait before another attempt; empty where the server does not say. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(details.retryAfter());
  }

  /** Names the call in the server's log; may be empty. */
  public String requestId() {
    return details.requestId();
  }
}
