"""Who needs attention: the accounts at risk with the most revenue, and why."""

import folio

with folio.Client() as client:
    summary = client.portfolio.get_portfolio_summary()
    print(f"{summary.totals.account_count} accounts, ARR {folio.amount_of(summary.totals.arr):,.2f}")
    entries = client.portfolio.list_portfolio(filter="risk:*", order_by="arr desc", page_size=5)
    for _, entry in zip(range(5), entries):
        print(f"{entry.display_name}: health {entry.health.score}, risks {', '.join(entry.risks)}")
