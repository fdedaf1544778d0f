#include "server/portfolio/signals.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "server/engine/resources.h"
#include "server/engine/write_call.h"
#include "server/model/page_token.h"
#include "server/portfolio/filter_fault.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/signal_record.h"

namespace folio::portfolio {

using engine::RowKey;
using signals::Spell;

namespace {

constexpr std::string_view kPrefix = "signals/";

// A rule and an account.
struct SignalPlace {
  int rule = 0;
  RowKey account = 0;
};

absl::StatusOr<SignalPlace> PlaceOf(const Workspace& workspace, const std::string& name, const std::string& field) {
  const size_t tilde = name.find('~');
  if (!name.starts_with(kPrefix) || tilde == std::string::npos) {
    return error::InvalidField(field, "NAME_MALFORMED", {{"value", name}, {"expected", "signals/{rule}~{account}"}});
  }
  const std::string rule_id = name.substr(kPrefix.size(), tilde - kPrefix.size());
  const int rule = workspace.portfolio().signal_rules()->Find(rule_id);
  if (rule < 0) return error::NotFound(name);
  const auto key = workspace.storage().Find(engine::kAccount, name.substr(tilde + 1));
  if (!key.ok()) return error::FromStorage(key.status());
  if (!key->has_value()) return error::NotFound(name);
  return SignalPlace{rule, **key};
}

// The signal with what is on record of it: its etag, and since when its rule has held.
absl::StatusOr<std::optional<v1::Signal>> Explain(const Workspace& workspace, const SignalPlace& place,
                                                  error::Locale locale) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto rules = portfolio.signal_rules();
  const auto recorded =
      ReadSignal(workspace.storage(), SignalIdOf(portfolio, rules->at(place.rule).id(), place.account));
  if (!recorded.ok()) return recorded.status();
  const v1::Signal known = recorded->value_or(v1::Signal());
  const Day since = FromProto(known.since()).value_or(kNoDay);
  auto found = FindSignal(portfolio, place.account, place.rule, locale, known.has_begin_date() ? since : kNoDay);
  if (!found.has_value()) return found;
  found->set_etag(known.etag());
  if (found->has_end_date()) {
    *found->mutable_evidence() = known.evidence();
    if (known.has_since()) *found->mutable_since() = known.since();
  }
  return found;
}

// A signal's position in a list: by the order asked for, then by account and rule.
struct Ranked {
  int64_t rank = 0;
  SignalPlace place;
  auto Order() const { return std::tuple(rank, place.account, place.rule); }
};

bool operator<(const Ranked& a, const Ranked& b) { return a.Order() < b.Order(); }

int64_t RankOf(const Spell& spell, v1::SignalOrder order) {
  switch (order) {
    case v1::SIGNAL_ORDER_NEWEST:
      return -int64_t{spell.begun};
    case v1::SIGNAL_ORDER_OLDEST:
      return spell.begun;
    case v1::SIGNAL_ORDER_ACCOUNT:
      return 0;
    default:
      return -int64_t{spell.severity};
  }
}

// Collects the signals that a request asks for.
class Collector {
 public:
  Collector(const Portfolio& portfolio, const v1::ListSignalsRequest& request)
      : portfolio_(portfolio), request_(request) {}

  void Visit(RowKey account) {
    portfolio_.ShowSignals(account, [&](const SignalsView& shown) {
      for (const Spell& spell : shown.spells) {
        if (spell.begun == kNoDay || !Wants(shown, spell)) continue;
        found_.push_back({.rank = RankOf(spell, request_.order()), .place = {spell.rule, account}});
      }
    });
  }

  std::vector<Ranked> Take() {
    std::sort(found_.begin(), found_.end());
    return std::move(found_);
  }

 private:
  bool Wants(const SignalsView& shown, const Spell& spell) const {
    const signals::Rule& rule = shown.rules->at(spell.rule);
    if (request_.kind() != v1::SIGNAL_KIND_UNSPECIFIED && request_.kind() != rule.kind()) return false;
    if (!request_.rule().empty() && request_.rule() != rule.id()) return false;
    if (spell.severity < request_.min_severity()) return false;
    const SignalChoice* choice = ChoiceOf(shown.choices, spell.rule);
    const std::string_view assignee = choice == nullptr ? std::string_view() : choice->assignee;
    if (!request_.assignee().empty() && request_.assignee() != assignee) return false;
    if (request_.unassigned() && !assignee.empty()) return false;
    const SignalStanding standing = StandingOf(spell, choice, rule.cool_down_days(), shown.view.today);
    return (request_.show_snoozed() || !standing.snoozed) && WantsState(standing.state);
  }

