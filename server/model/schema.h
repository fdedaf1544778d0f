// What the contract says about a resource, read once from its descriptor.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"
#include "server/model/column.h"

namespace folio::model {

// A field of a resource that has a column, and where the column lies.
struct FieldColumn {
  const google::protobuf::FieldDescriptor* field = nullptr;
  ColumnIndex column = 0;
};

// Rules and columns of one resource type.
class Schema {
 public:
  // Reads the descriptor. Dies where the message breaks the shape of a resource (no options, no `name` as field 1 ...):
  // that is a fault of the contract, found at the first start.
  explicit Schema(const google::protobuf::Descriptor* descriptor);

  const google::protobuf::Descriptor* descriptor() const { return descriptor_; }
  const std::string& collection() const { return collection_; }  // "accounts"
  const std::string& singular() const { return singular_; }      // "account"
  int kind() const { return kind_; }
  bool soft_delete() const { return soft_delete_; }
  bool has_custom_fields() const { return custom_fields_ != nullptr; }
  const google::protobuf::FieldDescriptor* custom_fields() const { return custom_fields_; }

  // Columns of the indexed fields, custom fields not among them.
  const ColumnSet& columns() const { return columns_; }
  const std::vector<FieldColumn>& field_columns() const { return field_columns_; }

  // "accounts/acme" for "acme".
  std::string NameOf(std::string_view id) const;

  // The id in a name of this collection. INVALID_ARGUMENT on `field`, reason NAME_MALFORMED, where it is not one.
  absl::StatusOr<std::string> IdOf(std::string_view name, std::string_view field) const;

 private:
  const google::protobuf::Descriptor* descriptor_;
  std::string collection_;
  std::string singular_;
  int kind_;
  bool soft_delete_;
  const google::protobuf::FieldDescriptor* custom_fields_ = nullptr;
  ColumnSet columns_;
  std::vector<FieldColumn> field_columns_;
};

// The value of a field as its column holds it. monostate where the field is unset (for text, enums and plain scalars:
// has its default value; `bool` without `optional` is always set).
Cell ReadCell(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
              ColumnType type);

// Checks a resource or request against its rules, nested messages included: REQUIRED, lengths, items, ranges, patterns,
// clean UTF-8 text, valid dates, money, enums and (form only) references. All faults at once, paths beginning with
// `prefix` ("account" gives "account.display_name"). OK where there is none. Fields that a client cannot write are not
// looked at, for they are cleared (ClearOutputOnly). A resource inside of a request is not entered: an update may carry
// a part of it only, so it is checked on its own once it is complete.
absl::Status Validate(const google::protobuf::Message& message, std::string_view prefix);

// The paths that an update may change: `mask` expanded ("*" and empty as the contract says), checked. Faults: unknown
// path (with the nearest field), OUTPUT_ONLY or IDENTIFIER path. Top-level fields, and keys of map fields as
// "custom_fields.region". An empty mask stands for the fields that are set in `resource`, and of its maps for the keys
// that are there, so that nothing unsaid is lost.
absl::StatusOr<std::vector<std::string>> ExpandMask(const google::protobuf::FieldMask& mask,
                                                    const google::protobuf::Message& resource);

// Copies the fields of `paths` from one message to another of its type: set where set, cleared where not.
void CopyPaths(const google::protobuf::Message& from, const std::vector<std::string>& paths,
               google::protobuf::Message* to);

// Clears what a client cannot write (OUTPUT_ONLY fields).
void ClearOutputOnly(google::protobuf::Message* resource);

// INVALID_ARGUMENT (FIELD_IMMUTABLE) where an IMMUTABLE field differs between the two, unless `before` has it unset.
absl::Status CheckImmutable(const google::protobuf::Message& before, const google::protobuf::Message& after,
                            std::string_view prefix);

// True where both hold the same in every field that a client can write.
bool SameContent(const google::protobuf::Message& a, const google::protobuf::Message& b);

}  // namespace folio::model
