// The resources that people work with, each with its standard methods: found by descriptor, not written four times.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace folio::cli {

struct Resource {
  std::string noun;        // what its commands are called: "accounts", "exchange-rates"
  std::string collection;  // "accounts"
  std::string singular;    // "account"
  const google::protobuf::Descriptor* type = nullptr;
  const google::protobuf::MethodDescriptor* get = nullptr;
  const google::protobuf::MethodDescriptor* list = nullptr;
  const google::protobuf::MethodDescriptor* create = nullptr;
  const google::protobuf::MethodDescriptor* update = nullptr;
  const google::protobuf::MethodDescriptor* remove = nullptr;
  const google::protobuf::MethodDescriptor* undelete = nullptr;  // only where deleting keeps the resource
  std::vector<std::string> columns;                              // of a table
};

// Those with commands of their own, in the order of the help.
const std::vector<Resource>& Resources();
// Those that are not imported: custom fields, facts, the caller's workspace. They lack methods that have commands of
// another shape.
const Resource& CustomFieldResource();
const Resource& FactResource();
const Resource& WorkspaceResource();
// Rules of signals.
const Resource& SignalRuleResource();
// Indicators of the workspace's own.
const Resource& CustomIndicatorResource();
// What indicators should come to.
const Resource& IndicatorTargetResource();

}  // namespace folio::cli
