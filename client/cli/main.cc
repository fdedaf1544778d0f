// folio: the command line of a Folio server.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "client/cli/app/run.h"

namespace {

constexpr int kInterruptedExit = 130;
constexpr int kBrokenPipeExit = 141;  // as a program has that dies of SIGPIPE

// As https://no-color.org has it.
bool MayColour() {
  const char* refused = std::getenv("NO_COLOR");
  const char* type = std::getenv("TERM");
  return (refused == nullptr || *refused == 0) && type != nullptr && std::string_view(type) != "dumb";
}

// Signals are taken by a thread that waits for them: the first stops the command in an orderly way, a second one at
// once.
void StopOnSignals(sigset_t signals, std::stop_source stop) {
  std::thread([signals, stop]() mutable {
    int signal = 0;
    sigwait(&signals, &signal);
    stop.request_stop();
    sigwait(&signals, &signal);
    _exit(kInterruptedExit);
  }).detach();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  setenv("GRPC_VERBOSITY", "NONE", 0);  // errors are told once, by the program; who wants gRPC's own says so
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // in every thread, also those that gRPC will start
  const std::stop_source stop;
  StopOnSignals(signals, stop);

  std::ios::sync_with_stdio(false);
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool err_is_terminal = isatty(STDERR_FILENO) != 0;
  const folio::cli::Terminal terminal{.out = std::cout,
                                      .err = std::cerr,
                                      .err_is_terminal = err_is_terminal,
                                      .out_is_terminal = isatty(STDOUT_FILENO) != 0,
                                      .in = isatty(STDIN_FILENO) != 0 && err_is_terminal ? &std::cin : nullptr,
                                      .colours = MayColour()};
  const int code = folio::cli::Run(arguments, terminal, stop.get_token());
  std::cout.flush();
  // The reader of a pipe that has seen enough is no error worth a word.
  return std::cout ? code : kBrokenPipeExit;
}
