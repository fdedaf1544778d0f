// A real foliod on a data folder of its own, that can be killed and started again.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "folio/client.h"

namespace folio::crash {

// Not thread-safe but for Kill().
class ServerProcess {
 public:
  // A new, empty data folder, removed at the end.
  ServerProcess();
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Starts foliod and waits until it serves. Fails the test and ends the program where it does not: no later check
  // would mean anything.
  void Start();

  // Ends it with SIGKILL, at once. Any thread.
  void Kill();

  // Waits for the end of a killed server. Start() may follow.
  void Reap();

  // A client of its own connection: a connection to a killed server would wait before it tries again.
  Client Connect() const;

 private:
  std::filesystem::path folder_;
  pid_t pid_ = 0;
  std::string address_;
  std::string key_;
  int starts_ = 0;
};

}  // namespace folio::crash
