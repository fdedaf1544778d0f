#include "server/portfolio/signal_rules.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "re2/re2.h"
#include "server/base/error.h"
#include "server/engine/resources.h"
#include "server/engine/write_call.h"
#include "server/model/page_token.h"
#include "server/portfolio/whole_rule.h"
#include "server/signals/rule.h"

namespace folio::portfolio {

namespace {

// An id is part of a signal's name, in front of a "~".
constexpr char kIdPattern[] = "[a-z0-9][a-z0-9_]{0,63}";

engine::Writer WriterOf(const Workspace& workspace) {
  return {*engine::FindResource(engine::kSignalRule), workspace.rules()};
}

std::string NameOf(std::string_view id) { return engine::FindResource(engine::kSignalRule)->schema.NameOf(id); }

absl::Status Create(const Workspace& workspace, engine::Transaction& transaction,
                    const v1::CreateSignalRuleRequest& request, v1::SignalRule* response) {
  const std::string& id = request.signal_rule_id();
  if (!RE2::FullMatch(id, kIdPattern)) {
    return error::InvalidField("signal_rule_id", "FIELD_PATTERN", {{"pattern", kIdPattern}});
  }
  if (signals::FindInLibrary(id) != nullptr) return error::AlreadyExists(NameOf(id));
  const auto rules = workspace.portfolio().signal_rules();
  if (rules->Find(id) < 0 && static_cast<int>(rules->rules().size()) >= signals::kRulesMax) {
    return error::Precondition("RULE_COUNT", {{"maximum", std::to_string(signals::kRulesMax)}});
  }
  auto rule = std::make_shared<v1::SignalRule>(request.signal_rule());
  model::ClearOutputOnly(rule.get());
  if (auto status = CheckWholeRule(*rule, workspace.portfolio().newest_columns()); !status.ok()) return status;
  if (auto status = WriterOf(workspace).Create(transaction, id, rule); !status.ok()) return status;
  response->CopyFrom(*rule);
  return absl::OkStatus();
}

absl::Status Update(const Workspace& workspace, engine::Transaction& transaction,
                    const v1::UpdateSignalRuleRequest& request, v1::SignalRule* response) {
  const v1::SignalRule& sent = request.signal_rule();
  const auto id = engine::FindResource(engine::kSignalRule)->schema.IdOf(sent.name(), "signal_rule.name");
  if (!id.ok()) return id.status();
  const auto paths = model::ExpandMask(request.update_mask(), sent);
  if (!paths.ok()) return paths.status();
  const engine::Writer writer = WriterOf(workspace);
  const auto stored = writer.Read(transaction, *id);
  if (!stored.ok()) return stored.status();
  const v1::SignalRule* built_in = signals::FindInLibrary(*id);
  if (!stored->has_value() && built_in == nullptr) return error::NotFound(sent.name());
  // Until it is first changed, a rule of the library is not stored.
  auto rule = std::make_shared<v1::SignalRule>();
  rule->CopyFrom(stored->has_value() ? static_cast<const v1::SignalRule&>(*(*stored)->message) : *built_in);
  if (!sent.etag().empty() && sent.etag() != rule->etag()) {
    return error::EtagMismatch(sent.name(), sent.etag(), rule->etag());
  }
  model::CopyPaths(sent, *paths, rule.get());
  if (auto status = CheckWholeRule(*rule, workspace.portfolio().newest_columns()); !status.ok()) return status;
  const absl::Status written = stored->has_value() ? writer.Replace(transaction, *id, **stored, rule).status()
                                                   : writer.Create(transaction, *id, rule);
  if (written.ok()) response->CopyFrom(*rule);
  return written;
}

absl::Status Delete(const Workspace& workspace, engine::Transaction& transaction,
                    const v1::DeleteSignalRuleRequest& request) {
  const auto id = engine::FindResource(engine::kSignalRule)->schema.IdOf(request.name(), "name");
  if (!id.ok()) return id.status();
  const engine::Writer writer = WriterOf(workspace);
  const auto stored = writer.Read(transaction, *id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) {
    if (signals::FindInLibrary(*id) == nullptr) return error::NotFound(request.name());
    return error::Precondition("RULE_BUILT_IN", {{"name", request.name()}});
  }
  const std::string& etag = static_cast<const v1::SignalRule&>(*(*stored)->message).etag();
  if (!request.etag().empty() && request.etag() != etag) {
    return error::EtagMismatch(request.name(), request.etag(), etag);
  }
  return writer.Remove(transaction, *id, **stored);
}

}  // namespace

absl::Status GetSignalRule(const Workspace& workspace, const v1::GetSignalRuleRequest& request, v1::SignalRule* rule) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  const auto id = engine::FindResource(engine::kSignalRule)->schema.IdOf(request.name(), "name");
  if (!id.ok()) return id.status();
  const auto rules = workspace.portfolio().signal_rules();
  const int number = rules->Find(*id);
  if (number < 0 || !rules->Exists(number)) return error::NotFound(request.name());
  *rule = rules->at(number).proto();
  return absl::OkStatus();
}

absl::Status ListSignalRules(const Workspace& workspace, const v1::ListSignalRulesRequest& request,
                             v1::ListSignalRulesResponse* response) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const uint64_t binding = model::BindingOf({"signalRules", v1::SignalKind_Name(request.kind())});
  int64_t from = 0;
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 0);
    if (!position.ok()) return position.status();
    from = position->key;
  }
  const auto rules = workspace.portfolio().signal_rules();
  std::vector<const signals::Rule*> wanted;
  for (int number = 0; number < static_cast<int>(rules->rules().size()); ++number) {
    const signals::Rule& rule = rules->at(number);
    const bool of_kind = request.kind() == v1::SIGNAL_KIND_UNSPECIFIED || request.kind() == rule.kind();
    if (of_kind && rules->Exists(number)) wanted.push_back(&rule);
  }
  std::sort(wanted.begin(), wanted.end(), [](const auto* a, const auto* b) { return a->id() < b->id(); });
  for (size_t i = static_cast<size_t>(std::max<int64_t>(0, from)); i < wanted.size(); ++i) {
    if (response->signal_rules_size() == *page_size) {
      response->set_next_page_token(model::EncodePageToken({.key = static_cast<int64_t>(i)}, binding));
      break;
    }
    *response->add_signal_rules() = wanted[i]->proto();
  }
  response->set_revision(workspace.storage().head());
  return absl::OkStatus();
}

void CreateSignalRule(Workspace& workspace, std::string actor, const v1::CreateSignalRuleRequest& request,
                      v1::SignalRule* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) {
    return Create(workspace, transaction, request, response);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void UpdateSignalRule(Workspace& workspace, std::string actor, const v1::UpdateSignalRuleRequest& request,
                      v1::SignalRule* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) {
    return Update(workspace, transaction, request, response);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void DeleteSignalRule(Workspace& workspace, std::string actor, const v1::DeleteSignalRuleRequest& request,
                      google::protobuf::Empty* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request](engine::Transaction& transaction) {
    return Delete(workspace, transaction, request);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

}  // namespace folio::portfolio
