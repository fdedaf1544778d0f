#include "storage/sqlite/reader.h"

#include <sqlite3.h>

#include <algorithm>
#include <string>

namespace folio::storage {
namespace {

// More than that many readers at once are rare; their connections are closed rather than kept.
constexpr size_t kIdleReadersMax = 32;
// Rows between two calls of a check's progress.
constexpr int64_t kProgressRows = 4096;

}  // namespace

// One consistent state of the file, from the first statement to the end of the scope.
class Reader::Snapshot {
 public:
  explicit Snapshot(Reader& reader) : reader_(reader) {
    StatementUse use(reader_.begin_);
    const int code = reader_.begin_.Step();
    if (code != SQLITE_DONE) status_ = reader_.connection_->ErrorOf(code, "begin to read");
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot() {
    StatementUse use(reader_.end_);
    reader_.end_.Step();
  }
  const absl::Status& status() const { return status_; }

 private:
  Reader& reader_;
  absl::Status status_;
};

// Tells of a check's progress.
struct Reader::Meter {
  const Storage::Progress& progress;
  int64_t rows = 0;
  bool stopped = false;

  bool Count(int64_t more) {
    const int64_t before = rows / kProgressRows;
    rows += more;
    if (rows / kProgressRows != before && !progress(rows)) stopped = true;
    return !stopped;
  }
};

absl::StatusOr<std::unique_ptr<Reader>> Reader::Open(const FileLocation& file) {
  auto connection = Connection::OpenReader(file);
  if (!connection.ok()) return connection.status();
  std::unique_ptr<Reader> reader(new Reader(*std::move(connection)));
  if (absl::Status status = reader->Prepare(); !status.ok()) return status;
  return reader;
}

absl::Status Reader::Prepare() {
  const std::pair<const char*, Statement*> statements[] = {
      {"BEGIN", &begin_},
      {"COMMIT", &end_},
      {"SELECT key, revision, sum, id, data FROM records WHERE key = ?1", &get_},
      {"SELECT key, revision, sum, id, data FROM records WHERE key BETWEEN ?1 AND ?2 ORDER BY key", &scan_},
      {"SELECT first, count, flags, sum, data FROM log"
       " WHERE first >= (SELECT max(first) FROM log WHERE first <= ?1) ORDER BY first",
       &log_},
      {"SELECT value, sum FROM meta WHERE name = 'state'", &state_}};
  for (const auto& [sql, statement] : statements) {
    if (absl::Status status = connection_->Prepare(sql, statement); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<State> Reader::ReadState() {
  StatementUse use(state_);
  const int code = state_.Step();
  if (code == SQLITE_DONE) return absl::DataLossError("the state of the store is missing");
  if (code != SQLITE_ROW) return connection_->ErrorOf(code, "read the state of the store");
  const std::string_view value = state_.Bytes(0);
  if (static_cast<uint64_t>(state_.Int(1)) != MetaSum("state", value)) {
    return absl::DataLossError("the state of the store does not fit its checksum");
  }
  return DecodeState(value);
}

absl::StatusOr<std::optional<Record>> Reader::Get(int kind, Key key) {
  StatementUse use(get_);
  get_.Bind(1, RowIdOf(kind, key));
  const int code = get_.Step();
  if (code == SQLITE_DONE) return std::optional<Record>();
  if (code != SQLITE_ROW) return connection_->ErrorOf(code, "read a record");
  const absl::StatusOr<Row> row = ReadRow(get_);
  if (!row.ok()) return row.status();
  return std::optional<Record>(Record{key, std::string(row->id), row->revision, std::string(row->data)});
}

absl::Status Reader::VisitRows(RowId first, RowId last, absl::FunctionRef<bool(const absl::StatusOr<Row>&)> visit) {
  StatementUse use(scan_);
  scan_.Bind(1, first);
  scan_.Bind(2, last);
  for (RowId next = first;;) {
    const int code = scan_.Step();
    if (code == SQLITE_DONE) return absl::OkStatus();
    if (code != SQLITE_ROW) return connection_->ErrorOf(code, "read records");
    absl::StatusOr<Row> row = ReadRow(scan_);
    // A page in another's place holds good rows in a bad order.
    if (row.ok() && row->row_id < next) row = absl::DataLossError("records are not in their order");
    if (row.ok()) next = row->row_id + 1;
    if (!visit(row)) return absl::OkStatus();
  }
}

absl::Status Reader::Scan(int kind, Key first, const Storage::RecordVisitor& visit) {
  if (first > kKeyMax) return absl::OkStatus();
  Snapshot snapshot(*this);
  if (!snapshot.status().ok()) return snapshot.status();
  const absl::StatusOr<State> state = ReadState();
  if (!state.ok()) return state.status();
  KindState seen{.last_key = state->kinds[kind].last_key};
  bool stopped = false;
  absl::Status corrupt;
  const absl::Status status =
      VisitRows(RowIdOf(kind, first), RowIdOf(kind, kKeyMax), [&](const absl::StatusOr<Row>& row) {
        corrupt = row.status();
        if (!corrupt.ok()) return false;
        ++seen.count;
        seen.digest += row->sum;
        stopped = !visit(RecordView{KeyOf(row->row_id), row->id, row->revision, row->data});
        return !stopped;
      });
  if (!status.ok()) return status;
  if (!corrupt.ok()) return corrupt;
  if (stopped || first > 1 || seen == state->kinds[kind]) return absl::OkStatus();
  return absl::DataLossError("records of kind " + std::to_string(kind) + " are missing");
}

absl::StatusOr<Reader::Survey> Reader::SurveyRecords(absl::FunctionRef<bool(const Row&)> visit,
                                                     absl::FunctionRef<bool()> corrupt) {
  Snapshot snapshot(*this);
  if (!snapshot.status().ok()) return snapshot.status();
  absl::StatusOr<State> state = ReadState();
  if (!state.ok()) return state.status();
  State seen;
  const absl::Status status = VisitRows(INT64_MIN, INT64_MAX - 1, [&](const absl::StatusOr<Row>& row) {
    const bool known = row.ok() && row->row_id >= RowIdOf(1, 1) && KindOf(row->row_id) < kKindCount;
    if (!known) return corrupt();
    KindState& kind = seen.kinds[KindOf(row->row_id)];
    ++kind.count;
    kind.digest += row->sum;
    return visit(*row);
  });
  if (!status.ok()) return status;
  Survey survey{.state = *std::move(state)};
  for (int kind = 1; kind < kKindCount; ++kind) {
    seen.kinds[kind].last_key = survey.state.kinds[kind].last_key;
    if (seen.kinds[kind] != survey.state.kinds[kind]) survey.damaged.push_back(kind);
  }
  return survey;
}

absl::Status Reader::VisitSegments(Revision from, absl::FunctionRef<bool(const absl::StatusOr<Segment>&)> visit) {
  StatementUse use(log_);
  log_.Bind(1, from);
  for (;;) {
    const int code = log_.Step();
    if (code == SQLITE_DONE) return absl::OkStatus();
    if (code != SQLITE_ROW) return connection_->ErrorOf(code, "read the log");
    if (!visit(ReadSegment(log_))) return absl::OkStatus();
  }
}

absl::Status Reader::ReadLog(Revision after, const Storage::EntryVisitor& visit) {
  Snapshot snapshot(*this);
  if (!snapshot.status().ok()) return snapshot.status();
  const absl::StatusOr<State> state = ReadState();
  if (!state.ok()) return state.status();
  if (after < state->first_log_revision - 1) return absl::OutOfRangeError("the log no longer holds these entries");
  if (after >= state->head) return absl::OkStatus();

  Revision next = after + 1;
  bool stopped = false;
  absl::Status corrupt;
  const absl::Status status = VisitSegments(next, [&](const absl::StatusOr<Segment>& segment) {
    corrupt = segment.status();
    if (!corrupt.ok() || next < segment->first || next >= segment->end()) return false;
    while (next < segment->end() && !stopped) {
      stopped = !visit(next, segment->entries[next - segment->first]);
      ++next;
    }
    return !stopped;
  });
  if (!status.ok()) return status;
  if (!corrupt.ok()) return corrupt;
  if (stopped || next == state->head + 1) return absl::OkStatus();
  return absl::DataLossError("the log is missing revision " + std::to_string(next));
}

absl::StatusOr<CheckReport> Reader::Check(const Storage::Progress& progress) {
  CheckReport report;
  Meter meter{.progress = progress};
  absl::Status status = CheckRecords(&meter, &report);
  if (status.ok() && !meter.stopped) status = CheckLog(&meter, &report);
  if (meter.stopped) return absl::CancelledError("the check was stopped");
  if (!status.ok()) return status;
  const absl::StatusOr<std::string> integrity = connection_->Query("PRAGMA integrity_check(1)");
  if (!integrity.ok() || *integrity != "ok") ++report.corrupt;
  return report;
}

absl::Status Reader::CheckRecords(Meter* meter, CheckReport* report) {
  const auto survey = SurveyRecords(
      [&](const Row& row) {
        if (KindOf(row.row_id) <= kKindMax) ++report->records;
        return meter->Count(1);
      },
      [&] {
        ++report->corrupt;
        return meter->Count(1);
      });
  if (meter->stopped) return absl::OkStatus();
  // Where the structure itself is broken, the rows behind cannot even be counted.
  if (absl::IsDataLoss(survey.status())) ++report->corrupt;
  if (!survey.ok()) return absl::IsDataLoss(survey.status()) ? absl::OkStatus() : survey.status();
  report->corrupt = std::max<int64_t>(report->corrupt, static_cast<int64_t>(survey->damaged.size()));
  return absl::OkStatus();
}

absl::Status Reader::CheckLog(Meter* meter, CheckReport* report) {
  Snapshot snapshot(*this);
  if (!snapshot.status().ok()) return snapshot.status();
  const absl::StatusOr<State> state = ReadState();
  if (!state.ok()) return absl::OkStatus();  // counted with the records
  Revision next = state->first_log_revision;
  const absl::Status status = VisitSegments(next, [&](const absl::StatusOr<Segment>& segment) {
    if (!segment.ok()) {
      ++report->corrupt;
      return meter->Count(1);
    }
    if (segment->first != next) ++report->corrupt;
    next = segment->end();
    report->entries += static_cast<int64_t>(segment->entries.size());
    return meter->Count(static_cast<int64_t>(segment->entries.size()));
  });
  if (meter->stopped) return absl::OkStatus();
  if (!status.ok() && !absl::IsDataLoss(status)) return status;
  if (!status.ok() || next != state->head + 1) ++report->corrupt;
  return absl::OkStatus();
}

absl::StatusOr<ReaderPool::Lease> ReaderPool::Acquire() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Reader> reader = std::move(idle_.back());
      idle_.pop_back();
      return Lease(this, std::move(reader));
    }
  }
  auto reader = Reader::Open(file_);
  if (!reader.ok()) return reader.status();
  return Lease(this, *std::move(reader));
}

void ReaderPool::Return(std::unique_ptr<Reader> reader) {
  std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleReadersMax) idle_.push_back(std::move(reader));
}

}  // namespace folio::storage
