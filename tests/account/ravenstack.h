// The RavenStack data set (500 accounts of a software company) as views, for tests on real figures.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "gtest/gtest.h"
#include "server/account/timeline.h"
#include "server/account/view.h"

namespace folio::account {

struct RavenStackAccount {
  std::string sector;
  Day signup = kNoDay;
  std::vector<Term> terms;
  Timeline timeline;

  View ViewOn(Day day) const {
    View view{.today = day, .created = day, .contract_start = signup};
    view.terms = terms;
    view.points = timeline.points();
    return view;
  }
};

class RavenStack {
 public:
  // Where the files are: $FOLIO_SHARED/data/ravenstack, or beside the project.
  static std::filesystem::path Folder() {
    const char* shared = std::getenv("FOLIO_SHARED");
    const std::filesystem::path beside = std::filesystem::path(FOLIO_SOURCE_DIR).parent_path() / "shared";
    return (shared == nullptr ? beside : std::filesystem::path(shared)) / "data" / "ravenstack";
  }

  // Reads the files; accounts stay empty where they are not there.
  RavenStack() {
    for (const Row& row : Read("ravenstack_accounts.csv")) {
      RavenStackAccount& account = accounts_[row.at("account_id")];
      account.sector = row.at("industry");
      account.signup = ParseDay(row.at("signup_date")).value();
    }
    if (accounts_.empty()) return;
    ReadSubscriptions();
    ReadUsage();
    ReadTickets();
  }

  const std::map<std::string, RavenStackAccount>& accounts() const { return accounts_; }

 private:
  using Row = std::unordered_map<std::string, std::string>;

  // No field of these files is quoted.
  static std::vector<std::string> Split(const std::string& line) {
    std::vector<std::string> cells;
    std::stringstream stream(line + ",");
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    return cells;
  }

  static std::vector<Row> Read(const std::string& file) {
    std::ifstream stream(Folder() / file);
    std::string line;
    std::getline(stream, line);
    const std::vector<std::string> names = Split(line);
    std::vector<Row> rows;
    while (std::getline(stream, line)) {
      const std::vector<std::string> cells = Split(line);
      Row& row = rows.emplace_back();
      for (size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
    }
    return rows;
  }

  static Day DayOr(const std::string& text, Day otherwise) { return text.empty() ? otherwise : ParseDay(text).value(); }

  static void SetTime(const std::string& text, google::protobuf::Timestamp* time) {
    const std::string full = text.size() == 10 ? text + "T00:00:00Z" : text.substr(0, 10) + "T" + text.substr(11) + "Z";
    *time = ToProtoTime(ParseInstant(full).value());
  }

  void ReadSubscriptions() {
    for (const Row& row : Read("ravenstack_subscriptions.csv")) {
      account_of_[row.at("subscription_id")] = row.at("account_id");
      accounts_[row.at("account_id")].terms.push_back({.start = ParseDay(row.at("start_date")).value(),
                                                       .end = DayOr(row.at("end_date"), kNoDay),
                                                       .annual = std::stoll(row.at("arr_amount")) * kMicrosPerUnit,
                                                       .seats = std::stoi(row.at("seats")),
                                                       .trial = row.at("is_trial") == "True",
                                                       .auto_renew = row.at("auto_renew_flag") == "True"});
    }
  }

  void ReadUsage() {
    for (const Row& row : Read("ravenstack_feature_usage.csv")) {
      v1::Fact fact;
      SetTime(row.at("usage_date"), fact.mutable_event_time());
      fact.mutable_usage()->set_feature(row.at("feature_name"));
      fact.mutable_usage()->set_count(std::stoll(row.at("usage_count")));
      fact.mutable_usage()->set_error_count(std::stoll(row.at("error_count")));
      Put(account_of_.at(row.at("subscription_id")), "u" + row.at("usage_id"), fact);
    }
  }

  void ReadTickets() {
    const std::unordered_map<std::string, v1::TicketPriority> priorities = {{"low", v1::TICKET_PRIORITY_LOW},
                                                                            {"medium", v1::TICKET_PRIORITY_MEDIUM},
                                                                            {"high", v1::TICKET_PRIORITY_HIGH},
                                                                            {"urgent", v1::TICKET_PRIORITY_URGENT}};
    for (const Row& row : Read("ravenstack_support_tickets.csv")) {
      v1::Fact fact;
      SetTime(row.at("submitted_at"), fact.mutable_event_time());
      v1::Ticket& ticket = *fact.mutable_ticket();
      SetTime(row.at("closed_at"), ticket.mutable_close_time());
      ticket.set_priority(priorities.at(row.at("priority")));
      ticket.set_first_response_seconds(std::stoll(row.at("first_response_time_minutes")) * 60);
      if (!row.at("satisfaction_score").empty()) {
        ticket.set_satisfaction(static_cast<int>(std::stod(row.at("satisfaction_score"))));
      }
      Put(row.at("account_id"), "t" + row.at("ticket_id"), fact);
    }
  }

  // Facts are upserted by their id: the data set has 21 ids of usage twice.
  void Put(const std::string& account, const std::string& id, const v1::Fact& fact) {
    const auto [known, is_new] = keys_.emplace(id, std::pair(account, static_cast<int64_t>(keys_.size()) + 1));
    auto& [holder, key] = known->second;
    if (!is_new) accounts_.at(holder).timeline.Remove(key);
    holder = account;
    std::vector<Point> points;
    PointsOf(fact, key, TimeZone::Load("").value(), features_, &points);
    accounts_.at(account).timeline.Put(key, points);
  }

  std::map<std::string, RavenStackAccount> accounts_;
  std::unordered_map<std::string, std::string> account_of_;
  std::unordered_map<std::string, std::pair<std::string, int64_t>> keys_;
  FeatureNames features_;
};

// Skips the test where the data set is missing; under CI it fails instead.
#define FOLIO_NEEDS_RAVENSTACK(data)                                                               \
  if ((data).accounts().empty()) {                                                                 \
    const char* ci = std::getenv("CI");                                                            \
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no data in " << data.Folder(); \
    GTEST_SKIP() << "no data in " << data.Folder() << " (set FOLIO_SHARED)";                       \
  }

}  // namespace folio::account
