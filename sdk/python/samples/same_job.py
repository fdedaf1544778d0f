"""What a customer does in a week, on the files of RavenStack: imports accounts, subscriptions and tickets, filters,
explains a score, changes an account and sees the change come, computes indicators, exports. The same program is among
the samples of each language, and prints the same line of JSON.

    same_job.py FOLDER   with ravenstack_accounts.csv, ravenstack_subscriptions.csv, ravenstack_support_tickets.csv
"""

import csv
import datetime
import json
import math
import sys

import folio
from folio import v1


def read(folder, name):
    with open(f"{folder}/ravenstack_{name}.csv", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def account_of(row):
    return v1.Account(
        name=f"accounts/{row['account_id']}",
        external_ids=[{"system": "ravenstack", "id": row["account_id"]}],
        display_name=row["account_name"],
        sector=row["industry"],
        country_code="GB" if row["country"] == "UK" else row["country"],
        plan=row["plan_tier"],
        seat_count=int(row["seats"]),
    )


def date_of(text):
    year, month, day = map(int, text.split("-"))
    return {"year": year, "month": month, "day": day}


def subscription_of(row):
    return v1.Subscription(
        name=f"subscriptions/{row['subscription_id']}",
        account=f"accounts/{row['account_id']}",
        start_date=date_of(row["start_date"]),
        end_date=date_of(row["end_date"]) if row["end_date"] else None,
        annual_amount={"currency_code": "USD", "units": int(row["arr_amount"])},
        trial=row["is_trial"] == "True",
        plan=row["plan_tier"],
        seat_count=int(row["seats"]),
        billing_period="BILLING_PERIOD_" + row["billing_frequency"].upper(),
        auto_renew=row["auto_renew_flag"] == "True",
    )


def time_of(text):
    time = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
    return {"seconds": int(time.timestamp())}


def ticket_of(row):
    return v1.Fact(
        account=f"accounts/{row['account_id']}",
        source="ravenstack",
        source_id=row["ticket_id"],
        event_time=time_of(row["submitted_at"]),
        ticket=v1.Ticket(
            priority="TICKET_PRIORITY_" + row["priority"].upper(),
            close_time=time_of(row["closed_at"]) if row["closed_at"] else None,
            first_response_seconds=60 * int(row["first_response_time_minutes"]),
            satisfaction=int(row["satisfaction_score"].removesuffix(".0")) if row["satisfaction_score"] else None,
            escalated=row["escalation_flag"] == "True",
        ),
    )


def millionths(number):
    """Whole, so that every language writes it alike."""
    return math.floor(number * 1e6 + 0.5)


def watch_change(client, revision, name):
    client.accounts.modify_account(name, lambda account: account.tags.append("same-job"))
    for response in client.watch(collections=["accounts"], account=name, after_revision=revision):
        for event in response.events:
            if "same-job" in event.account.tags:
                return [v1.ChangeType.Name(event.type), event.name]


def value_of(value):
    amount = (
        [value.money.currency_code, value.money.units, value.money.nanos]
        if value.HasField("money") else millionths(value.number))
    return [value.indicator, value.period.start_date.month, amount, value.sample_size]


def main(folder):
    result = {"imported": {}}
    with folio.Client() as client:
        kinds = [("accounts", "accounts", account_of), ("subscriptions", "subscriptions", subscription_of),
                 ("facts", "support_tickets", ticket_of)]
        for collection, file, row_of in kinds:
            rows = map(row_of, read(folder, file))
            report = client.import_rows(collection, rows, import_id=f"same-job-{file}")
            result["imported"][file] = [report.counts.created, report.counts.rejected]
            revision = report.revision

        wanted = 'sector = "FinTech" AND country = "GB"'
        filtered = client.accounts.list_accounts(filter=wanted, order_by="display_name")
        result["filtered"] = [account.name for account in filtered]

        score = client.health.explain_health(account="accounts/A-2e4581")
        result["explained"] = [score.score, v1.HealthBand.Name(score.band), [
            [part.dimension, part.measure, millionths(part.points)] for part in score.contributions]]

        result["watched"] = watch_change(client, revision, "accounts/A-2e4581")

        query = {"start_date": date_of("2024-10-01"), "end_date": date_of("2025-01-01"), "grain": "PERIOD_GRAIN_MONTH"}
        computed = client.indicators.compute_indicators(
            indicators=["mrr", "arr", "nrr", "first_response_time"], query=query)
        result["computed"] = [value_of(value) for value in computed.values]

        result["exported"] = [
            [account.name, account.display_name, account.plan, account.seat_count, list(account.tags)]
            for account in client.export_accounts()]
    print(json.dumps(result, sort_keys=True, separators=(",", ":")))


main(sys.argv[1])
