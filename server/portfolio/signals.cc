#include "server/portfolio/signals.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "server/base/money.h"
#include "server/engine/resources.h"
#include "server/engine/write_call.h"
#include "server/model/page_token.h"
#include "server/portfolio/queries.h"
#include "server/signals/rules.h"

namespace folio::portfolio {

using engine::RowKey;

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
  const auto rules = signals::AllRules();
  const auto rule = std::find_if(rules.begin(), rules.end(), [&](const auto& other) { return other.id == rule_id; });
  if (rule == rules.end()) return error::NotFound(name);
  const auto key = workspace.storage().Find(engine::kAccount, name.substr(tilde + 1));
  if (!key.ok()) return error::FromStorage(key.status());
  if (!key->has_value()) return error::NotFound(name);
  return SignalPlace{static_cast<int>(rule - rules.begin()), **key};
}

const SignalChoice* ChoiceOf(const std::vector<SignalChoice>& choices, int rule) {
  const auto found = std::find_if(choices.begin(), choices.end(), [rule](const auto& c) { return c.rule == rule; });
  return found == choices.end() ? nullptr : &*found;
}

// A dismissal counts until the signal ends and begins again.
bool IsDismissed(const SignalChoice* choice, const signals::Finding& finding) {
  return choice != nullptr && choice->state == v1::SIGNAL_STATE_DISMISSED && finding.since <= choice->day;
}

void Fill(const Portfolio& portfolio, const SignalPlace& place, const signals::Finding& finding,
          const SignalChoice* choice, error::Locale locale, v1::Signal* signal) {
  const signals::Rule& rule = signals::AllRules()[static_cast<size_t>(place.rule)];
  const std::string account = portfolio.IdOf(place.account);
  signal->set_name(std::string(kPrefix) + std::string(rule.id) + "~" + account);
  signal->set_account("accounts/" + account);
  signal->set_kind(rule.kind);
  signal->set_rule(std::string(rule.id));
  signal->set_severity(finding.severity);
  signal->set_state(v1::SIGNAL_STATE_OPEN);
  if (choice != nullptr) {
    signal->set_etag(choice->etag);
    signal->set_assignee(choice->assignee);
    const bool over = choice->state == v1::SIGNAL_STATE_DISMISSED && !IsDismissed(choice, finding);
    if (!over && choice->state != v1::SIGNAL_STATE_UNSPECIFIED) signal->set_state(choice->state);
  }
  for (const v1::SignalEvidence& evidence : finding.evidence) *signal->add_evidence() = evidence;
  *signal->mutable_since() = ToProtoDate(finding.since);
  if (finding.expected_value.has_value()) {
    *signal->mutable_expected_value() = ToProtoMoney(*finding.expected_value, portfolio.currency());
  }
  signal->set_summary(signals::Summarise(rule, finding, locale));
}

// Fills the signal of a place. False where its rule does not hold.
bool Explain(const Portfolio& portfolio, const SignalPlace& place, error::Locale locale, v1::Signal* signal) {
  const std::vector<SignalChoice> choices = portfolio.ChoicesOf(place.account);
  bool holds = false;
  portfolio.Show(place.account, portfolio.today(), [&](const account::View& view) {
    const signals::Rule& rule = signals::AllRules()[static_cast<size_t>(place.rule)];
    holds = rule.holds(view);
    if (holds) Fill(portfolio, place, rule.explain(view), ChoiceOf(choices, place.rule), locale, signal);
  });
  return holds;
}

// A signal's position in a list: the most severe first, then by account and rule.
struct Ranked {
  int severity = 0;
  SignalPlace place;
  auto Order() const { return std::tuple(-severity, place.account, place.rule); }
};

// Collects the signals of accounts that a request asks for.
class Collector {
 public:
  Collector(const Workspace& workspace, const v1::ListSignalsRequest& request)
      : portfolio_(workspace.portfolio()), request_(request) {}

  void Visit(RowKey account) {
    const std::vector<SignalChoice> choices = portfolio_.ChoicesOf(account);
    portfolio_.Show(account, portfolio_.today(), [&](const account::View& view) {
      const uint32_t holding = signals::Detect(view);
      const auto rules = signals::AllRules();
      for (size_t i = 0; i < rules.size(); ++i) {
        if ((holding >> i & 1U) == 0 || !Wanted(rules[i])) continue;
        const signals::Finding finding = rules[i].explain(view);
        const int rule = static_cast<int>(i);
        if (!request_.show_dismissed() && IsDismissed(ChoiceOf(choices, rule), finding)) continue;
        found_.push_back({.severity = finding.severity, .place = {rule, account}});
      }
    });
  }

  std::vector<Ranked> Take() {
    std::sort(found_.begin(), found_.end(), [](const Ranked& a, const Ranked& b) { return a.Order() < b.Order(); });
    return std::move(found_);
  }

 private:
  bool Wanted(const signals::Rule& rule) const {
    if (request_.kind() != v1::SIGNAL_KIND_UNSPECIFIED && request_.kind() != rule.kind) return false;
    return request_.rule().empty() || request_.rule() == rule.id;
  }

  const Portfolio& portfolio_;
  const v1::ListSignalsRequest& request_;
  std::vector<Ranked> found_;
};

