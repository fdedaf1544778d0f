#include "server/ledger/conversation.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace folio::ledger {
namespace {

// Who waits, as one goes through the messages.
class Clock {
 public:
  // A reopening tells that something waits, but since when is told by the client's next message where there is one
  // before an agent's.
  void OnReopened(Instant time) { (waiting_.has_value() ? waiting_ : reopened_) = time; }
  void OnClient(Instant time) {
    if (!waiting_.has_value()) waiting_ = time;
    reopened_.reset();
  }
  // Since when the reply was waited for; nothing where it was not.
  std::optional<Instant> OnAgent() {
    const std::optional<Instant> since = waiting_.has_value() ? waiting_ : reopened_;
    waiting_.reset();
    reopened_.reset();
    return since;
  }
  std::optional<Instant> waiting() const { return waiting_; }

 private:
  std::optional<Instant> waiting_;
  std::optional<Instant> reopened_;
};

}  // namespace

void AddResponses(const v1::Conversation& conversation, Numbers& numbers, std::vector<KindedEntry>* entries) {
  const uint16_t channel = numbers.OfLabel(Dimension::kConversationChannel, conversation.channel());
  const auto add = [&](Instant since, int64_t value) {
    entries->push_back({EntryKind::kResponse, {.time = since, .value = value, .tag = channel}});
  };
  Clock clock;
  int next_reopening = 0;
  const auto reopen_until = [&](Instant time) {
    while (next_reopening < conversation.reopen_times_size() &&
           FromProto(conversation.reopen_times(next_reopening)) <= time) {
      clock.OnReopened(FromProto(conversation.reopen_times(next_reopening++)));
    }
  };
  for (const v1::ConversationMessage& message : conversation.messages()) {
    const Instant time = FromProto(message.send_time());
    reopen_until(time);
    if (message.author() == v1::MESSAGE_AUTHOR_CLIENT) clock.OnClient(time);
    if (message.author() != v1::MESSAGE_AUTHOR_AGENT) continue;
    if (const std::optional<Instant> since = clock.OnAgent()) add(*since, time - *since);
  }
  reopen_until(std::numeric_limits<Instant>::max());
  if (clock.waiting().has_value() && !conversation.has_close_time()) add(*clock.waiting(), kNoValue);
}

}  // namespace folio::ledger