  bool WantsState(v1::SignalState state) const {
    if (!request_.states().empty()) {
      return std::find(request_.states().begin(), request_.states().end(), state) != request_.states().end();
    }
    if (state == v1::SIGNAL_STATE_DISMISSED) return request_.show_dismissed();
    return state != v1::SIGNAL_STATE_RESOLVED;
  }

  const Portfolio& portfolio_;
  const v1::ListSignalsRequest& request_;
  std::vector<Ranked> found_;
};

// Whether the columns, which show active signals only, tell which accounts have what is asked for.
bool OnlyActive(const v1::ListSignalsRequest& request) {
  const auto is_active = [](int state) {
    return state == v1::SIGNAL_STATE_OPEN || state == v1::SIGNAL_STATE_ACKNOWLEDGED;
  };
  return !request.show_dismissed() && !request.show_snoozed() &&
         std::all_of(request.states().begin(), request.states().end(), is_active);
}

// The filter of the accounts, told on its own field; without those that have nothing to show.
absl::StatusOr<model::Filter> FilterOf(const Workspace& workspace, const engine::Snapshot& snapshot,
                                       const v1::ListSignalsRequest& request) {
  auto filter = AccountFilter(workspace, snapshot, request.account_filter());
  if (!filter.ok()) return FilterFault(filter.status(), "account_filter");
  if (!OnlyActive(request)) return filter;
  auto active = model::ParseFilter("risk_count > 0 OR opportunity_count > 0", snapshot.columns());
  if (!active.ok()) return active.status();
  model::FilterNode both{.kind = model::FilterNode::Kind::kAnd};
  both.children.push_back(std::move(active->root));
  both.children.push_back(std::move(filter->root));
  filter->root = std::move(both);
  return filter;
}

absl::Status CollectAll(const Workspace& workspace, const v1::ListSignalsRequest& request, Collector* collector) {
  const auto snapshot = workspace.portfolio().snapshot();
  const auto filter = FilterOf(workspace, *snapshot, request);
  if (!filter.ok()) return filter.status();
  if (!request.account().empty()) {
    const auto key = AccountKey(workspace, request.account());
    if (!key.ok()) return key.status();
    const bool matches = request.account_filter().empty() || snapshot->Matches(*filter, std::array{*key})[0] != 0;
    if (matches) collector->Visit(*key);
    return absl::OkStatus();
  }
  snapshot->VisitMatches(
      &*filter,
      [](void* context, const RowKey* keys, int count) {
        for (int i = 0; i < count; ++i) static_cast<Collector*>(context)->Visit(keys[i]);
      },
      collector);
  return absl::OkStatus();
}

absl::Status CheckList(const Workspace& workspace, const v1::ListSignalsRequest& request) {
  const auto rules = workspace.portfolio().signal_rules();
  if (request.rule().empty() || rules->Find(request.rule()) >= 0) return absl::OkStatus();
  return error::InvalidField("rule", "UNKNOWN_RULE", {{"rule", request.rule()}});
}

uint64_t BindingOf(const v1::ListSignalsRequest& request) {
  std::string rest = fmt::format("{} {} {} {} {}", static_cast<int>(request.min_severity()), request.unassigned(),
                                 request.show_snoozed(), static_cast<int>(request.order()), request.assignee());
  for (const int state : request.states()) rest += fmt::format(" {}", state);
  return model::BindingOf({"signals", request.account(), v1::SignalKind_Name(request.kind()), request.rule(),
                           request.show_dismissed() ? "dismissed" : "", request.account_filter(), rest});
}

// The first signal of the page that a request asks for.
absl::StatusOr<std::vector<Ranked>::const_iterator> BeginOf(const v1::ListSignalsRequest& request,
                                                            const std::vector<Ranked>& found) {
  if (request.page_token().empty()) return found.begin();
  const auto position = model::DecodeIntPageToken(request.page_token(), BindingOf(request), 2);
  if (!position.ok()) return position.status();
  const auto number = [&](size_t i) { return std::get<int64_t>(position->values[i]); };
  const Ranked last{.rank = number(0), .place = {static_cast<int>(number(1)), position->key}};
  return std::upper_bound(found.begin(), found.end(), last);
}

}  // namespace

