#include "server/rpc/listener.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include "server/base/text.h"
#include "server/rpc/connection_table.h"
#include "server/rpc/log.h"

namespace folio::rpc {
namespace {

namespace asio = boost::asio;

constexpr int kBacklog = 1024;
// Connections accepted in one go, before timers and the stop are looked at again.
constexpr int kAcceptsAtOnce = 64;
// How long to wait where descriptors have run out: short for those who wait, long enough not to spin.
constexpr auto kBackOff = std::chrono::milliseconds(50);
constexpr auto kSweepInterval = std::chrono::seconds(1);
// The log says so at most this often.
constexpr auto kComplaintInterval = std::chrono::seconds(10);

absl::Status CannotListen(const Address& address, std::string_view step) {
  return absl::UnavailableError(
      ToAbsl(fmt::format("cannot listen on {}: {}: {}", address.ToString(), step, std::strerror(errno))));
}

// A leftover socket file of a server that was killed; one that still answers is left alone.
void RemoveStaleUnixSocket(const Address& address) {
  if (address.family() != AF_UNIX) return;
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return;
  if (::connect(probe, address.get(), address.length) != 0 && errno == ECONNREFUSED) {
    ::unlink(reinterpret_cast<const sockaddr_un*>(&address.storage)->sun_path);
  }
  ::close(probe);
}

}  // namespace

class Listener::Impl {
 public:
  Impl(int fd, const Address& address, ListenerLimits limits, Log& log)
      : address_(address),
        log_(log),
        socket_(context_, fd),
        back_off_(context_),
        sweep_(context_),
        table_(limits.connections_max, limits.connections_per_address_max) {}

  ~Impl() {
    Stop();
    if (address_.family() == AF_UNIX) ::unlink(reinterpret_cast<const sockaddr_un*>(&address_.storage)->sun_path);
  }

  const Address& address() const { return address_; }
  int connections() const { return connections_.load(std::memory_order_relaxed); }

  void Start(Handover handover) {
    handover_ = std::move(handover);
    WaitForConnection();
    WaitForSweep();
    thread_ = std::thread([this] { context_.run(); });
  }

  void Stop() {
    asio::post(context_, [this] {
      boost::system::error_code ignored;
      socket_.close(ignored);
      context_.stop();
    });
    if (thread_.joinable()) thread_.join();
  }

 private:
  void WaitForConnection() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
      if (!error) AcceptSome();
    });
  }

  void WaitForSweep() {
    sweep_.expires_after(kSweepInterval);
    sweep_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      table_.Sweep();
      connections_.store(table_.total(), std::memory_order_relaxed);
      WaitForSweep();
    });
  }

  void AcceptSome() {
    for (int i = 0; i < kAcceptsAtOnce; ++i) {
      Address peer;
      peer.length = sizeof peer.storage;
      const int fd = ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&peer.storage), &peer.length,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0) {
        Take(fd, peer);
      } else if (errno == EAGAIN) {
        break;
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        return BackOff();
      }
      // Anything else is the fault of that one connection, which is gone.
    }
    WaitForConnection();
  }

  void Take(int fd, const Address& peer) {
    const bool admitted = table_.Add(fd, peer.Host());
    connections_.store(table_.total(), std::memory_order_relaxed);
    if (!admitted) {
      ::close(fd);
      Complain("connection refused: too many are open", peer.Host());
      return;
    }
    const int yes = 1;
    if (peer.family() != AF_UNIX) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    handover_(fd);
  }

  void BackOff() {
    Complain("cannot accept connections for now", std::strerror(errno));
    back_off_.expires_after(kBackOff);
    back_off_.async_wait([this](const boost::system::error_code& error) {
      if (!error) AcceptSome();
    });
  }

  void Complain(std::string_view what, const std::string& detail) {
    const auto now = std::chrono::steady_clock::now();
    if (now < silent_until_) return;
    silent_until_ = now + kComplaintInterval;
    log_.Warning(what, {{"detail", detail}, {"connections", std::to_string(table_.total())}});
  }

  const Address address_;
  Log& log_;
  asio::io_context context_{1};
  asio::posix::stream_descriptor socket_;
  asio::steady_timer back_off_;
  asio::steady_timer sweep_;
  ConnectionTable table_;
  Handover handover_;
  std::chrono::steady_clock::time_point silent_until_;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<Listener>> Listener::Bind(const Address& wanted, ListenerLimits limits, Log& log) {
  RemoveStaleUnixSocket(wanted);
  const int fd = ::socket(wanted.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return CannotListen(wanted, "socket");
  const auto fail = [&](std::string_view step) {
    absl::Status failure = CannotListen(wanted, step);
    ::close(fd);
    return failure;
  };
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd, wanted.get(), wanted.length) != 0) return fail("bind");
  if (::listen(fd, kBacklog) != 0) return fail("listen");
  Address bound = wanted;
  if (wanted.family() != AF_UNIX) {
    bound.length = sizeof bound.storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bound.storage), &bound.length) != 0) return fail("getsockname");
  }
  return std::unique_ptr<Listener>(new Listener(std::make_unique<Impl>(fd, bound, limits, log)));
}

Listener::Listener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Listener::~Listener() = default;
const Address& Listener::address() const { return impl_->address(); }
void Listener::Start(Handover handover) { impl_->Start(std::move(handover)); }
void Listener::Stop() { impl_->Stop(); }
int Listener::connections() const { return impl_->connections(); }

}  // namespace folio::rpc
