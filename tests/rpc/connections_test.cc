// Accepting connections: limits, and what happens when descriptors run out.
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "server/rpc/connection_table.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

// A plain TCP connection, held open.
class Connection {
 public:
  explicit Connection(const std::string& address) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const auto parsed = ParseAddress(address);
    EXPECT_TRUE(parsed.ok());
    EXPECT_EQ(::connect(fd_, parsed->get(), parsed->length), 0) << std::strerror(errno);
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits until the server has sent its settings (true) or closed the connection (false).
  bool IsServed() const {
    char byte = 0;
    return ::recv(fd_, &byte, 1, 0) == 1;
  }

 private:
  const int fd_;
};

TEST(Connections, AreCountedByInode) {
  ConnectionTable table(/*total_max=*/3, /*per_address_max=*/2);
  const auto open = [] { return ::socket(AF_INET, SOCK_STREAM, 0); };
  const int a = open();
  const int b = open();
  const int c = open();
  EXPECT_TRUE(table.Add(a, "10.0.0.1"));
  EXPECT_TRUE(table.Add(b, "10.0.0.1"));
  EXPECT_FALSE(table.Add(c, "10.0.0.1"));
  EXPECT_TRUE(table.Add(c, "10.0.0.2"));
  EXPECT_EQ(table.total(), 3);
  const int file = ::open("/dev/null", O_RDONLY);
  EXPECT_EQ(::dup2(file, a), a);  // something else has the number of the closed socket
  table.Sweep();
  EXPECT_EQ(table.total(), 2);
  EXPECT_EQ(table.of("10.0.0.1"), 1);
  for (const int fd : {a, b, c, file}) ::close(fd);
  table.Sweep();
  EXPECT_EQ(table.total(), 0);
  EXPECT_EQ(table.of("10.0.0.2"), 0);
}

TEST(Connections, BeyondTheLimitOfAnAddressAreRefusedUntilOthersEnd) {
  TestServer server({.connections = {.connections_max = 10, .connections_per_address_max = 2}});
  auto first = std::make_unique<Connection>(server.instance().address());
  const Connection second(server.instance().address());
  ASSERT_TRUE(first->IsServed());
  ASSERT_TRUE(second.IsServed());
  EXPECT_FALSE(Connection(server.instance().address()).IsServed());
  first.reset();
  // gRPC closes its end a moment later.
  EXPECT_TRUE(Eventually([&server] { return Connection(server.instance().address()).IsServed(); }));
}

// foliod --dev in a process of its own, with few descriptors. It writes into a folder.
class Process {
 public:
  explicit Process(const TemporaryFolder& folder) : out_(folder.File("out")), log_(folder.File("log")) {
    const std::string command = "ulimit -n 100; exec " FOLIOD " --dev --ephemeral --listen 127.0.0.1:0 --data " +
                                folder.File("data") + " >" + out_ + " 2>" + log_;
    std::vector<std::string> words = {"sh", "-c", command};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, "/bin/sh", nullptr, nullptr, arguments.data(), environ), 0);
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The value that it exports on its standard output; empty where it never does.
  std::string Exported(const std::string& name) const {
    const std::string line = AwaitLine(out_, "export " + name + "=");
    return line.substr(line.find('=') + 1);
  }

  // Whether it ever logs a text.
  bool Logged(const std::string& text) const { return !AwaitLine(log_, text).empty(); }

  // Asks it to stop; its exit status, or -1 where a signal ended it.
  int Stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  // The first whole line of a file with a text in it; waits for it, but not for ever.
  static std::string AwaitLine(const std::string& path, const std::string& text) {
    std::string found;
    Eventually([&] {
      std::ifstream file(path);
      for (std::string line; found.empty() && std::getline(file, line) && !file.eof();) {
        if (line.find(text) != std::string::npos) found = line;
      }
      return !found.empty();
    });
    return found;
  }

  const std::string out_;
  const std::string log_;
  pid_t pid_ = 0;
};

// gRPC 1.51's own listener accepts nothing ever after (CVE-2023-4785).
TEST(Connections, TheListenerSurvivesRunningOutOfDescriptors) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP()
      << "UBSan reads an object's type through a pipe; without descriptors it takes every object for a wrong one";
#endif
  TemporaryFolder folder;
  Process foliod(folder);
  const std::string address = foliod.Exported("FOLIO_SERVER");
  const std::string key = foliod.Exported("FOLIO_KEY");
  ASSERT_NE(address, "");
  {
    std::vector<std::unique_ptr<Connection>> connections;
    for (int i = 0; i < 150; ++i) connections.push_back(std::make_unique<Connection>(address));
    ASSERT_TRUE(foliod.Logged("cannot accept connections for now"));
  }
  v1::ServerInfo info;
  const grpc::Status status = GetInfo(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()), key, &info);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(foliod.Stop(), 0);
  EXPECT_FALSE(std::filesystem::exists(folder.File("data")));
}

}  // namespace
}  // namespace folio::rpc
