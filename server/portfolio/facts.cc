#include "server/portfolio/facts.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/engine/resources.h"
#include "server/engine/write_call.h"
#include "server/model/page_token.h"
#include "server/model/schema.h"
#include "server/portfolio/fact_rules.h"
#include "server/portfolio/fact_writer.h"
#include "server/portfolio/queries.h"

namespace folio::portfolio {

namespace {

constexpr std::string_view kPrefix = "facts/";
constexpr std::string_view kAnyAccount = "accounts/-";
// Facts of nobody, or of anybody, that one page looks at where few of them are wanted: some tens of milliseconds.
constexpr int64_t kLookedAtMax = 10'000;
// Bytes of one page of all facts, about.
constexpr size_t kPageBytesMax = 1 << 20;

bool Wanted(const v1::ListFactsRequest& request, const v1::Fact& fact) {
  const Instant time = FromProto(fact.event_time());
  if (request.has_start_time() && time < FromProto(request.start_time())) return false;
  if (request.has_end_time() && time >= FromProto(request.end_time())) return false;
  return request.kinds().empty() ||
         std::find(request.kinds().begin(), request.kinds().end(), FactKindOf(fact)) != request.kinds().end();
}

// Where a fact stands among an account's: the latest first, then the one written last.
using Place = std::pair<Instant, storage::Key>;

// False where it cannot be parsed.
template <typename AnyRecord>
bool ReadFact(const AnyRecord& record, v1::Fact* fact) {
  if (!fact->ParseFromArray(record.data.data(), static_cast<int>(record.data.size()))) return false;
  fact->set_etag(engine::EtagOf(record.revision));
  return true;
}

// Reads the fact of a key where it is wanted.
absl::StatusOr<std::optional<v1::Fact>> ReadWanted(const Workspace& workspace, const v1::ListFactsRequest& request,
                                                   storage::Key key) {
  const auto record = workspace.storage().Get(engine::kFact, key);
  if (!record.ok()) return error::FromStorage(record.status());
  v1::Fact fact;
  if (!record->has_value() || !ReadFact(**record, &fact) || !Wanted(request, fact)) return std::nullopt;
  return fact;
}

// Facts that belong to no account come by their keys, so that a page costs a page however many there are.
absl::Status ListFactsOfNobody(const Workspace& workspace, const v1::ListFactsRequest& request, int64_t page_size,
                               uint64_t binding, v1::ListFactsResponse* response) {
  storage::Key below = storage::kKeyMax;
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 0);
    if (!position.ok()) return position.status();
    below = position->key;
  }
  const Portfolio& portfolio = workspace.portfolio();
  const bool narrowed = !request.kinds().empty() || request.has_start_time() || request.has_end_time();
  if (!narrowed) response->set_total_size(portfolio.CountOfNobodysFacts());
  for (int64_t looked_at = 0; looked_at < kLookedAtMax && response->facts_size() < page_size;) {
    const std::vector<storage::Key> keys = portfolio.FactsOfNobodyBelow(below, page_size - response->facts_size());
    if (keys.empty()) return absl::OkStatus();
    for (const storage::Key key : keys) {
      auto fact = ReadWanted(workspace, request, key);
      if (!fact.ok()) return fact.status();
      if (fact->has_value()) *response->add_facts() = **std::move(fact);
    }
    looked_at += std::ssize(keys);
    below = keys.back();
  }
  if (portfolio.FactsOfNobodyBelow(below, 1).empty()) return absl::OkStatus();
  response->set_next_page_token(model::EncodePageToken({.key = below}, binding));
  return absl::OkStatus();
}

// All facts, by their keys: the next page goes on behind the last key, whatever is written meanwhile.
absl::Status ListAllFacts(const Workspace& workspace, const v1::ListFactsRequest& request, int64_t page_size,
                          uint64_t binding, v1::ListFactsResponse* response) {
  storage::Key after = 0;
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 0);
    if (!position.ok()) return position.status();
    after = position->key;
  }
  int64_t looked_at = 0;
  size_t bytes = 0;
  bool more = false;
  const absl::Status scanned =
      workspace.storage().Scan(engine::kFact, after + 1, [&](const storage::RecordView& record) {
        more = response->facts_size() == page_size || looked_at == kLookedAtMax || bytes >= kPageBytesMax;
        if (more) return false;
        ++looked_at;
        after = record.key;
        v1::Fact fact;
        if (!ReadFact(record, &fact) || !Wanted(request, fact)) return true;
        bytes += record.data.size();
        *response->add_facts() = std::move(fact);
        return true;
      });
  if (!scanned.ok()) return error::FromStorage(scanned);
  if (more) response->set_next_page_token(model::EncodePageToken({.key = after}, binding));
  return absl::OkStatus();
}

}  // namespace

