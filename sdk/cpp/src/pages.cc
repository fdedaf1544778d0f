#include "folio/pages.h"

namespace folio {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// The field with the rows: the first repeated message.
const FieldDescriptor* RowsField(const Descriptor& response) {
  for (int i = 0; i < response.field_count(); ++i) {
    const FieldDescriptor* field = response.field(i);
    if (field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return field;
  }
  return nullptr;
}

std::string TokenOf(const Message& response) {
  const FieldDescriptor* field = response.GetDescriptor()->FindFieldByName("next_page_token");
  return field == nullptr ? std::string() : response.GetReflection()->GetString(response, field);
}

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

}  // namespace

PageCursor::PageCursor(Fetch fetch, std::unique_ptr<Message> response)
    : fetch_(std::move(fetch)), response_(std::move(response)), rows_(RowsField(*response_->GetDescriptor())) {}

PageCursor::PageCursor(const Client& client, const MethodDescriptor& method, const Message& request)
    : PageCursor(nullptr, NewMessage(method.output_type())) {
  std::shared_ptr<Message> own(request.New());
  own->CopyFrom(request);
  fetch_ = [client, &method, own](const std::string& token, Message* response) {
    const FieldDescriptor* field = own->GetDescriptor()->FindFieldByName("page_token");
    if (field != nullptr) own->GetReflection()->SetString(own.get(), field, token);
    return client.Invoke(method, *own, response);
  };
}

bool PageCursor::FetchPage() {
  if (started_ && token_.empty()) return false;
  started_ = true;
  next_ = 0;
  response_->Clear();
  status_ = fetch_(token_, response_.get());
  if (!status_.ok()) return false;
  std::string token = TokenOf(*response_);
  if (!token.empty() && token == token_) {
    status_ = absl::InternalError("The server repeats a page token.");
    return false;
  }
  token_ = std::move(token);
  return true;
}

const Message* PageCursor::Next() {
  if (rows_ == nullptr) {
    status_ = absl::InvalidArgumentError(response_->GetDescriptor()->full_name() + " holds no rows.");
    return nullptr;
  }
  // A page may be empty although others follow.
  while (status_.ok()) {
    const google::protobuf::Reflection* reflection = response_->GetReflection();
    if (started_ && next_ < reflection->FieldSize(*response_, rows_)) {
      return &reflection->GetRepeatedMessage(*response_, rows_, next_++);
    }
    if (!FetchPage()) break;
  }
  return nullptr;
}

}  // namespace folio
