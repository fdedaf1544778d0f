// Lists without page tokens: pages are fetched as they are needed, never more than one ahead.
//
//   folio::Rows<folio::v1::Account> rows = folio::List<folio::v1::Account>(
//       client, &folio::v1::AccountService::Stub::ListAccounts, request);
//   for (const folio::v1::Account& account : rows) { ... }
//   if (!rows.status().ok()) { ... }  // the loop ended early
#pragma once

#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "folio/client.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace folio {

// Walks over the rows of a list method, whatever their type.
class PageCursor {
 public:
  // Fetches one page: sets `page_token` in the request, calls, and fills the response.
  using Fetch = std::function<absl::Status(const std::string& page_token, google::protobuf::Message* response)>;

  // `response` is an empty response of the method: it has `next_page_token` and one repeated field of messages.
  PageCursor(Fetch fetch, std::unique_ptr<google::protobuf::Message> response);

  // The cursor of a method known by its descriptor.
  PageCursor(const Client& client, const google::protobuf::MethodDescriptor& method,
             const google::protobuf::Message& request);

  // The next row, valid until the next call; nullptr after the last one, or where a page could not be had.
  const google::protobuf::Message* Next();

  // The type of the rows; nullptr where the response has none.
  const google::protobuf::Descriptor* row_type() const { return rows_ == nullptr ? nullptr : rows_->message_type(); }

  // Why Next() returned nullptr: OK after the last row.
  const absl::Status& status() const { return status_; }

  // The page that the last row belongs to, for its other fields (total_size, revision, as_of).
  const google::protobuf::Message& page() const { return *response_; }

 private:
  bool FetchPage();

  Fetch fetch_;
  std::unique_ptr<google::protobuf::Message> response_;
  const google::protobuf::FieldDescriptor* rows_;
  std::string token_;
  bool started_ = false;
  int next_ = 0;
  absl::Status status_;
};

// The rows of a list method, as a range that can be walked once.
template <typename Row>
class Rows {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = const Row*;
    using reference = const Row&;

    explicit Iterator(PageCursor* cursor) : cursor_(cursor) { ++*this; }
    reference operator*() const { return *row_; }
    pointer operator->() const { return row_; }
    Iterator& operator++() {
      row_ = static_cast<const Row*>(cursor_->Next());
      return *this;
    }
    bool operator==(std::default_sentinel_t) const { return row_ == nullptr; }

   private:
    PageCursor* cursor_;
    const Row* row_ = nullptr;
  };

  explicit Rows(PageCursor cursor) : cursor_(std::move(cursor)) {}
  Iterator begin() { return Iterator(&cursor_); }
  std::default_sentinel_t end() const { return {}; }
  const absl::Status& status() const { return cursor_.status(); }

 private:
  PageCursor cursor_;
};

// The rows of a list method of a stub. `client` is copied.
template <typename Row, typename Stub, typename Request, typename Response>
Rows<Row> List(const Client& client, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               Request request) {
  auto fetch = [client, method, request](const std::string& token, google::protobuf::Message* page) mutable {
    request.set_page_token(token);
    absl::StatusOr<Response> response = client.Call(method, request);
    if (!response.ok()) return response.status();
    *static_cast<Response*>(page) = *std::move(response);
    return absl::OkStatus();
  };
  return Rows<Row>(PageCursor(std::move(fetch), std::make_unique<Response>()));
}

}  // namespace folio
