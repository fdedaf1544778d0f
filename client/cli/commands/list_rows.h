// Lists of every kind: the rows of a method's pages, streamed to the output up to a limit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/cli/app/context.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// Rows that a list fetches at once, at most.
inline constexpr int kPageSizeMax = 1'000;

// How many rows a list shows.
struct ListLimit {
  int64_t rows = 50;
  bool all = false;
  int page_size = 0;  // rows fetched at once; 0: as many as are shown
};

// --limit and --all, which write into `limit`.
void AddListLimit(CLI::App& command, ListLimit& limit);

// The usual columns of a table, which may depend on what the first page says.
using ColumnsFor = std::function<std::vector<std::string>(const google::protobuf::Message& first_page)>;

// Calls a method page by page and writes the rows; sets the page size of the request. Says on context.err that rows
// were left out, and how many where the method tells their total.
absl::StatusOr<int> ListRows(Context& context, const google::protobuf::MethodDescriptor& method,
                             google::protobuf::Message& request, const ColumnsFor& columns_for, const ListLimit& limit);
absl::StatusOr<int> ListRows(Context& context, std::string_view method, google::protobuf::Message& request,
                             const std::vector<std::string>& columns, const ListLimit& limit);

}  // namespace folio::cli
