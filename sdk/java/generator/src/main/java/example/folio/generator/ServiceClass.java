package example.folio.generator;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The class of one service: each call with a request, and with a request that is filled on the spot. */
final class ServiceClass {
  private static final String EMPTY = ".google.protobuf.Empty";
  private static final String ROWS_COMMENT =
      "Here the rows of all pages, one after the other; a page is fetched when its first row is asked for.";
  private static final String MODIFY_COMMENT =
      "Reads it, lets `change` change it, and writes what has changed, bound to what was read. Where somebody else was"
      + " first, does so again, five times at most, all within one timeout. Gives what is now stored. An exception of"
      + " `change`, which must not wait, ends it.";

  private final Contract contract;
  private final FileDescriptorProto file;
  private final int index;
  private final ServiceDescriptorProto service;
  private final TreeSet<String> imports = new TreeSet<>();
  private final StringBuilder body = new StringBuilder();

  ServiceClass(Contract contract, FileDescriptorProto file, int index) {
    this.contract = contract;
    this.file = file;
    this.index = index;
    this.service = file.getService(index);
  }

  String text() {
    imports.add(file.getOptions().getJavaPackage() + "." + service.getName() + "Grpc");
    imports.add("java.time.Duration");
    String name = service.getName();
    body.append(Javadoc.of("", Contract.commentOf(file, 6, index)));
    body.append("public final class ").append(name).append(" {\n  private final Calls calls;\n\n");
    body.append("  ").append(name).append("(Calls calls) {\n    this.calls = calls;\n  }\n\n");
    body.append(Javadoc.of("  ", "The same calls with another timeout: of one call, with all its attempts."));
    body.append("  public ")
        .append(name)
        .append(" withTimeout(Duration timeout) {\n    return new ")
        .append(name)
        .append("(calls.withTimeout(timeout));\n  }\n");
    for (int method = 0; method < service.getMethodCount(); ++method) {
      addMethod(service.getMethod(method), Contract.commentOf(file, 6, index, 2, method));
    }
    service.getMethodList().forEach(this::addModify);
    body.append("}\n");
    StringBuilder head = new StringBuilder("package example.folio;\n\n");
    imports.forEach(imported -> head.append("import ").append(imported).append(";\n"));
    return head.append("\n").append(body).toString();
  }

  private void addMethod(MethodDescriptorProto method, String comment) {
    String request = use(contract.javaType(method.getInputType()));
    String call = Contract.lower(method.getName());
    String descriptor = service.getName() + "Grpc.get" + method.getName() + "Method()";
    Optional<FieldDescriptorProto> rows = contract.rowsOf(method);
    String result;
    String made;
    if (rows.isPresent()) {
      String page = use(contract.javaType(method.getOutputType()));
      result = "Rows<" + use(contract.javaType(rows.get().getTypeName())) + ", " + page + ">";
      made = "new Rows<>(request.getPageToken(),\n        token -> calls.unary(" + descriptor
          + ", request.toBuilder().setPageToken(token).build()),\n        " + page + "::get"
          + Contract.camel(rows.get().getName()) + "List, " + page + "::getNextPageToken)";
    } else if (method.getServerStreaming()) {
      result = "Messages<" + use(contract.javaType(method.getOutputType())) + ">";
      made = "new Messages<>(calls.stream(" + descriptor + ", request))";
    } else if (method.getOutputType().equals(EMPTY)) {
      result = use("java.util.concurrent.CompletableFuture") + "<Void>";
      made = "calls.unary(" + descriptor + ", request, empty -> null)";
    } else {
      result =
          use("java.util.concurrent.CompletableFuture") + "<" + use(contract.javaType(method.getOutputType())) + ">";
      made = "calls.unary(" + descriptor + ", request)";
    }
    String doc = rows.isPresent() ? comment + " " + ROWS_COMMENT : comment;
    add(doc, result, call, request + " request", "return " + made + ";");
    String filler = use("java.util.function.Consumer") + "<" + request + ".Builder> fill";
    add("As above, with a request that is filled on the spot. " + doc, result, call, filler,
        request + ".Builder request = " + request + ".newBuilder();\n    fill.accept(request);\n    return " + call
            + "(request.build());");
  }

  /** A read-change-write for what has both a Get and an Update with a mask. */
  private void addModify(MethodDescriptorProto update) {
    String stem = update.getName().replaceFirst("^Update", "");
    Optional<FieldDescriptorProto> resource = contract.field(update.getInputType(), Contract.snake(stem));
    boolean readable = service.getMethodList().stream().anyMatch(method -> method.getName().equals("Get" + stem));
    if (!update.getName().startsWith("Update") || !readable || resource.isEmpty()
        || contract.field(update.getInputType(), "update_mask").isEmpty()) {
      return;
    }
    String type = use(contract.javaType(resource.get().getTypeName()));
    String name = service.getName();
    String future = use("java.util.concurrent.CompletableFuture") + "<" + type + ">";
    String change = use("java.util.function.Consumer") + "<" + type + ".Builder> change";
    List<String> statement = List.of( // the service, the stem of its methods, the resource's class, its field
        "return new Modification<>(", "        within -> new %1$s(within).get%2$s(request -> request.setName(name)),",
        "        read -> {", "          %3$s.Builder changed = read.toBuilder();", "          change.accept(changed);",
        "          return changed.build();", "        },", "        (within, changed, mask) ->",
        "            new %1$s(within).update%2$s(request -> request.set%4$s(changed).setUpdateMask(mask)))",
        "    .start(calls);");
    add(MODIFY_COMMENT, future, "modify" + stem, "String name, " + change,
        String.join("\n    ", statement).formatted(name, stem, type, Contract.camel(resource.get().getName())));
  }

  private void add(String comment, String result, String name, String parameters, String statements) {
    body.append("\n")
        .append(Javadoc.of("  ", comment))
        .append("  public ")
        .append(result)
        .append(" ")
        .append(name)
        .append("(")
        .append(parameters)
        .append(") {\n    ")
        .append(statements)
        .append("\n  }\n");
  }

  /** The short name of a class, which is imported. */
  private String use(String type) {
    imports.add(type);
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
