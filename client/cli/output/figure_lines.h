// Reports of several tables as one CSV: a line for each figure.
#pragma once

#include <ostream>
#include <set>
#include <string>

#include "client/cli/output/records.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// Lines of section, item, figure and value: "calibration", "3", "predicted", "0.24". A section is a table of the
// report, an item one of its rows, a figure one of its columns, all named as in JSON whatever the language.
class FigureLines {
 public:
  // Writes the heading.
  FigureLines(std::ostream& out, const OutputStyle& style);

  // A line for each field of the row that has one value, in the order of the contract; lists and parts have sections of
  // their own. `meaningless` are fields without meaning in this row, which have no line. An amount has a second line
  // with its currency: "arr" and "arr_currency".
  void Add(const std::string& section, const std::string& item, const google::protobuf::Message& row,
           const std::set<std::string>& meaningless = {});

 private:
  std::ostream& out_;
  const CsvStyle style_;
};

}  // namespace folio::cli
