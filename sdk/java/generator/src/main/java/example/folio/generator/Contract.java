package example.folio.generator;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The messages of the contract, by their names on the wire. */
final class Contract {
  private record Known(FileDescriptorProto file, DescriptorProto message) {}

  private final Map<String, Known> messages = new HashMap<>();

  Contract(List<FileDescriptorProto> files) {
    for (FileDescriptorProto file : files) {
      for (DescriptorProto message : file.getMessageTypeList()) {
        messages.put("." + file.getPackage() + "." + message.getName(), new Known(file, message));
      }
    }
  }

  /** The class of a message, with its package. */
  String javaType(String type) {
    Known known = messages.get(type);
    return known.file().getOptions().getJavaPackage() + "." + known.message().getName();
  }

  List<FieldDescriptorProto> fields(String type) {
    return messages.get(type).message().getFieldList();
  }

  Optional<FieldDescriptorProto> field(String type, String name) {
    return fields(type).stream().filter(field -> field.getName().equals(name)).findFirst();
  }

  /** The field with the rows of a list method: the first repeated message. Empty where it is not one. */
  Optional<FieldDescriptorProto> rowsOf(MethodDescriptorProto method) {
    if (field(method.getInputType(), "page_token").isEmpty()
        || field(method.getOutputType(), "next_page_token").isEmpty()) {
      return Optional.empty();
    }
    return fields(method.getOutputType())
        .stream()
        .filter(field
            -> field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED
                && field.getType() == FieldDescriptorProto.Type.TYPE_MESSAGE)
        .findFirst();
  }

  /** What the contract says of a thing, given by its path in the file; empty where it says nothing. */
  static String commentOf(FileDescriptorProto file, Integer... path) {
    return file.getSourceCodeInfo()
        .getLocationList()
        .stream()
        .filter(location -> location.getPathList().equals(List.of(path)))
        .map(Location::getLeadingComments)
        .findFirst()
        .orElse("");
  }

  /** "display_name" becomes "DisplayName". */
  static String camel(String name) {
    StringBuilder result = new StringBuilder();
    boolean upper = true;
    for (char letter : name.toCharArray()) {
      if (letter == '_') {
        upper = true;
      } else {
        result.append(upper ? Character.toUpperCase(letter) : letter);
        upper = Character.isDigit(letter);
      }
    }
    return result.toString();
  }

  /** "DisplayName" becomes "display_name". */
  static String snake(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase();
  }

  /** "DisplayName" becomes "displayName". */
  static String lower(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
