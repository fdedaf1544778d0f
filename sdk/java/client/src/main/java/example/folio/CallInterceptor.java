package example.folio;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Gives every call its metadata, and unary ones further attempts, and a deadline and a request id where they have
 * none.
 */
final class CallInterceptor implements ClientInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION = key("authorization");
  private static final Metadata.Key<String> LANGUAGE = key("accept-language");

  /** What a server speaks where it is not asked; asking for it would cost every call a header. */
  private static final String UNASKED_LOCALE = "en";

  private final String authorization; // null where there is no key
  private final String locale;
  private final Duration timeout;
  private final Retries retries = new Retries();
  private final Map<MethodDescriptor<?, ?>, Traits> known = new ConcurrentHashMap<>();

  CallInterceptor(ClientOptions options) {
    authorization = options.key().isEmpty() ? null : "Bearer " + options.key();
    locale = options.locale();
    timeout = Checked.bounded(options.timeout());
  }

  @Override
  public <Q, T> ClientCall<Q, T> interceptCall(MethodDescriptor<Q, T> method, CallOptions given, Channel next) {
    boolean unary = method.getType() == MethodDescriptor.MethodType.UNARY;
    Traits traits = unary ? known.computeIfAbsent(method, Traits::of) : Traits.OF_STREAMS;
    CallOptions options =
        unary && given.getDeadline() == null ? given.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS) : given;
    ClientCall<Q, T> call =
        traits.mayRepeat() ? new RetryingCall<>(next, method, options, retries) : next.newCall(method, options);
    return new SimpleForwardingClientCall<>(call) {
      @Override
      public void start(Listener<T> listener, Metadata headers) {
        if (!locale.equals(UNASKED_LOCALE)) {
          headers.put(LANGUAGE, locale);
        }
        if (authorization != null) {
          headers.put(AUTHORIZATION, authorization);
        }
        super.start(listener, headers);
      }

      @Override
      public void sendMessage(Q message) {
        super.sendMessage(traits.completed(message));
      }
    };
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** What follows from the contract for every call of a method. */
  private record Traits(boolean mayRepeat, FieldDescriptor requestId) {
    static final Traits OF_STREAMS = new Traits(false, null);

    static Traits of(MethodDescriptor<?, ?> method) {
      FieldDescriptor requestId = method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier
          ? supplier.getMethodDescriptor().getInputType().findFieldByName("request_id")
          : null;
      return new Traits(Retries.mayRepeat(method), requestId);
    }

    /** The request, or a copy with a request id where it takes one and has none. */
    @SuppressWarnings("unchecked")
    <Q> Q completed(Q request) {
      if (requestId == null || !(request instanceof Message message)
          || !((String) message.getField(requestId)).isEmpty()) {
        return request;
      }
      return (Q) message.toBuilder().setField(requestId, UUID.randomUUID().toString()).build();
    }
  }
}
