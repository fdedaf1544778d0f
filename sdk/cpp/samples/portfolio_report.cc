// Who needs attention: the accounts at risk with the most revenue, and why.
#include <cstdlib>
#include <iostream>

#include "folio/client.h"
#include "folio/pages.h"
#include "folio/v1/portfolio.grpc.pb.h"

namespace v1 = folio::v1;

int Fail(const absl::Status& status) {
  std::cerr << status << '\n';
  return EXIT_FAILURE;
}

int main() {
  const absl::StatusOr<folio::ClientOptions> options = folio::LoadOptions();
  if (!options.ok()) return Fail(options.status());
  const absl::StatusOr<folio::Client> client = folio::Client::Connect(*options);
  if (!client.ok()) return Fail(client.status());

  const absl::StatusOr<v1::PortfolioSummary> summary =
      client->Call(&v1::PortfolioService::Stub::GetPortfolioSummary, v1::GetPortfolioSummaryRequest());
  if (!summary.ok()) return Fail(summary.status());
  std::cout << summary->totals().account_count() << " accounts, ARR " << summary->totals().arr().units() << '\n';

  v1::ListPortfolioRequest request;
  request.set_filter("risk:*");
  request.set_order_by("arr desc");
  request.set_page_size(5);
  folio::Rows<v1::PortfolioEntry> rows =
      folio::List<v1::PortfolioEntry>(*client, &v1::PortfolioService::Stub::ListPortfolio, request);
  int shown = 0;
  for (const v1::PortfolioEntry& entry : rows) {
    std::cout << entry.display_name() << ": health " << entry.health().score() << ", risks";
    for (const std::string& risk : entry.risks()) std::cout << ' ' << risk;
    std::cout << '\n';
    if (++shown == 5) break;
  }
  return rows.status().ok() ? EXIT_SUCCESS : Fail(rows.status());
}