absl::Status GetSignal(const Workspace& workspace, const v1::GetSignalRequest& request, error::Locale locale,
                       v1::Signal* signal) {
  const auto place = PlaceOf(workspace, request.name(), "name");
  if (!place.ok()) return place.status();
  auto found = Explain(workspace, *place, locale);
  if (!found.ok()) return found.status();
  if (!found->has_value()) return error::NotFound(request.name());
  *signal = std::move(**found);
  return absl::OkStatus();
}

absl::Status ListSignals(const Workspace& workspace, const v1::ListSignalsRequest& request, error::Locale locale,
                         v1::ListSignalsResponse* response) {
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  if (auto status = CheckList(workspace, request); !status.ok()) return status;
  Collector collector(workspace.portfolio(), request);
  if (auto status = CollectAll(workspace, request, &collector); !status.ok()) return status;
  const std::vector<Ranked> found = collector.Take();
  const auto begin = BeginOf(request, found);
  if (!begin.ok()) return begin.status();
  auto next = *begin;
  const Ranked* shown = nullptr;
  for (; next != found.end() && response->signals_size() < *page_size; ++next) {
    auto signal = Explain(workspace, next->place, locale);
    if (!signal.ok()) return signal.status();
    if (!signal->has_value()) continue;
    *response->add_signals() = std::move(**signal);
    shown = &*next;
  }
  if (next != found.end() && shown != nullptr) {
    const model::PagePosition position{.values = {shown->rank, int64_t{shown->place.rule}},
                                       .key = shown->place.account};
    response->set_next_page_token(model::EncodePageToken(position, BindingOf(request)));
  }
  return absl::OkStatus();
}

namespace {

// What a person says of a signal.
absl::Status Change(const v1::Signal& sent, const std::vector<std::string>& paths, Day today, v1::Signal* signal) {
  const auto names = [&](std::string_view field) {
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return path == field; });
  };
  const bool chosen = names("state") || names("snooze_until");
  if (chosen && signal->has_end_date()) {
    const Day ended = FromProto(signal->end_date()).value_or(kNoDay);
    return error::Precondition("SIGNAL_ENDED", {{"name", signal->name()}, {"value", FormatDay(ended)}});
  }
  model::CopyPaths(sent, paths, signal);
  const Day snoozed = FromProto(signal->snooze_until()).value_or(kNoDay);
  if (names("snooze_until") && snoozed != kNoDay && snoozed <= today) {
    return error::InvalidField("signal.snooze_until", "SNOOZE_PAST",
                               {{"value", FormatDay(snoozed)}, {"minimum", FormatDay(today)}});
  }
  if (signal->state() == v1::SIGNAL_STATE_UNSPECIFIED) signal->set_state(v1::SIGNAL_STATE_OPEN);
  if (chosen) *signal->mutable_choice_date() = ToProtoDate(today);
  return model::Validate(*signal, "signal");
}

}  // namespace

void UpdateSignal(Workspace& workspace, std::string actor, error::Locale locale, const v1::UpdateSignalRequest& request,
                  v1::Signal* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response, locale](engine::Transaction& transaction) -> absl::Status {
    const v1::Signal& sent = request.signal();
    const auto paths = model::ExpandMask(request.update_mask(), sent);
    if (!paths.ok()) return paths.status();
    const auto place = PlaceOf(workspace, sent.name(), "signal.name");
    if (!place.ok()) return place.status();
    const auto found = Explain(workspace, *place, locale);
    if (!found.ok()) return found.status();
    if (!found->has_value()) return error::NotFound(sent.name());
    auto signal = std::make_shared<v1::Signal>(**found);
    const std::string id = signal->name().substr(kPrefix.size());
    const engine::Writer writer(*engine::FindResource(engine::kSignal), workspace.rules());
    const auto stored = writer.Read(transaction, id);
    if (!stored.ok()) return stored.status();
    if (stored->has_value()) {
      // Others may have said something that is not yet in memory.
      const auto& before = static_cast<const v1::Signal&>(*(*stored)->message);
      KeepChoice(before, signal.get());
      signal->set_etag(before.etag());
    }
    if (!sent.etag().empty() && sent.etag() != signal->etag()) {
      return error::EtagMismatch(sent.name(), sent.etag(), signal->etag());
    }
    if (auto status = Change(sent, *paths, workspace.portfolio().today(), signal.get()); !status.ok()) return status;
    response->CopyFrom(*signal);
    signal->clear_summary();  // it is told in each reader's language
    const absl::Status written = stored->has_value() ? writer.Replace(transaction, id, **stored, signal).status()
                                                     : writer.Create(transaction, id, signal);
    if (!written.ok()) return written;
    response->set_etag(signal->etag());
    return absl::OkStatus();
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

}  // namespace folio::portfolio
