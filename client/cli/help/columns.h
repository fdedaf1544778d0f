// The names that --fields, --order-by and --group-by take, as far as the contract says them: for completion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace folio::cli {

// Fields of rows of a type, for --fields. Parts of a field are among them where `typed` has come to them: "health.b".
std::vector<std::string> FieldsOf(const google::protobuf::Descriptor& type, std::string_view typed);

// Columns by which rows of a type can be sorted; rows of the portfolio are accounts, and have those that are computed.
std::vector<std::string> OrderColumnsOf(const google::protobuf::Descriptor& type);

// Facets of accounts.
std::vector<std::string> AccountFacets();

// Facets of indicators: also those of leads, of deals, and dimensions of facts.
std::vector<std::string> IndicatorFacets();

}  // namespace folio::cli
