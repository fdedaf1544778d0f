// api list, describe, call: every method of the contract, by its descriptor.
#include <memory>

#include "absl/strings/ascii.h"
#include "client/cli/commands/commands.h"
#include "client/cli/output/records.h"
#include "client/cli/value/dynamic.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "folio/v1/options.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/util/json_util.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

std::string ShortName(const MethodDescriptor& method) { return method.service()->name() + "." + method.name(); }

absl::StatusOr<const MethodDescriptor*> Find(const std::string& name) {
  if (const MethodDescriptor* method = FindMethod(name)) return method;
  std::vector<std::string> names;
  for (const auto* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) names.push_back(ShortName(*service->method(i)));
  }
  const std::string near = Nearest(name, names);
  const std::string english = near.empty() ? "; `folio api list` lists them." : "; do you mean " + Quoted(near) + "?";
  const std::string french = near.empty() ? " ; `folio api list` les donne." : " ; est-ce " + Quoted(near) + " ?";
  return WrongUsage("There is no method " + Quoted(name) + english,
                    "La méthode " + Quoted(name) + " n'existe pas" + french);
}

std::string TypeName(const FieldDescriptor& field) {
  std::string type = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? field.message_type()->full_name()
                     : field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM  ? field.enum_type()->full_name()
                                                                          : field.type_name();
  if (field.is_map()) return "map";
  return field.is_repeated() ? "repeated " + type : type;
}

std::string RoleFor(const MethodDescriptor& method) {
  return EnumText(*v1::Role_descriptor()->FindValueByNumber(method.options().GetExtension(v1::access).role()));
}

void DescribeService(Context& context, const google::protobuf::ServiceDescriptor& service) {
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& method = *service.method(i);
    context.out << ShortName(method) << "  " << RoleFor(method);
    if (method.client_streaming()) context.out << "  client stream";
    if (method.server_streaming()) context.out << "  server stream";
    context.out << '\n';
  }
}

// An object a method, for programs.
Json MethodsAsJson() {
  Json methods = Json::array();
  for (const auto* service : Services()) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor& method = *service->method(i);
      methods.push_back({{"method", ShortName(method)},
                         {"role", RoleFor(method)},
                         {"writes", method.options().GetExtension(v1::access).writes()},
                         {"client_stream", method.client_streaming()},
                         {"server_stream", method.server_streaming()}});
    }
  }
  return methods;
}

absl::StatusOr<int> ListMethods(Context& context) {
  const OutputStyle style = context.output();
  switch (style.format) {
    case Format::kTable:
      for (const auto* service : Services()) DescribeService(context, *service);
      break;
    case Format::kJson:
      context.out << JsonText(MethodsAsJson(), true) << '\n';
      break;
    case Format::kJsonLines:
      for (const Json& method : MethodsAsJson()) context.out << JsonText(method, false) << '\n';
      break;
    case Format::kCsv:
      WriteCsvHead(context.out, style, {"method", "role", "writes", "client_stream", "server_stream"});
      for (const Json& method : MethodsAsJson()) {
        std::vector<std::string> cells = {method["method"], method["role"]};
        for (const char* flag : {"writes", "client_stream", "server_stream"}) cells.push_back(method[flag].dump());
        WriteCsvRow(context.out, style.csv, std::move(cells));
      }
      break;
  }
  return kSuccess;
}

void DescribeEnum(Context& context, const google::protobuf::EnumDescriptor& type) {
  context.out << type.full_name() << '\n';
  for (int i = 0; i < type.value_count(); ++i) {
    context.out << "  " << type.value(i)->name() << "  " << type.value(i)->number() << '\n';
  }
}

void DescribeMessage(Context& context, const Descriptor& type) {
  context.out << type.full_name() << '\n';
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    context.out << "  " << field.name() << "  " << TypeName(field);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      for (int k = 0; k < field.enum_type()->value_count(); ++k)
        context.out << (k == 0 ? "  " : " | ") << field.enum_type()->value(k)->name();
    }
    for (int k = 0; k < field.options().ExtensionSize(google::api::field_behavior); ++k) {
      const google::api::FieldBehavior behavior = field.options().GetExtension(google::api::field_behavior, k);
      context.out << "  " << absl::AsciiStrToLower(google::api::FieldBehavior_Name(behavior));
    }
    if (field.real_containing_oneof() != nullptr) context.out << "  one of " << field.real_containing_oneof()->name();
    context.out << '\n';
  }
}

