#include "server/portfolio/importer.h"

#include <utility>

#include "server/base/limits.h"
#include "server/engine/request.h"
#include "server/portfolio/fact_writer.h"

namespace folio::portfolio {

using engine::Effect;
using google::protobuf::Message;

namespace {

// The field of a chunk that holds rows of a type; nullptr where there is none.
const google::protobuf::FieldDescriptor* RowsField(const engine::ResourceType& type) {
  const auto* chunk = v1::ImportChunk::descriptor();
  for (int i = 0; i < chunk->field_count(); ++i) {
    if (chunk->field(i)->message_type() == type.schema.descriptor()) return chunk->field(i);
  }
  return nullptr;
}

void Count(Effect effect, v1::ImportCounts* counts) {
  switch (effect) {
    case Effect::kCreated:
      return counts->set_created(counts->created() + 1);
    case Effect::kUpdated:
      return counts->set_updated(counts->updated() + 1);
    case Effect::kRestored:
      return counts->set_restored(counts->restored() + 1);
    case Effect::kUnchanged:
      return counts->set_unchanged(counts->unchanged() + 1);
  }
}

bool IsRowFault(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsAlreadyExists(status) || absl::IsFailedPrecondition(status) ||
         absl::IsNotFound(status);
}

}  // namespace

ImportSession::ImportSession(v1::ImportHeader header, std::string actor, error::Locale locale,
                             engine::Committer& committer, const DomainRules& rules, const engine::ResourceType& type)
    : header_(std::move(header)),
      actor_(std::move(actor)),
      locale_(locale),
      committer_(committer),
      rules_(rules),
      type_(type),
      writer_(type, rules) {}

absl::StatusOr<std::unique_ptr<ImportSession>> ImportSession::Begin(const v1::ImportHeader& header, std::string actor,
                                                                    error::Locale locale,
                                                                    const storage::Storage& storage,
                                                                    engine::Committer& committer,
                                                                    const DomainRules& rules) {
  const engine::ResourceType* type = engine::FindResource(std::string_view(header.collection()));
  if (type == nullptr || RowsField(*type) == nullptr) {
    return error::InvalidField("header.collection", "IMPORT_COLLECTION", {{"collection", header.collection()}});
  }
  if (auto status = model::Validate(header, "header"); !status.ok()) return status;
  std::unique_ptr<ImportSession> session(new ImportSession(header, std::move(actor), locale, committer, rules, *type));
  if (!header.import_id().empty() && !header.restart() && !header.validate_only()) {
    const auto stored = storage.GetCursor(session->CursorName());
    if (!stored.ok()) return error::FromStorage(stored.status());
    if (stored->has_value() && !session->start_.ParseFromString(**stored)) {
      return error::Internal("a stored position of an import cannot be parsed");
    }
  }
  session->evaluated_ = session->start_;
  return session;
}

void ImportSession::Write(std::shared_ptr<v1::ImportChunk> chunk, std::function<void(const ChunkResult&)> done) {
  auto work = std::make_shared<Work>();
  work->chunk = std::move(chunk);
  work->rows = TakeRows(work->chunk);
  engine::Submission submission{
      .actor = actor_,
      .bytes = static_cast<int64_t>(work->chunk->ByteSizeLong()),
      .apply =
          [this, work](engine::Transaction& transaction) {
            const absl::Status status = broken_.ok() ? Evaluate(transaction, work.get()) : broken_;
            if (status.ok()) return header_.validate_only() ? absl::CancelledError("validate_only") : status;
            work->refused = true;
            broken_ = status;
            return status;
          },
      .done =
          [this, work, done](const engine::Outcome& outcome) {
            const bool rehearsed = header_.validate_only() && absl::IsCancelled(outcome.status);
            work->result.status = rehearsed ? absl::OkStatus() : outcome.status;
            work->result.revision = outcome.revision;
            // It did not become durable, which is told before anything else is run.
            if (!work->result.status.ok() && !work->refused) broken_ = work->result.status;
            done(work->result);
          }};
  if (auto status = committer_.Submit(std::move(submission)); !status.ok()) {
    work->result.status = status;
    done(work->result);
  }
}

absl::Status ImportSession::Evaluate(engine::Transaction& transaction, Work* work) {
  if (auto status = CheckChunk(*work->chunk); !status.ok()) return status;
  ChunkResult& result = work->result;
  if (auto s = WriteRows(transaction, *work->chunk, std::move(work->rows), &result); !s.ok()) return s;
  *evaluated_.mutable_counts() = result.counts;
  evaluated_.set_durable_through_row(result.durable_through_row);
  return absl::OkStatus();
}

absl::Status ImportSession::CheckChunk(const v1::ImportChunk& chunk) const {
  if (chunk.first_row() <= evaluated_.durable_through_row() || chunk.row_count() <= 0) {
    return error::InvalidField("chunk.first_row", "IMPORT_CHUNK_ORDER",
                               {{"found", std::to_string(chunk.first_row())},
                                {"expected", std::to_string(evaluated_.durable_through_row() + 1)}});
  }
  const auto* rows = RowsField(type_);
  const int size = chunk.GetReflection()->FieldSize(chunk, rows);
  if (size > limits::kBatchRowsMax) {
    return error::InvalidField("chunk." + rows->name(), "BATCH_TOO_LARGE",
                               {{"count", std::to_string(size)}, {"maximum", std::to_string(limits::kBatchRowsMax)}});
  }
  if (chunk.row_numbers_size() != 0 && chunk.row_numbers_size() != size) {
    return error::InvalidField(
        "chunk.row_numbers", "IMPORT_CHUNK_ORDER",
        {{"found", std::to_string(chunk.row_numbers_size())}, {"expected", std::to_string(size)}});
  }
  return absl::OkStatus();
}

std::vector<ImportSession::Row> ImportSession::TakeRows(const std::shared_ptr<v1::ImportChunk>& chunk) const {
  const auto* field = RowsField(type_);
  const int size = chunk->GetReflection()->FieldSize(*chunk, field);
  std::vector<Row> rows;
  if (size > limits::kBatchRowsMax) return rows;  // will be refused
  rows.reserve(static_cast<size_t>(size));
  for (int i = 0; i < size; ++i) {
    Message* message = chunk->GetReflection()->MutableRepeatedMessage(chunk.get(), field, i);
    model::ClearOutputOnly(message);
    rows.push_back({std::shared_ptr<Message>(chunk, message), model::Validate(*message, type_.schema.singular())});
  }
  return rows;
}

absl::Status ImportSession::WriteRows(engine::Transaction& transaction, const v1::ImportChunk& chunk,
                                      std::vector<Row> rows, ChunkResult* result) const {
  result->counts = evaluated_.counts();
  result->durable_through_row = chunk.first_row() + chunk.row_count() - 1;
  const bool facts = type_.kind == engine::kFact;
  FactBatchWriter fact_writer(transaction);
  const auto write_fact = [&](Row row) -> absl::StatusOr<Effect> {
    if (!row.valid.ok()) return row.valid;
    return fact_writer.Put(std::static_pointer_cast<v1::Fact>(std::move(row.message)), type_.schema.singular());
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    bool skipped = false;
    const absl::StatusOr<Effect> effect =
        facts ? write_fact(std::move(rows[i])) : WriteRow(transaction, std::move(rows[i]), &skipped);
    if (!effect.ok()) {
      if (!IsRowFault(effect.status())) return effect.status();
      result->counts.set_rejected(result->counts.rejected() + 1);
      result->rejected.push_back(Rejection(chunk, static_cast<int>(i), effect.status()));
    } else if (skipped) {
      result->counts.set_skipped(result->counts.skipped() + 1);
    } else {
      Count(*effect, &result->counts);
    }
  }
  fact_writer.Finish();
  if (!header_.import_id().empty() && !header_.validate_only()) {
    v1::ImportResponse position;
    position.set_durable_through_row(result->durable_through_row);
    *position.mutable_counts() = result->counts;
    transaction.SetCursor(CursorName(), position.SerializeAsString());
  }
  return absl::OkStatus();
}

v1::RejectedRow ImportSession::Rejection(const v1::ImportChunk& chunk, int position, const absl::Status& status) const {
  v1::RejectedRow rejected;
  rejected.set_row(chunk.row_numbers_size() == 0 ? chunk.first_row() + position : chunk.row_numbers(position));
  const error::Fault fault = error::FaultsOf(status).front();
  rejected.set_field(fault.field);
  rejected.set_reason(fault.reason);
  rejected.set_message(error::Localize(fault, locale_));
  return rejected;
}

absl::StatusOr<Effect> ImportSession::WriteRow(engine::Transaction& transaction, Row row, bool* skipped) const {
  const std::string& singular = type_.schema.singular();
  const auto id = IdFor(transaction, *row.message);
  if (!id.ok()) return id.status();
  auto found = writer_.Read(transaction, *id);
  if (!found.ok()) return found.status();
  if (!found->has_value()) {
    if (!row.valid.ok()) return row.valid;
    if (auto s = writer_.CreateMissing(transaction, *id, std::move(row.message)); !s.ok()) return s;
    return Effect::kCreated;
  }
  engine::Stored stored = std::move(**found);
  bool restored = false;
  if (writer_.IsDeleted(*stored.message)) {
    if (header_.on_deleted() == v1::DELETED_POLICY_SKIP) return *skipped = true, Effect::kUnchanged;
    if (header_.on_deleted() != v1::DELETED_POLICY_RESTORE) return error::Deleted(type_.schema.NameOf(*id));
    std::shared_ptr<Message> live = type_.NewCopy(*stored.message);
    if (auto s = writer_.MarkDeleted(transaction, *id, stored.key, live, false); !s.ok()) return s;
    stored.message->CopyFrom(*live);
    restored = true;
  } else if (header_.on_conflict() == v1::CONFLICT_POLICY_SKIP) {
    return *skipped = true, Effect::kUnchanged;
  } else if (header_.on_conflict() == v1::CONFLICT_POLICY_FAIL) {
    return error::InvalidField("", "ROW_CONFLICT", {{"name", type_.schema.NameOf(*id)}});
  }
  google::protobuf::FieldMask mask;
  if (header_.on_conflict() == v1::CONFLICT_POLICY_REPLACE) mask.add_paths("*");
  const auto paths = model::ExpandMask(mask, *row.message);
  if (!paths.ok()) return paths.status();
  std::shared_ptr<Message> after = type_.NewCopy(*stored.message);
  model::CopyPaths(*row.message, *paths, after.get());
  if (auto status = model::Validate(*after, singular); !status.ok()) return status;
  const auto effect = writer_.Replace(transaction, *id, stored, std::move(after));
  if (!effect.ok()) return effect.status();
  return restored ? Effect::kRestored : *effect;
}

absl::StatusOr<std::string> ImportSession::IdFor(engine::Transaction& transaction, const Message& row) const {
  const std::string name = engine::Fields(row).Text("name");
  if (!name.empty()) return type_.schema.IdOf(name, type_.schema.singular() + ".name");
  if (type_.kind == engine::kAccount) {
    for (const v1::ExternalId& external : static_cast<const v1::Account&>(row).external_ids()) {
      const auto key = rules_.FindByExternalId(transaction, external);
      if (!key.ok()) return key.status();
      if (!key->has_value()) continue;
      const auto data = transaction.Get(engine::kAccount, **key);
      if (!data.ok()) return error::FromStorage(data.status());
      v1::Account account;
      account.ParseFromString(data->value_or(""));
      return type_.schema.IdOf(account.name(), "account.name");
    }
  }
  return writer_.NewId(transaction, row);
}

std::string ImportSession::CursorName() const { return "import/" + actor_ + "/" + header_.import_id(); }

}  // namespace folio::portfolio
