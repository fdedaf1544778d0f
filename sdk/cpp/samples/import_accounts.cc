// Bulk writing: rows of any number, an account of each, and what was refused. Running it again changes nothing; cut off
// in its midst, it goes on where it ended.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "folio/client.h"
#include "folio/import.h"

namespace v1 = folio::v1;

namespace {

constexpr int64_t kGoodRows = 2000;

v1::Account RowAt(int64_t position) {
  v1::Account account;
  if (position > kGoodRows) {
    account.set_name("accounts/cpp-sample-bad");
    account.set_display_name("Bad");
    account.set_country_code("France");
    return account;
  }
  account.set_name("accounts/cpp-sample-" + std::to_string(position));
  account.set_display_name("Sample " + std::to_string(position));
  account.set_sector("Samples");
  account.mutable_annual_recurring_revenue()->set_currency_code("EUR");
  account.mutable_annual_recurring_revenue()->set_units(12 * position);
  return account;
}

void Tell(const v1::ImportResponse& answer) {
  std::cout << answer.durable_through_row() << " rows are durable\n";
  for (const v1::RejectedRow& row : answer.rejected_rows()) {
    std::cout << "row " << row.row() << ": " << row.field() << ": " << row.message() << '\n';
  }
}

absl::Status Run() {
  const absl::StatusOr<folio::ClientOptions> options = folio::LoadOptions();
  if (!options.ok()) return options.status();
  const absl::StatusOr<folio::Client> client = folio::Client::Connect(*options);
  if (!client.ok()) return client.status();
  v1::ImportHeader header;
  header.set_collection("accounts");
  header.set_import_id("cpp-samples");
  folio::ImportOptions following;
  following.on_answer = Tell;
  const absl::StatusOr<std::unique_ptr<folio::Importer>> importer = folio::Importer::Open(*client, header, following);
  if (!importer.ok()) return importer.status();
  for (int64_t position = 1; position <= kGoodRows + 1; ++position) {
    if (absl::Status status = (*importer)->Add(position, RowAt(position)); !status.ok()) return status;
  }
  if (absl::Status status = (*importer)->Finish(); !status.ok()) return status;
  const v1::ImportCounts& counts = (*importer)->counts();
  std::cout << "created " << counts.created() << ", rejected " << counts.rejected() << '\n';
  return absl::OkStatus();
}

}  // namespace

int main() {
  const absl::Status status = Run();
  if (status.ok()) return EXIT_SUCCESS;
  std::cerr << status << '\n';
  return EXIT_FAILURE;
}