absl::Status GetFact(const Workspace& workspace, const v1::GetFactRequest& request, v1::Fact* fact) {
  if (!request.name().starts_with(kPrefix)) {
    return error::InvalidField("name", "NAME_MALFORMED", {{"value", request.name()}, {"expected", "facts/{fact}"}});
  }
  const auto record =
      workspace.storage().FindRecord(engine::kFact, std::string_view(request.name()).substr(kPrefix.size()));
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) return error::NotFound(request.name());
  return ReadFact(**record, fact) ? absl::OkStatus() : error::Internal("a stored fact cannot be parsed");
}

absl::Status ListFacts(const Workspace& workspace, const v1::ListFactsRequest& request,
                       v1::ListFactsResponse* response) {
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  v1::ListFactsRequest bound = request;
  bound.clear_page_size();
  bound.clear_page_token();
  const uint64_t binding = engine::FingerprintOf(bound);
  if (request.account().empty()) return ListFactsOfNobody(workspace, request, *page_size, binding, response);
  if (request.account() == kAnyAccount) return ListAllFacts(workspace, request, *page_size, binding, response);
  const auto account = AccountKey(workspace, request.account());
  if (!account.ok()) return account.status();
  Place after{INT64_MAX, INT64_MAX};
  if (!request.page_token().empty()) {
    const auto position = model::DecodeIntPageToken(request.page_token(), binding, 1);
    if (!position.ok()) return position.status();
    after = {std::get<int64_t>(position->values.front()), position->key};
  }
  std::vector<std::pair<Place, v1::Fact>> found;
  for (const storage::Key key : workspace.portfolio().FactsOf(*account)) {
    auto fact = ReadWanted(workspace, request, key);
    if (!fact.ok()) return fact.status();
    if (!fact->has_value()) continue;
    const Place place{FromProto((*fact)->event_time()), key};
    found.emplace_back(place, **std::move(fact));
  }
  response->set_total_size(static_cast<int64_t>(found.size()));
  std::erase_if(found, [&](const auto& entry) { return entry.first >= after; });
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const auto shown = std::min(found.size(), static_cast<size_t>(*page_size));
  for (size_t i = 0; i < shown; ++i) *response->add_facts() = std::move(found[i].second);
  if (shown < found.size()) {
    const auto& [time, key] = found[shown - 1].first;
    response->set_next_page_token(model::EncodePageToken({.values = {time}, .key = key}, binding));
  }
  return absl::OkStatus();
}

void BatchUpsertFacts(Workspace& workspace, std::string actor, const v1::BatchUpsertFactsRequest& request,
                      v1::BatchUpsertFactsResponse* response, engine::Collection::Done done) {
  const auto work = [&request, response](engine::Transaction& transaction) -> absl::Status {
    FactBatchWriter writer(transaction);
    int64_t unchanged = 0;
    for (int i = 0; i < request.facts_size(); ++i) {
      const std::string path = "facts[" + std::to_string(i) + "]";
      auto fact = std::make_shared<v1::Fact>(request.facts(i));
      model::ClearOutputOnly(fact.get());
      if (auto status = model::Validate(*fact, path); !status.ok()) return status;
      const auto effect = writer.Put(std::move(fact), path, request.facts(i).etag());
      if (!effect.ok()) return effect.status();
      if (*effect == engine::Effect::kUnchanged) ++unchanged;
    }
    writer.Finish();
    response->set_created_count(writer.counts().created_count());
    response->set_updated_count(writer.counts().updated_count());
    response->set_unchanged_count(unchanged);
    response->set_revision(transaction.revision());
    return absl::OkStatus();
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void DeleteFact(Workspace& workspace, std::string actor, const v1::DeleteFactRequest& request,
                google::protobuf::Empty* response, engine::Collection::Done done) {
  const auto work = [&request](engine::Transaction& transaction) -> absl::Status {
    FactBatchWriter writer(transaction);
    if (auto status = writer.Remove(request.name(), request.etag()); !status.ok()) return status;
    writer.Finish();
    return absl::OkStatus();
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

}  // namespace folio::portfolio
