// What clients ask of the portfolio: pages, totals, searches.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/portfolio.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// One page of the portfolio.
absl::Status ListPortfolio(const Workspace& workspace, const v1::ListPortfolioRequest& request,
                           v1::ListPortfolioResponse* response);

// Totals, as a whole and by group.
absl::Status Summarise(const Workspace& workspace, const v1::GetPortfolioSummaryRequest& request,
                       v1::PortfolioSummary* summary);

// Accounts by name or identifier.
absl::Status Search(const Workspace& workspace, const v1::SearchAccountsRequest& request,
                    v1::SearchAccountsResponse* response);

// How a filter is understood.
absl::Status ExplainFilter(const Workspace& workspace, const v1::ParseFilterRequest& request,
                           v1::ParseFilterResponse* response);

// Key of the account that a request names. NOT_FOUND, INVALID_ARGUMENT on "account".
absl::StatusOr<engine::RowKey> AccountKey(const Workspace& workspace, const std::string& name);

// The filter of a request, without deleted accounts.
absl::StatusOr<model::Filter> AccountFilter(const Workspace& workspace, const engine::Snapshot& snapshot,
                                            const std::string& text);

// One row as the portfolio shows it.
void FillEntry(const Portfolio& portfolio, const engine::Snapshot& snapshot, engine::RowKey key,
               v1::PortfolioEntry* entry);

}  // namespace folio::portfolio
