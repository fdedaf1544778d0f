// The CDNOW sample: 2 357 customers of a shop for music, first seen in early 1997. The papers fit their models to its
// first 39 weeks and judge them on the 39 that follow.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/date.h"
#include "server/lifetime/gamma_gamma.h"
#include "server/lifetime/histories.h"

namespace folio::lifetime {

class Cdnow {
 public:
  // $FOLIO_SHARED/data/cdnow, or beside the project.
  static std::filesystem::path Folder() {
    const char* shared = std::getenv("FOLIO_SHARED");
    const std::filesystem::path beside = std::filesystem::path(FOLIO_SOURCE_DIR).parent_path() / "shared";
    return (shared == nullptr ? beside : std::filesystem::path(shared)) / "data" / "cdnow";
  }

  // Reads the file; there is no history where it is not there.
  Cdnow() {
    std::ifstream file(Folder() / "CDNOW_sample.txt");
    std::map<std::string, std::map<Day, double>> customers;  // what each spent on each day
    for (std::string line; std::getline(file, line);) {
      std::istringstream cells(line);
      std::string id, id_in_sample, date;
      int units = 0;
      double dollars = 0;
      cells >> id >> id_in_sample >> date >> units >> dollars;
      customers[id][ParseDay(date.insert(6, "-").insert(4, "-")).value()] += dollars;
    }
    const Day end = ParseDay("1997-09-30").value();
    for (const auto& [id, days] : customers) Add(days, end);
  }

  const std::vector<History>& histories() const { return histories_; }   // in weeks, to 1997-09-30
  const std::vector<double>& purchases_after() const { return after_; }  // of each, to 1998-06-30
  const std::vector<Spend>& spends() const { return spends_; }           // of those who bought again

 private:
  void Add(const std::map<Day, double>& days, Day end) {
    const Day first = days.begin()->first;
    History history{.age = static_cast<double>(end - first) / 7};
    double spent = 0;
    double after = 0;
    for (const auto& [day, dollars] : days) {
      if (day > end) {
        ++after;
      } else if (day > first) {
        ++history.repeats;
        history.last = static_cast<double>(day - first) / 7;
        spent += dollars;
      }
    }
    histories_.push_back(history);
    after_.push_back(after);
    if (history.repeats > 0) spends_.push_back({history.repeats, spent / static_cast<double>(history.repeats)});
  }

  std::vector<History> histories_;
  std::vector<double> after_;
  std::vector<Spend> spends_;
};

// Skips the test where the file is missing; under CI it fails instead.
#define FOLIO_NEEDS_CDNOW(data)                                                                      \
  if ((data).histories().empty()) {                                                                  \
    const char* ci = std::getenv("CI");                                                              \
    if (ci != nullptr && std::string_view(ci) == "true") FAIL() << "no data in " << (data).Folder(); \
    GTEST_SKIP() << "no data in " << (data).Folder() << " (set FOLIO_SHARED)";                       \
  }

}  // namespace folio::lifetime
