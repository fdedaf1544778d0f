// Taking back, once it is known what has become of each resource: asks, writes, reports.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/app/context.h"
#include "client/cli/import/revert.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// True of a resource that is kept although it was deleted.
bool IsDeleted(const google::protobuf::Message& resource);

// What has become of one resource since the first revision in question.
struct Fate {
  bool created = false;        // within the revisions
  bool touched_later = false;  // also after them
  bool gone = false;
  std::string etag;                                   // as it is now, where it has one
  bool was_gone = false;                              // before them
  std::unique_ptr<google::protobuf::Message> before;  // as it was; nothing where nobody knows, or where it was gone

  // True where taking back means to delete it.
  bool goes() const;
};

class RevertRun {
 public:
  RevertRun(Context& context, std::string noun, const RevertFlags& flags)
      : context_(context), noun_(std::move(noun)), flags_(flags) {}
  virtual ~RevertRun() = default;

  absl::StatusOr<int> Run();

 protected:
  // Hands every change since the first revision to TakeChange, in order, and notes in its fate what it did.
  virtual absl::Status ReadHistory() = 0;
  // Deletes the resource where it goes, or else makes it what it was. Any thread.
  virtual absl::Status WriteOne(const std::string& name, const Fate& fate) = 0;

  // The fate that a change belongs to, touched_later where it is not one to take back; nullptr where nobody asks.
  Fate* TakeChange(int64_t revision, const std::string& actor, const std::string& name);

  Context& context() { return context_; }
  const Client& client() const { return *client_; }
  const RevertFlags& flags() const { return flags_; }
  std::map<std::string, Fate>& fates() { return fates_; }

 private:
  absl::Status CheckActors() const;
  absl::Status Ask();
  absl::Status WriteAll();
  void Leave(const std::string& name, const std::string& why);
  void Report();

  Context& context_;
  const std::string noun_;
  const RevertFlags& flags_;
  const Client* client_ = nullptr;
  std::map<std::string, Fate> fates_;
  std::set<std::string> actors_;
  std::vector<std::pair<const std::string*, const Fate*>> todo_;
  std::mutex mutex_;
  std::atomic<int64_t> removed_ = 0;
  std::atomic<int64_t> restored_ = 0;
  int64_t left_ = 0;
};

// RunRevert for facts.
absl::StatusOr<int> RevertFacts(Context& context, const RevertFlags& flags);

}  // namespace folio::cli
