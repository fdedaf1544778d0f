package example.folio.generator;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import java.util.List;
import java.util.TreeSet;

/**
 * The class that knows which rows can be imported. It is generated rather than read from descriptors: to load those
 * would take an import longer than to begin.
 */
final class RowsClass {
  private static final String CHUNK = ".folio.v1.ImportChunk";

  private final Contract contract;

  RowsClass(Contract contract) {
    this.contract = contract;
  }

  String text() {
    TreeSet<String> imports = new TreeSet<>(List.of("com.google.protobuf.Message", contract.javaType(CHUNK)));
    StringBuilder types = new StringBuilder();
    StringBuilder adds = new StringBuilder();
    for (FieldDescriptorProto field : contract.fields(CHUNK)) {
      if (field.getType() != FieldDescriptorProto.Type.TYPE_MESSAGE) {
        continue;
      }
      String type = contract.javaType(field.getTypeName());
      String name = type.substring(type.lastIndexOf('.') + 1);
      imports.add(type);
      types.append("      case \"%s\" -> %s.class;%n".formatted(field.getName(), name));
      adds.append("      case \"%s\" -> chunk.add%s((%s) row);%n".formatted(
          field.getName(), Contract.camel(field.getName()), name));
    }
    StringBuilder text = new StringBuilder("package example.folio;\n\n");
    imports.forEach(imported -> text.append("import ").append(imported).append(";\n"));
    return text
        .append("\n/** The rows that can be imported. */\nfinal class ImportedRows {\n  private ImportedRows() {}\n\n")
        .append("  /** Of a collection; null where it cannot be imported. */\n")
        .append("  static Class<? extends Message> typeOf(String collection) {\n    return switch (collection) {\n")
        .append(types)
        .append("      default -> null;\n    };\n  }\n\n")
        .append("  /** Adds a row, which is of the collection's type. */\n")
        .append("  static void add(ImportChunk.Builder chunk, String collection, Message row) {\n")
        .append("    switch (collection) {\n")
        .append(adds)
        .append("      default -> throw new IllegalArgumentException(collection);\n    }\n  }\n}\n")
        .toString();
  }
}
