package example.folio.generator;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A plugin of protoc: a class for each service of the contract, one that gives them all, and one for imports. */
public final class Generator {
  /** Reached through FolioClient.importRows and watch, which do what a bare stream leaves to the caller. */
  private static final Set<String> WRAPPED = Set.of("ImportService", "WatchService");

  private Generator() {}

  public static void main(String[] arguments) throws IOException {
    CodeGeneratorRequest request = CodeGeneratorRequest.parseFrom(System.in);
    Contract contract = new Contract(request.getProtoFileList());
    CodeGeneratorResponse.Builder response = CodeGeneratorResponse.newBuilder().setSupportedFeatures(
        CodeGeneratorResponse.Feature.FEATURE_PROTO3_OPTIONAL_VALUE);
    List<ServiceDescriptorProto> services = new ArrayList<>();
    for (FileDescriptorProto file : request.getProtoFileList()) {
      for (int index = 0; index < file.getServiceCount(); ++index) {
        ServiceDescriptorProto service = file.getService(index);
        if (!WRAPPED.contains(service.getName()) && request.getFileToGenerateList().contains(file.getName())) {
          services.add(service);
          response.addFile(source(service.getName(), new ServiceClass(contract, file, index).text()));
        }
      }
    }
    response.addFile(source("Services", all(services)));
    response.addFile(source("ImportedRows", new RowsClass(contract).text()));
    response.build().writeTo(System.out);
  }

  private static CodeGeneratorResponse.File source(String name, String text) {
    return CodeGeneratorResponse.File.newBuilder().setName("example/folio/" + name + ".java").setContent(text).build();
  }

  private static String all(List<ServiceDescriptorProto> services) {
    StringBuilder text = new StringBuilder("package example.folio;\n\n/** Every service of the contract. */\n"
        + "abstract class Services {\n  private final Calls calls;\n\n"
        + "  Services(Calls calls) {\n    this.calls = calls;\n  }\n");
    for (ServiceDescriptorProto service : services) {
      text.append(
          String.format("%n  /** Calls of {@link %1$s}. */%n  public %1$s %2$s() {%n    return new %1$s(calls);%n  }%n",
              service.getName(), attributeOf(service)));
    }
    return text.append("}\n").toString();
  }

  /** "accounts" for AccountService, which lists them; "portfolio" for PortfolioService. */
  private static String attributeOf(ServiceDescriptorProto service) {
    String stem = service.getName().replaceFirst("Service$", "");
    boolean plural = service.getMethodList().stream().anyMatch(method -> method.getName().equals("List" + stem + "s"));
    return Contract.lower(stem) + (plural ? "s" : "");
  }
}