absl::Status CollectAll(const Workspace& workspace, const v1::ListSignalsRequest& request, Collector* collector) {
  if (!request.account().empty()) {
    const auto id = engine::FindResource(engine::kAccount)->schema.IdOf(request.account(), "account");
    if (!id.ok()) return id.status();
    const auto key = workspace.storage().Find(engine::kAccount, *id);
    if (!key.ok()) return error::FromStorage(key.status());
    if (!key->has_value()) return error::NotFound(request.account());
    collector->Visit(**key);
    return absl::OkStatus();
  }
  // The columns leave dismissed signals out.
  const auto snapshot = workspace.portfolio().snapshot();
  const auto filter =
      AccountFilter(workspace, *snapshot, request.show_dismissed() ? "" : "risk_count > 0 OR opportunity_count > 0");
  if (!filter.ok()) return filter.status();
  snapshot->VisitMatches(
      &*filter,
      [](void* context, const RowKey* keys, int count) {
        for (int i = 0; i < count; ++i) static_cast<Collector*>(context)->Visit(keys[i]);
      },
      collector);
  return absl::OkStatus();
}

}  // namespace

absl::Status GetSignal(const Workspace& workspace, const v1::GetSignalRequest& request, error::Locale locale,
                       v1::Signal* signal) {
  const auto place = PlaceOf(workspace, request.name(), "name");
  if (!place.ok()) return place.status();
  return Explain(workspace.portfolio(), *place, locale, signal) ? absl::OkStatus() : error::NotFound(request.name());
}

absl::Status ListSignals(const Workspace& workspace, const v1::ListSignalsRequest& request, error::Locale locale,
                         v1::ListSignalsResponse* response) {
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const auto rules = signals::AllRules();
  if (!request.rule().empty() &&
      std::none_of(rules.begin(), rules.end(), [&](const auto& rule) { return rule.id == request.rule(); })) {
    return error::InvalidField("rule", "UNKNOWN_RULE", {{"rule", request.rule()}});
  }
  const uint64_t binding = model::BindingOf({"signals", request.account(), v1::SignalKind_Name(request.kind()),
                                             request.rule(), request.show_dismissed() ? "dismissed" : ""});
  Collector collector(workspace, request);
  if (auto status = CollectAll(workspace, request, &collector); !status.ok()) return status;
  const std::vector<Ranked> found = collector.Take();
  auto next = found.begin();
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 2);
    if (!position.ok()) return position.status();
    const auto number = [&](size_t i) { return static_cast<int>(std::get<int64_t>(position->values[i])); };
    const Ranked last{.severity = number(0), .place = {number(1), position->key}};
    next = std::upper_bound(found.begin(), found.end(), last,
                            [](const Ranked& a, const Ranked& b) { return a.Order() < b.Order(); });
  }
  const Ranked* shown = nullptr;
  for (; next != found.end() && response->signals_size() < *page_size; ++next) {
    v1::Signal signal;
    if (!Explain(workspace.portfolio(), next->place, locale, &signal)) continue;
    *response->add_signals() = std::move(signal);
    shown = &*next;
  }
  if (next != found.end() && shown != nullptr) {
    const model::PagePosition position{.values = {int64_t{shown->severity}, int64_t{shown->place.rule}},
                                       .key = shown->place.account};
    response->set_next_page_token(model::EncodePageToken(position, binding));
  }
  return absl::OkStatus();
}

void UpdateSignal(Workspace& workspace, std::string actor, error::Locale locale, const v1::UpdateSignalRequest& request,
                  v1::Signal* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response, locale](engine::Transaction& transaction) -> absl::Status {
    const v1::Signal& sent = request.signal();
    const auto paths = model::ExpandMask(request.update_mask(), sent);
    if (!paths.ok()) return paths.status();
    const auto place = PlaceOf(workspace, sent.name(), "signal.name");
    if (!place.ok()) return place.status();
    auto signal = std::make_shared<v1::Signal>();
    if (!Explain(workspace.portfolio(), *place, locale, signal.get())) return error::NotFound(sent.name());
    if (!sent.etag().empty() && sent.etag() != signal->etag()) {
      return error::EtagMismatch(sent.name(), sent.etag(), signal->etag());
    }
    model::CopyPaths(sent, *paths, signal.get());
    if (auto status = model::Validate(*signal, "signal"); !status.ok()) return status;
    response->CopyFrom(*signal);
    // What is stored is people's word, dated; the rest is found anew whenever it is asked for.
    signal->clear_evidence();
    signal->clear_summary();
    signal->clear_expected_value();
    *signal->mutable_since() = ToProtoDate(workspace.portfolio().today());
    const std::string id = sent.name().substr(kPrefix.size());
    const engine::Writer writer(*engine::FindResource(engine::kSignal), workspace.rules());
    const auto stored = writer.Read(transaction, id);
    if (!stored.ok()) return stored.status();
    if (stored->has_value()) {
      const auto effect = writer.Replace(transaction, id, **stored, signal);
      if (!effect.ok()) return effect.status();
    } else if (auto status = writer.Create(transaction, id, signal); !status.ok()) {
      return status;
    }
    response->set_etag(signal->etag());
    return absl::OkStatus();
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

}  // namespace folio::portfolio
