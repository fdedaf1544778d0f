// Adds facts to a client, each with an id of its own.
#pragma once

#include <string>

#include "tools/demo/calendar.h"
#include "tools/demo/generator.h"

namespace folio::demo {

class FactWriter {
 public:
  // `source` is the system that records these facts; `key` makes their ids unique within it.
  FactWriter(Client* client, std::string source, std::string key)
      : client_(client), source_(std::move(source)), key_(std::move(key)) {}

  // A fact without its detail, during the working hours of a day.
  v1::Fact* Add(int32_t day, int64_t minute_of_work) {
    constexpr int64_t kWorkBegins = 8 * 3600;
    v1::Fact* fact = client_->facts.Add();
    fact->set_account(client_->account.name());
    fact->set_source(source_);
    fact->mutable_source_id()->assign(key_).append("-").append(std::to_string(++count_));
    SetTime(day, kWorkBegins + minute_of_work * 60, fact->mutable_event_time());
    return fact;
  }

 private:
  Client* client_;
  std::string source_;
  std::string key_;
  int count_ = 0;
};

}  // namespace folio::demo
