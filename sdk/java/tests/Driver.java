import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import example.folio.ClientOptions;
import example.folio.Export;
import example.folio.FolioClient;
import example.folio.FolioException;
import example.folio.ImportException;
import example.folio.ImportOptions;
import example.folio.ImportReport;
import example.folio.Rows;
import example.folio.Watch;
import example.folio.WatchOptions;
import example.folio.v1.Account;
import example.folio.v1.ExportAccountsRequest;
import example.folio.v1.ImportHeader;
import example.folio.v1.ListAccountsRequest;
import example.folio.v1.WatchPortfolioRequest;
import example.folio.v1.WatchPortfolioResponse;
import example.folio.v1.WatchRequest;
import example.folio.v1.WatchResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Does through the SDK what the conformance harness says: a command a line in, a result a line out. sdk/spec.md
 * describes both.
 */
public final class Driver {
  private final JsonObject command;
  private final JsonObject came = new JsonObject();

  private Driver(JsonObject command) {
    this.command = command;
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      output.println(new Driver(JsonParser.parseString(line).getAsJsonObject()).perform());
    }
  }

  private JsonObject perform() throws Exception {
    long start = System.nanoTime();
    try {
      if (text(command, "op").equals("options")) {
        doOptions();
      } else {
        doWithClient();
      }
    } catch (FolioException failed) {
      came.add("error", errorJson(failed));
    }
    came.addProperty("elapsed_ms", (System.nanoTime() - start) / 1e6);
    return came;
  }

  private void doWithClient() throws Exception {
    JsonObject given = command.getAsJsonObject("client");
    ClientOptions.Builder options = ClientOptions.builder()
                                        .server(text(given, "server"))
                                        .key(text(given, "key"))
                                        .caFile(text(given, "ca_file"))
                                        .tls(given.has("tls") && given.get("tls").getAsBoolean());
    if (given.has("locale")) {
      options.locale(text(given, "locale"));
    }
    if (given.has("timeout_ms")) {
      options.timeout(milliseconds(given, "timeout_ms"));
    }
    try (FolioClient client = new FolioClient(options.build())) {
      switch (text(command, "op")) {
        case "call" -> doCall(client);
        case "list" -> doList(client);
        case "modify" -> doModify(client);
        case "import" -> doImport(client);
        case "export" -> doExport(client);
        case "watch" -> doWatch(client);
        case "watch_portfolio" -> doWatchPortfolio(client);
        default -> throw new IllegalArgumentException("no operation " + command);
      }
    }
  }

  private void doOptions() {
    Map<String, String> environment = new HashMap<>();
    command.getAsJsonObject("env").entrySet()
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().getAsString()));
    ClientOptions.Builder given = ClientOptions.builder();
    if (command.has("overrides")) {
      JsonObject overrides = command.getAsJsonObject("overrides");
      given.profile(text(overrides, "profile"));
      if (overrides.has("server")) {
        given.server(text(overrides, "server"));
      }
      if (overrides.has("key_file")) {
        given.keyFile(text(overrides, "key_file"));
      }
      if (overrides.has("locale")) {
        given.locale(text(overrides, "locale"));
      }
      if (overrides.has("tls")) {
        given.tls(overrides.get("tls").getAsBoolean());
      }
      if (overrides.has("ca_file")) {
        given.caFile(text(overrides, "ca_file"));
      }
      if (overrides.has("timeout_ms")) {
        given.timeout(milliseconds(overrides, "timeout_ms"));
      }
    }
    ClientOptions options = given.load(environment);
    JsonObject told = new JsonObject();
    told.addProperty("server", options.server());
    told.addProperty("key", options.key());
    told.addProperty("tls", options.tls());
    told.addProperty("locale", options.locale());
    told.addProperty("ca_file", options.caFile());
    told.addProperty("timeout_ms", options.timeout().toMillis());
    came.add("ok", told);
  }

  /** A method by its name on the wire: that of the service's class with its request. */
  private void doCall(FolioClient client) throws Exception {
    String[] name = text(command, "method").split("\\.");
    Method accessor = Arrays.stream(FolioClient.class.getMethods())
        .filter(method -> method.getReturnType().getSimpleName().equals(name[0])).findFirst().orElseThrow();
    Object service = accessor.invoke(client);
    String call = Character.toLowerCase(name[1].charAt(0)) + name[1].substring(1);
    Method method = Arrays.stream(service.getClass().getMethods())
        .filter(candidate -> candidate.getName().equals(call)
            && Message.class.isAssignableFrom(candidate.getParameterTypes()[0]))
        .findFirst().orElseThrow();
    Message.Builder request = (Message.Builder) method.getParameterTypes()[0].getMethod("newBuilder").invoke(null);
    Object result = method.invoke(service, parsed("request", request).build());
    Object response = result instanceof Rows<?, ?> list
        ? await(list.firstPage()).response() :
          await((CompletableFuture<?>) result);
          came.add("ok", response == null ? new JsonObject() : json((Message) response));
      }

      private void doList(FolioClient client) throws IOException {
        ListAccountsRequest request = parsed("request", ListAccountsRequest.newBuilder()).build();
        JsonArray rows = new JsonArray();
        came.add("rows", rows);
        for (Account account : client.accounts().listAccounts(request)) {
          rows.add(json(account));
          if (command.has("limit") && rows.size() == command.get("limit").getAsInt()) {
            break;
          }
        }
      }

      private void doModify(FolioClient client) throws IOException {
        int[] attempts = {0};
        try {
          came.add("ok", json(await(client.accounts().modifyAccount(text(command, "name"), account -> {
            attempts[0] += 1;
            account.setNotes(account.getNotes() + text(command, "append"));
          }))));
        } finally {
          came.addProperty("attempts", attempts[0]);
        }
      }

      private List<Account> rows() throws IOException {
        List<Account> rows = new ArrayList<>();
        if (command.has("rows")) {
          for (JsonElement row : command.getAsJsonArray("rows")) {
            Account.Builder account = Account.newBuilder();
            JsonFormat.parser().merge(row.toString(), account);
            rows.add(account.build());
          }
        }
        int count = command.has("count") ? command.get("count").getAsInt() : 0;
        for (int number = 1; number <= count; ++number) {
          rows.add(Account.newBuilder()
                       .setName(String.format("accounts/row-%06d", number))
                       .setDisplayName("Row " + number)
                       .setSector("Imported")
                       .build());
        }
        return rows;
      }

      private void doImport(FolioClient client) throws IOException {
        ImportHeader header = parsed("header", ImportHeader.newBuilder()).build();
        JsonArray progress = new JsonArray();
        ImportOptions options = ImportOptions.DEFAULT.withProgress(report -> progress.add(report.durableThroughRow()));
        if (command.has("patience_ms")) {
          options = options.withPatience(milliseconds(command, "patience_ms"));
        }
        try {
          came.add("report", reportJson(await(client.importRows(header, rows(), options))));
        } catch (ImportException failed) {
          came.add("report", reportJson(failed.report()));
          throw failed;
        } finally {
          came.add("progress", progress);
        }
      }

      private static JsonObject reportJson(ImportReport report) {
        JsonObject told = new JsonObject();
        told.addProperty("durable", report.durableThroughRow());
        told.addProperty("created", report.counts().getCreated());
        told.addProperty("updated", report.counts().getUpdated());
        told.addProperty("restored", report.counts().getRestored());
        told.addProperty("unchanged", report.counts().getUnchanged());
        told.addProperty("skipped", report.counts().getSkipped());
        told.addProperty("rejected", report.counts().getRejected());
        JsonArray rejected = new JsonArray();
        report.rejected().forEach(row -> {
          JsonObject fault = new JsonObject();
          fault.addProperty("row", row.getRow());
          fault.addProperty("field", row.getField());
          fault.addProperty("reason", row.getReason());
          fault.addProperty("message", row.getMessage());
          rejected.add(fault);
        });
        told.add("rejected_rows", rejected);
        return told;
      }

      private void doExport(FolioClient client) throws IOException {
        ExportAccountsRequest request = parsed("request", ExportAccountsRequest.newBuilder()).build();
        JsonArray rows = new JsonArray();
        JsonArray progress = new JsonArray();
        came.add("rows", rows);
        came.add("progress", progress);
        try (Export export = client.exportAccounts(request, (done, total) -> {
          JsonArray pair = new JsonArray();
          pair.add(done);
          pair.add(total);
          progress.add(pair);
        })) {
          for (Account account : export) {
            rows.add(json(account));
          }
        }
      }

      private void doWatch(FolioClient client) throws IOException {
        WatchRequest request = parsed("request", WatchRequest.newBuilder()).build();
        JsonArray events = new JsonArray();
        came.add("events", events);
        try (Watch<WatchResponse> watch = client.watch(request, watchOptions())) {
          for (WatchResponse response : watch) {
            take(events, response.getEventsList(), response.getResumeToken());
            if (events.size() >= command.get("until").getAsInt()) {
              break;
            }
          }
        }
      }

      private void doWatchPortfolio(FolioClient client) throws IOException {
        WatchPortfolioRequest request = parsed("request", WatchPortfolioRequest.newBuilder()).build();
        JsonArray changes = new JsonArray();
        came.add("changes", changes);
        try (Watch<WatchPortfolioResponse> watch = client.watchPortfolio(request, watchOptions())) {
          for (WatchPortfolioResponse response : watch) {
            take(changes, response.getChangesList(), response.getResumeToken());
            if (changes.size() >= command.get("until").getAsInt()) {
              break;
            }
          }
        }
      }

      private WatchOptions watchOptions() {
        return command.has("patience_ms") ? new WatchOptions(milliseconds(command, "patience_ms"))
                                          : WatchOptions.DEFAULT;
      }

      private void take(JsonArray all, List<? extends MessageOrBuilder> some, String token) throws IOException {
        for (MessageOrBuilder one : some) {
          all.add(json(one));
        }
        came.addProperty("token", token);
      }

      private static JsonObject errorJson(FolioException failed) {
        JsonObject told = new JsonObject();
        told.addProperty("code", failed.code().name());
        told.addProperty("message", failed.message());
        told.addProperty("reason", failed.reason());
        JsonObject metadata = new JsonObject();
        failed.metadata().forEach(metadata::addProperty);
        told.add("metadata", metadata);
        JsonArray fields = new JsonArray();
        failed.fields().forEach(violation -> {
          JsonObject fault = new JsonObject();
          fault.addProperty("field", violation.field());
          fault.addProperty("reason", violation.reason());
          fault.addProperty("description", violation.description());
          fields.add(fault);
        });
        told.add("fields", fields);
        failed.retryAfter().ifPresent(wait -> told.addProperty("retry_after_ms", wait.toMillis()));
        told.addProperty("request_id", failed.requestId());
        return told;
      }

      private static <T> T await(CompletableFuture<T> future) {
        try {
          return future.join();
        } catch (RuntimeException failed) {
          throw FolioException.of(failed);
        }
      }

      private <B extends Message.Builder> B parsed(String name, B builder) throws InvalidProtocolBufferException {
        JsonFormat.parser().merge(command.get(name).toString(), builder);
        return builder;
      }

      private static JsonElement json(MessageOrBuilder message) throws InvalidProtocolBufferException {
        return JsonParser.parseString(JsonFormat.printer().omittingInsignificantWhitespace().print(message));
      }

      private static String text(JsonObject object, String name) {
        return object.has(name) ? object.get(name).getAsString() : "";
      }

      private static Duration milliseconds(JsonObject object, String name) {
        return Duration.ofMillis(object.get(name).getAsLong());
      }
    }
