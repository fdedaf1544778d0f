#include <cctype>

#include "client/cli/output/records.h"

namespace folio::cli {
namespace {

bool BeginsAFormula(std::string_view cell) {
  return !cell.empty() && std::string_view("=+-@\t\r").find(cell.front()) != std::string_view::npos;
}

// "-5", "+1200,50", "-12.00 EUR".
bool IsNumber(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  const size_t currency = cell.size() > 4 ? cell.size() - 4 : 0;
  if (currency > 0 && cell[currency] == ' ' &&
      cell.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ", currency + 1) == std::string_view::npos) {
    cell.remove_suffix(4);
  }
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  return !cell.empty() && is_digit(cell.front()) && is_digit(cell.back()) &&
         cell.find_first_not_of("0123456789.,") == std::string_view::npos;
}

bool IsQuotedFormula(std::string_view cell) {
  const size_t begin = cell.find_first_not_of('\'');
  return begin != 0 && begin != std::string_view::npos && BeginsAFormula(cell.substr(begin));
}

}  // namespace

CsvStyle CsvStyleOf(std::string_view profile) {
  if (profile == "excel") return kExcel;
  if (profile == "excel-fr") return kExcelFrench;
  return {};
}

std::string QuoteFormula(std::string cell) {
  if (IsQuotedFormula(cell) || (BeginsAFormula(cell) && !IsNumber(cell))) cell.insert(cell.begin(), '\'');
  return cell;
}

std::string_view UnquoteFormula(std::string_view cell) {
  if (IsQuotedFormula(cell)) cell.remove_prefix(1);
  return cell;
}

}  // namespace folio::cli
