// The methods of folio.v1, with what the contract says of each, and how often they have been called.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "folio/v1/options.pb.h"
#include "google/protobuf/descriptor.h"

namespace folio::rpc {

// Number of a status code, 0 to 16.
inline constexpr int kStatusCodes = 17;

// Counts of one method. Any thread may add and read.
struct MethodCounters {
  std::atomic<int64_t> started = 0;
  std::array<std::atomic<int64_t>, kStatusCodes> finished = {};  // by status code
  std::atomic<int64_t> microseconds = 0;                         // of all finished calls together
};

// One method of the contract.
struct Method {
  std::string name;  // "AccountService.GetAccount"
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  v1::Role role = v1::ROLE_UNSPECIFIED;  // least role; nobody may call it where unspecified
  bool writes = false;
  bool streams = false;  // either way
  mutable MethodCounters counters;
};

// Every method of folio.v1. Built once, then read by any thread.
class Methods {
 public:
  Methods();

  // The method of that name, "AccountService.GetAccount". A name that the contract does not have gives a method that
  // nobody may call.
  const Method& Get(std::string_view name) const;

  // All of them, by name.
  std::vector<const Method*> All() const;

  // Full names of the services, "folio.v1.AccountService", sorted.
  static std::vector<std::string> ServiceNames();

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, std::unique_ptr<Method>, Hash, std::equal_to<>> by_name_;
  Method unknown_;
};

}  // namespace folio::rpc
