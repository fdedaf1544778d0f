// A disk that misbehaves when told to: a layer between SQLite and the system's files.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/storage/support.h"

namespace folio::storage::testing {

// How a call that changes a file fails.
struct Fault {
  enum Kind {
    kWriteError,  // a write or truncation fails, and nothing of it is done
    kTornWrite,   // a write fails halfway
    kDiskFull,    // a write finds no room
    kSyncError,   // a sync fails; what it should have made durable is there all the same
  };
  Kind kind = kWriteError;
  int64_t at = 0;    // which call of that sort fails, counted from 0
  bool once = true;  // and only that, rather than all from there on
};

class FaultVfs {
 public:
  // Registers itself under `name()`. Stores that lie on it must be closed first. Syncs do not reach the system: for a
  // test what has been written is durable when SQLite has asked for it.
  FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;
  ~FaultVfs();

  const std::string& name() const { return name_; }

  void Arm(const Fault& fault);
  void Disarm() { armed_ = false; }
  bool fired() const { return fired_; }

  // Called before each write, truncation and sync.
  void OnChange(std::function<void()> hook) { hook_ = std::move(hook); }

  // Writes to a folder what a power cut at this moment could leave of the files: all that was synced, and of what was
  // written since any part, down to single sectors.
  void WriteCrashImage(const TempFolder& folder, Dice& dice) const;

  // From now on, reads of the main file find this bit flipped. A mask of 0 ends it.
  void Rot(int64_t offset, uint8_t mask) { rot_offset_ = offset, rot_mask_ = mask; }

 private:
  struct File;
  struct Change {
    int64_t offset = 0;
    std::string bytes;
    int64_t truncate_to = -1;  // rather than a write
  };
  // A file as the disk knows it.
  struct Image {
    std::string synced;
    std::vector<Change> pending;
  };

  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags);
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder);
  static const sqlite3_io_methods& Methods();
  static void Apply(const Change& change, std::string* content);
  enum class Call { kWrite, kTruncate, kSync };
  // True where this call is to fail.
  bool Fails(Call call);
  int Write(File* file, const void* bytes, int count, int64_t offset);
  int Read(File* file, void* bytes, int count, int64_t offset);

  const std::string name_;
  sqlite3_vfs* const system_;
  sqlite3_vfs vfs_;
  Fault fault_;
  bool armed_ = false;
  bool fired_ = false;
  int64_t calls_ = 0;  // of the fault's sort
  std::function<void()> hook_;
  std::map<std::string, Image> images_;  // by path
  int64_t rot_offset_ = 0;
  uint8_t rot_mask_ = 0;
};

}  // namespace folio::storage::testing
