#include "server/engine/log_entry.h"

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace folio::engine {

namespace {

using google::protobuf::internal::WireFormatLite;

// What a change takes beside its id and its bytes, about.
constexpr size_t kChangeOverhead = 32;

// The beginning of a field that holds so many bytes.
void AppendHeader(int field, size_t size, std::string* bytes) {
  uint8_t header[10];
  uint8_t* end = google::protobuf::io::CodedOutputStream::WriteTagToArray(
      WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED), header);
  end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(size), end);
  bytes->append(reinterpret_cast<const char*>(header), static_cast<size_t>(end - header));
}

// Appends a change as a field of the entry. `data` goes from where it lies into the entry, by no way round.
void AppendChange(const Change& change, log::Change* fields, std::string* scratch, std::string* entry) {
  fields->set_change(change.type);
  fields->set_kind(change.kind);
  fields->set_key(change.key);
  fields->set_id(change.id);
  scratch->clear();
  fields->AppendToString(scratch);
  if (!change.data.empty()) AppendHeader(log::Change::kDataFieldNumber, change.data.size(), scratch);
  AppendHeader(log::LogEntry::kChangesFieldNumber, scratch->size() + change.data.size(), entry);
  entry->append(*scratch);
  entry->append(change.data);
}

}  // namespace

std::string EncodeLogEntry(Instant time, std::string_view actor, std::string_view request_id,
                           std::span<const Change> changes) {
  log::LogEntry head;
  head.set_time(time);
  head.set_actor(std::string(actor));
  head.set_request_id(std::string(request_id));
  std::string entry = head.SerializeAsString();
  size_t size = entry.size();
  for (const Change& change : changes) {
    if (change.logged) size += change.id.size() + change.data.size() + kChangeOverhead;
  }
  entry.reserve(size);
  log::Change fields;
  std::string scratch;
  for (const Change& change : changes) {
    if (change.logged) AppendChange(change, &fields, &scratch, &entry);
  }
  return entry;
}

}  // namespace folio::engine
