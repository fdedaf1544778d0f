"""Bulk writing: rows of any number, an account of each, and what was refused. Running it again changes nothing; cut off
in its midst, it goes on where it ended."""

import folio


def rows():
    for number in range(1, 2001):
        yield {
            "name": f"accounts/sample-{number}",
            "display_name": f"Sample {number}",
            "sector": "Samples",
            "annual_recurring_revenue": folio.money(12 * number, "EUR"),
        }
    yield {"name": "accounts/sample-bad", "display_name": "Bad", "country_code": "France"}


with folio.Client() as client:
    report = client.import_rows(
        "accounts", rows(), import_id="samples",
        on_progress=lambda report: print(f"{report.durable_through_row} rows are durable"))
    print(f"created {report.counts.created}, rejected {report.counts.rejected}")
    for row in report.rejected:
        print(f"row {row.row}: {row.field}: {row.message}")