absl::StatusOr<int> Describe(Context& context, const std::string& name) {
  const google::protobuf::DescriptorPool& pool = *google::protobuf::DescriptorPool::generated_pool();
  const std::string full_name = name.find('.') == std::string::npos ? "folio.v1." + name : name;
  if (const Descriptor* message = pool.FindMessageTypeByName(full_name)) {
    DescribeMessage(context, *message);
    return kSuccess;
  }
  if (const auto* type = pool.FindEnumTypeByName(full_name)) {
    DescribeEnum(context, *type);
    return kSuccess;
  }
  if (const auto* service = pool.FindServiceByName(full_name)) {
    DescribeService(context, *service);
    return kSuccess;
  }
  const absl::StatusOr<const MethodDescriptor*> method = Find(name);
  if (!method.ok()) return method.status();
  context.out << ShortName(**method) << '\n';
  DescribeMessage(context, *(*method)->input_type());
  DescribeMessage(context, *(*method)->output_type());
  return kSuccess;
}

// --- call -----------------------------------------------------------------------------------------------------------

absl::StatusOr<std::string> RequestText(const std::string& data) {
  if (!data.starts_with('@')) return data.empty() ? "{}" : data;
  return ReadText(data.substr(1));
}

absl::Status ParseRequest(const std::string& text, Message* request) {
  const auto status = google::protobuf::util::JsonStringToMessage(text, request);
  if (status.ok()) return absl::OkStatus();
  const std::string what(status.message().data(), status.message().size());
  return WrongUsage("The request is not a " + request->GetDescriptor()->full_name() + ": " + what,
                    "La requête n'est pas un " + request->GetDescriptor()->full_name() + " : " + what);
}

// The canonical JSON of protocol buffers, as other tools read it.
std::string CanonicalJson(const Message& message, bool indented) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = indented;
  options.preserve_proto_field_names = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  if (!status.ok()) return "{}\n";
  return text.ends_with('\n') ? text : text + '\n';
}

absl::StatusOr<int> CallMethod(Context& context, const std::string& name, const std::string& data) {
  const absl::StatusOr<const MethodDescriptor*> method = Find(name);
  if (!method.ok()) return method.status();
  if ((*method)->client_streaming()) {
    return WrongUsage(ShortName(**method) + " takes a stream; `folio accounts import` and its like call it.",
                      ShortName(**method) + " attend un flux ; `folio accounts import` et ses semblables l'appellent.");
  }
  if (context.output().format == Format::kCsv) {
    return WrongUsage("A method answers in JSON, whose parts are no columns: leave -o csv out.",
                      "Une méthode répond en JSON, dont les parties ne sont pas des colonnes : retirez -o csv.");
  }
  const absl::StatusOr<std::string> text = RequestText(data);
  if (!text.ok()) return text.status();
  const std::unique_ptr<Message> request = NewMessage((*method)->input_type());
  if (absl::Status status = ParseRequest(*text, request.get()); !status.ok()) return status;
  const absl::StatusOr<const Client*> client = context.client();
  if (!client.ok()) return client.status();
  absl::Status status;
  if ((*method)->server_streaming()) {
    const auto print = [&](const Message& message) {
      context.out << CanonicalJson(message, false) << std::flush;
      return context.out ? absl::OkStatus() : absl::CancelledError("The reader has gone.");
    };
    status = (*client)->InvokeStream(**method, *request, print, context.stop);
    if (!context.out) return kSuccess;
  } else {
    const std::unique_ptr<Message> response = NewMessage((*method)->output_type());
    status = (*client)->Invoke(**method, *request, response.get(), context.stop);
    if (status.ok()) context.out << CanonicalJson(*response, context.flags.format != "jsonl");
  }
  if (!status.ok()) return status;
  return kSuccess;
}

}  // namespace

void AddApiCommands(CLI::App& app, Context& context) {
  CLI::App* group = AddGroup(app, "api", "Every method of the server");
  CLI::App* list = group->add_subcommand("list", "Lists all methods with the role they need");
  list->callback([&context] { context.action = [&context] { return ListMethods(context); }; });

  auto described = std::make_shared<std::string>();
  CLI::App* describe = group->add_subcommand("describe", "Shows what a service, method, message or enum holds");
  describe->add_option("name", *described, "For example AccountService.GetAccount, or Account")->required();
  describe->callback(
      [&context, described] { context.action = [&context, described] { return Describe(context, *described); }; });

  auto called = std::make_shared<std::string>();
  auto data = std::make_shared<std::string>();
  CLI::App* call = group->add_subcommand("call", "Calls a method; streams answer with a line of JSON each");
  call->add_option("method", *called, "For example AccountService.GetAccount")->required();
  call->add_option("-d,--data", *data, "The request as JSON, or @FILE, or @- for standard input");
  call->callback([&context, called, data] {
    context.action = [&context, called, data] { return CallMethod(context, *called, *data); };
  });
}

}  // namespace folio::cli
