#include "tests/storage/fault_vfs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

namespace folio::storage::testing {
namespace {

constexpr size_t kSector = 512;

std::string NewName() {
  static int count = 0;
  return "folio_fault_" + std::to_string(count++);
}

}  // namespace

// What SQLite sees as a file: followed in memory by the system's.
struct FaultVfs::File {
  sqlite3_file base;
  FaultVfs* vfs;
  Image* image;  // of main file and WAL; nullptr for others
  bool is_main;

  sqlite3_file* system() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  static File* Of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
};

FaultVfs::FaultVfs() : name_(NewName()), system_(sqlite3_vfs_find(nullptr)), vfs_(*system_) {
  vfs_.zName = name_.c_str();
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + system_->szOsFile;
  vfs_.pAppData = this;
  vfs_.xOpen = &FaultVfs::Open;
  vfs_.xDelete = &FaultVfs::Delete;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultVfs::Arm(const Fault& fault) {
  fault_ = fault;
  armed_ = true;
  fired_ = false;
  calls_ = 0;
}

bool FaultVfs::Fails(Call call) {
  if (hook_) hook_();
  if (!armed_ || (call == Call::kSync) != (fault_.kind == Fault::kSyncError)) return false;
  // There is always room for less.
  if (call == Call::kTruncate && fault_.kind != Fault::kWriteError) return false;
  const int64_t number = calls_++;
  if (number < fault_.at || (fault_.once && number > fault_.at)) return false;
  fired_ = true;
  return true;
}

int FaultVfs::Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  auto* self = static_cast<FaultVfs*>(vfs->pAppData);
  File* opened = File::Of(file);
  opened->base.pMethods = nullptr;
  const int code = self->system_->xOpen(self->system_, path, opened->system(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  opened->vfs = self;
  opened->is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  opened->image = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0 ? &self->images_[path] : nullptr;
  opened->base.pMethods = &Methods();
  return SQLITE_OK;
}

int FaultVfs::Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  auto* self = static_cast<FaultVfs*>(vfs->pAppData);
  self->images_.erase(path);
  return self->system_->xDelete(self->system_, path, sync_folder);
}

int FaultVfs::Write(File* file, const void* bytes, int count, int64_t offset) {
  int code = SQLITE_OK;
  if (Fails(Call::kWrite)) {
    code = fault_.kind == Fault::kDiskFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    count = fault_.kind == Fault::kTornWrite ? count / 2 : 0;
  }
  if (count == 0) return code;
  if (file->image != nullptr) {
    file->image->pending.push_back({.offset = offset, .bytes = std::string(static_cast<const char*>(bytes), count)});
  }
  const int written = file->system()->pMethods->xWrite(file->system(), bytes, count, offset);
  return written == SQLITE_OK ? code : written;
}

int FaultVfs::Read(File* file, void* bytes, int count, int64_t offset) {
  const int code = file->system()->pMethods->xRead(file->system(), bytes, count, offset);
  if (code == SQLITE_OK && file->is_main && rot_offset_ >= offset && rot_offset_ < offset + count) {
    static_cast<uint8_t*>(bytes)[rot_offset_ - offset] ^= rot_mask_;
  }
  return code;
}

void FaultVfs::Apply(const Change& change, std::string* content) {
  if (change.truncate_to >= 0) return content->resize(static_cast<size_t>(change.truncate_to));
  const auto end = static_cast<size_t>(change.offset) + change.bytes.size();
  if (content->size() < end) content->resize(end);
  content->replace(static_cast<size_t>(change.offset), change.bytes.size(), change.bytes);
}

void FaultVfs::WriteCrashImage(const TempFolder& folder, Dice& dice) const {
  for (const auto& [path, image] : images_) {
    std::string content = image.synced;
    // Nothing, all, or any of it: the disk writes in whichever order it likes, a sector at a time.
    const int64_t luck = dice.Below(3);
    for (const Change& change : image.pending) {
      if (luck == 0 || (luck == 1 && dice.OneIn(2))) continue;
      if (change.truncate_to >= 0) {
        Apply(change, &content);
        continue;
      }
      for (size_t at = 0; at < change.bytes.size(); at += kSector) {
        if (luck == 1 && dice.OneIn(8)) continue;
        Apply({.offset = change.offset + static_cast<int64_t>(at), .bytes = change.bytes.substr(at, kSector)},
              &content);
      }
    }
    const std::string name = std::filesystem::path(path).filename().string();
    std::ofstream(folder.File(name), std::ios::binary)
        .write(content.data(), static_cast<std::streamsize>(content.size()));
  }
}

const sqlite3_io_methods& FaultVfs::Methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods m = {};
    m.iVersion = 2;  // no memory-mapped reads
    m.xClose = [](sqlite3_file* f) { return File::Of(f)->system()->pMethods->xClose(File::Of(f)->system()); };
    m.xRead = [](sqlite3_file* f, void* bytes, int count, sqlite3_int64 offset) {
      return File::Of(f)->vfs->Read(File::Of(f), bytes, count, offset);
    };
    m.xWrite = [](sqlite3_file* f, const void* bytes, int count, sqlite3_int64 offset) {
      return File::Of(f)->vfs->Write(File::Of(f), bytes, count, offset);
    };
    m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
      File* file = File::Of(f);
      if (file->vfs->Fails(Call::kTruncate)) return SQLITE_IOERR_TRUNCATE;
      if (file->image != nullptr) file->image->pending.push_back({.truncate_to = size});
      return file->system()->pMethods->xTruncate(file->system(), size);
    };
    m.xSync = [](sqlite3_file* f, int) {
      File* file = File::Of(f);
      if (file->vfs->Fails(Call::kSync)) return SQLITE_IOERR_FSYNC;
      if (file->image == nullptr) return SQLITE_OK;
      for (const Change& change : file->image->pending) Apply(change, &file->image->synced);
      file->image->pending.clear();
      return SQLITE_OK;
    };
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return File::Of(f)->system()->pMethods->xFileSize(File::Of(f)->system(), size);
    };
    m.xLock = [](sqlite3_file* f, int lock) {
      return File::Of(f)->system()->pMethods->xLock(File::Of(f)->system(), lock);
    };
    m.xUnlock = [](sqlite3_file* f, int lock) {
      return File::Of(f)->system()->pMethods->xUnlock(File::Of(f)->system(), lock);
    };
    m.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return File::Of(f)->system()->pMethods->xCheckReservedLock(File::Of(f)->system(), out);
    };
    m.xFileControl = [](sqlite3_file* f, int op, void* arg) {
      return File::Of(f)->system()->pMethods->xFileControl(File::Of(f)->system(), op, arg);
    };
    m.xSectorSize = [](sqlite3_file*) { return static_cast<int>(kSector); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) {
      return File::Of(f)->system()->pMethods->xDeviceCharacteristics(File::Of(f)->system());
    };
    m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return File::Of(f)->system()->pMethods->xShmMap(File::Of(f)->system(), page, size, extend, out);
    };
    m.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
      return File::Of(f)->system()->pMethods->xShmLock(File::Of(f)->system(), offset, n, flags);
    };
    m.xShmBarrier = [](sqlite3_file* f) { File::Of(f)->system()->pMethods->xShmBarrier(File::Of(f)->system()); };
    m.xShmUnmap = [](sqlite3_file* f, int remove) {
      return File::Of(f)->system()->pMethods->xShmUnmap(File::Of(f)->system(), remove);
    };
    return m;
  }();
  return methods;
}

}  // namespace folio::storage::testing
