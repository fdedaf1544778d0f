// What `folio top` shows: the state of a server and its portfolio as a page of text.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "client/cli/app/language.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/operation.pb.h"
#include "folio/v1/portfolio.pb.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/watch.pb.h"

namespace folio::cli {

struct TopState {
  std::string server;  // its address
  std::string error;   // why it could not be asked this time; empty where it answered
  v1::ServerInfo info;
  std::chrono::nanoseconds answer{0};  // how long it took to say so
  std::optional<double> changes_per_second;
  v1::PortfolioSummary summary;
  std::vector<v1::Signal> signals;        // the latest first
  std::vector<v1::Operation> operations;  // those that run
  std::vector<v1::ChangeEvent> changes;   // the latest first
};

struct TopStyle {
  Language language = Language::kEnglish;
  bool colours = false;
  int width = 100;  // lines are cut there
  int rows = 10;    // most lines of each list
};

// Lines without a line end.
std::vector<std::string> TopFrame(const TopState& state, const TopStyle& style);

}  // namespace folio::cli
