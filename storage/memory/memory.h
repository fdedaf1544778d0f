// The specification that runs: the simplest thing that keeps the contract of storage.h, and remembers nothing.
//
// For tests: other engines are compared with it step by step, and code above the seam is tested over it.
#pragma once

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/storage.h"

namespace folio::storage {

class MemoryStorage final : public Storage {
 public:
  MemoryStorage();

  const std::string& store_id() const override { return store_id_; }
  Revision head() const override;
  Revision first_log_revision() const override;
  Key last_key(Kind kind) const override;

  absl::Status Commit(const Group& group) override;
  absl::StatusOr<std::optional<Record>> Get(Kind kind, Key key) const override;
  absl::StatusOr<std::optional<Record>> FindRecord(Kind kind, std::string_view id) const override;
  std::vector<Key> FindCandidates(Kind kind, std::string_view id) const override;
  using Storage::Scan;
  absl::Status Scan(Kind kind, Key first, const RecordVisitor& visit) const override;
  absl::Status ReadLog(Revision after, const EntryVisitor& visit) const override;
  absl::StatusOr<std::optional<Reply>> FindReply(std::string_view request_id) const override;
  absl::StatusOr<std::optional<std::string>> GetCursor(std::string_view name) const override;
  absl::Status Compact(Revision first) override;
  absl::Status RewriteLog(const EntryRewriter& rewrite) override;
  absl::Status ForgetRepliesBefore(int64_t time_s) override;
  absl::Status Maintain() override;
  absl::StatusOr<CheckReport> Check(const Progress& progress) const override;

 private:
  struct Records {
    std::map<Key, Record> by_key;
    std::map<std::string, Key, std::less<>> by_id;
    Key last_key = 0;
  };

  absl::Status Validate(const Group& group) const;
  const Record* RecordOf(Kind kind, Key key) const;
  void Apply(const Write& write);

  const std::string store_id_;
  mutable std::shared_mutex mutex_;
  std::map<Kind, Records> kinds_;
  std::map<Revision, std::string> log_;
  std::map<std::string, Reply, std::less<>> replies_;
  std::map<std::string, std::string, std::less<>> cursors_;
  Revision head_ = 0;
  Revision first_log_revision_ = 1;
};

}  // namespace folio::storage
