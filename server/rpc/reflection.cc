#include "server/rpc/reflection.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/support/server_callback.h"
#include "grpcpp/support/status.h"

namespace folio::rpc {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

struct V1 {
  using Service = grpc::reflection::v1::ServerReflection;
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
};

struct V1Alpha {
  using Service = grpc::reflection::v1alpha::ServerReflection;
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
};

const DescriptorPool& Pool() { return *DescriptorPool::generated_pool(); }

// Adds a file and those that it imports, each once.
template <class Response>
void AddFile(const FileDescriptor* file, std::set<const FileDescriptor*>* added, Response* response) {
  if (!added->insert(file).second) return;
  google::protobuf::FileDescriptorProto proto;
  file->CopyTo(&proto);
  response->mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
  for (int i = 0; i < file->dependency_count(); ++i) AddFile(file->dependency(i), added, response);
}

template <class Response>
void SetNotFound(const std::string& what, Response* response) {
  response->mutable_error_response()->set_error_code(grpc::StatusCode::NOT_FOUND);
  response->mutable_error_response()->set_error_message(what + " is not known");
}

template <class Response>
void AnswerFile(const FileDescriptor* file, const std::string& what, Response* response) {
  std::set<const FileDescriptor*> added;
  if (file == nullptr) {
    SetNotFound(what, response);
  } else {
    AddFile(file, &added, response);
  }
}

template <class Response>
void AnswerExtensionNumbers(const std::string& type, Response* response) {
  const auto* descriptor = Pool().FindMessageTypeByName(type);
  if (descriptor == nullptr) return SetNotFound(type, response);
  auto* numbers = response->mutable_all_extension_numbers_response();
  numbers->set_base_type_name(type);
  std::vector<const FieldDescriptor*> extensions;
  Pool().FindAllExtensions(descriptor, &extensions);
  for (const FieldDescriptor* extension : extensions) numbers->add_extension_number(extension->number());
}

template <class Request, class Response>
Response Answer(const Request& request, const std::vector<std::string>& services) {
  Response response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  switch (request.message_request_case()) {
    case Request::kFileByFilename:
      AnswerFile(Pool().FindFileByName(request.file_by_filename()), request.file_by_filename(), &response);
      break;
    case Request::kFileContainingSymbol:
      AnswerFile(Pool().FindFileContainingSymbol(request.file_containing_symbol()), request.file_containing_symbol(),
                 &response);
      break;
    case Request::kFileContainingExtension: {
      const auto& wanted = request.file_containing_extension();
      const auto* type = Pool().FindMessageTypeByName(wanted.containing_type());
      const auto* field = type == nullptr ? nullptr : Pool().FindExtensionByNumber(type, wanted.extension_number());
      AnswerFile(field == nullptr ? nullptr : field->file(), wanted.containing_type(), &response);
      break;
    }
    case Request::kAllExtensionNumbersOfType:
      AnswerExtensionNumbers(request.all_extension_numbers_of_type(), &response);
      break;
    case Request::kListServices:
      for (const std::string& name : services) response.mutable_list_services_response()->add_service()->set_name(name);
      break;
    default:
      response.mutable_error_response()->set_error_code(grpc::StatusCode::INVALID_ARGUMENT);
      response.mutable_error_response()->set_error_message("the request asks for nothing that is known");
  }
  return response;
}

// One stream: a question, its answer, the next question.
template <class Version>
class Conversation final : public grpc::ServerBidiReactor<typename Version::Request, typename Version::Response> {
 public:
  explicit Conversation(const std::vector<std::string>& services) : services_(services) { this->StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) return this->Finish(grpc::Status::OK);
    response_ = Answer<typename Version::Request, typename Version::Response>(request_, services_);
    this->StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return this->Finish(grpc::Status::CANCELLED);
    this->StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  const std::vector<std::string>& services_;
  typename Version::Request request_;
  typename Version::Response response_;
};

template <class Version>
class ReflectionService final : public Version::Service::CallbackService {
 public:
  explicit ReflectionService(std::vector<std::string> services) : services_(std::move(services)) {}

  grpc::ServerBidiReactor<typename Version::Request, typename Version::Response>* ServerReflectionInfo(
      grpc::CallbackServerContext*) override {
    return new Conversation<Version>(services_);
  }

 private:
  const std::vector<std::string> services_;
};

}  // namespace

std::vector<std::unique_ptr<grpc::Service>> ReflectionServices(std::vector<std::string> service_names) {
  // Named by the descriptor, so that the linker keeps it and tools can describe it.
  service_names.push_back(grpc::health::v1::HealthCheckRequest::descriptor()->file()->service(0)->full_name());
  service_names.emplace_back(V1::Service::service_full_name());
  service_names.emplace_back(V1Alpha::Service::service_full_name());
  std::sort(service_names.begin(), service_names.end());
  std::vector<std::unique_ptr<grpc::Service>> services;
  services.push_back(std::make_unique<ReflectionService<V1>>(service_names));
  services.push_back(std::make_unique<ReflectionService<V1Alpha>>(service_names));
  return services;
}

}  // namespace folio::rpc
