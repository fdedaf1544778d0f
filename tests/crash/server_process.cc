#include "tests/crash/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>
#include <vector>

namespace folio::crash {
namespace {

constexpr std::chrono::seconds kPatience{60};

// What a line "export NAME=value" of a file gives; empty where there is none.
std::string ExportedValue(const std::filesystem::path& file, const std::string& name) {
  std::ifstream in(file);
  const std::string prefix = "export " + name + "=";
  for (std::string line; std::getline(in, line) && !in.eof();) {  // a line without an end is being written
    if (line.starts_with(prefix)) return line.substr(prefix.size());
  }
  return "";
}

std::string TextOf(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

void RedirectTo(const std::filesystem::path& file, int descriptor) {
  const int opened = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(opened, descriptor);
  close(opened);
}

}  // namespace

ServerProcess::ServerProcess() {
  std::string name = (std::filesystem::temp_directory_path() / "folio-crash-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::abort();
  folder_ = name;
}

ServerProcess::~ServerProcess() {
  if (pid_ != 0) {
    Kill();
    Reap();
  }
  std::filesystem::remove_all(folder_);
}

void ServerProcess::Start() {
  const std::filesystem::path out = folder_ / ("out." + std::to_string(++starts_));
  const std::filesystem::path log = folder_ / ("log." + std::to_string(starts_));
  const std::string data = folder_ / "data";
  pid_ = fork();
  if (pid_ == 0) {
    RedirectTo(out, STDOUT_FILENO);
    RedirectTo(log, STDERR_FILENO);
    execl(FOLIOD, FOLIOD, "--dev", "--data", data.c_str(), "--listen", "127.0.0.1:0", nullptr);
    _exit(127);
  }
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  do {
    key_ = ExportedValue(out, "FOLIO_KEY");
    address_ = ExportedValue(out, "FOLIO_SERVER");
    if (!key_.empty() && !address_.empty()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  } while (waitpid(pid_, nullptr, WNOHANG) == 0 && std::chrono::steady_clock::now() < deadline);
  std::cerr << "foliod did not start, at start " << starts_ << ":\n" << TextOf(out) << TextOf(log);
  std::exit(EXIT_FAILURE);
}

void ServerProcess::Kill() { kill(pid_, SIGKILL); }

void ServerProcess::Reap() {
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

Client ServerProcess::Connect() const {
  ClientOptions options;
  options.server = address_;
  options.key = key_;
  absl::StatusOr<Client> client = Client::Connect(options);
  if (!client.ok()) {
    std::cerr << client.status() << '\n';
    std::exit(EXIT_FAILURE);
  }
  return *client;
}

}  // namespace folio::crash
