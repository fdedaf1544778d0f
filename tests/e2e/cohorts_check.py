#!/usr/bin/env python3
"""Holds cohorts, imported by cohorts.sh, to those counted from the file itself.

    cohorts_check.py FOLIO SUBSCRIPTIONS ACCOUNT_COLUMN ANNUAL_COLUMN FACTOR FIRST_MONTH LAST_MONTH
"""

import collections
import csv
import datetime
import json
import subprocess
import sys

FOLIO, FILE, ACCOUNT, ANNUAL, FACTOR, FIRST, LAST = sys.argv[1:8]
MONTHS = 120


def first_day(month):
    """Of a month counted from the year 0."""
    return datetime.date(month // 12, month % 12 + 1, 1)


def month_of(day):
    return day.year * 12 + day.month - 1


def read_terms():
    """Of each account: first day, first day after, amount a year."""
    terms = collections.defaultdict(list)
    with open(FILE, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("is_trial", "False") == "True" or float(row[ANNUAL]) == 0:
                continue
            start = datetime.date.fromisoformat(row["start_date"])
            end = datetime.date.fromisoformat(row["end_date"]) if row["end_date"] else datetime.date.max
            if end > start:
                terms[row[ACCOUNT]].append((start, end, float(row[ANNUAL]) * float(FACTOR)))
    return terms


def count(terms, last):
    """(cohort, months since) -> size, customers, amount a month, and the two shares of revenue."""
    cohorts = collections.defaultdict(list)
    for own in terms.values():
        cohorts[month_of(min(start for start, _, _ in own))].append(own)
    told = {}
    for cohort, customers in cohorts.items():
        for month in range(cohort, last + 1):
            def arr(own, at):
                day = first_day(at + 1) - datetime.timedelta(days=1)
                return sum(annual for start, end, annual in own if start <= day < end)
            opening = [arr(own, cohort) for own in customers]
            now = [arr(own, month) for own in customers]
            whole = sum(opening)
            told[(first_day(cohort), month - cohort)] = (
                len(customers), sum(1 for amount in now if amount > 0), sum(now) / 12,
                sum(map(min, now, opening)) / whole if whole else None, sum(now) / whole if whole else None)
    return told


def near(a, b):
    if a is None or b is None:
        return a is b
    return abs(a - b) <= 1e-5 * max(1, abs(b))


def ratio(value):
    return None if value.get("absence") else value.get("value", 0)


def main():
    done = subprocess.run([FOLIO, "indicators", "cohorts", "--from", FIRST, "--to", LAST, "--months", str(MONTHS), "-o",
                           "json"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"folio indicators cohorts: {done.stderr or done.stdout}")
    expected = count(read_terms(), month_of(datetime.date.fromisoformat(LAST + "-01")))
    cells = json.loads(done.stdout)
    for cell in cells:
        place = (datetime.date.fromisoformat(cell["cohort_date"]), int(cell.get("month", 0)))
        ours = (int(cell["size"]), int(cell.get("customers", 0)), float(cell["mrr"]["amount"]),
                ratio(cell["gross_revenue_retention"]), ratio(cell["net_revenue_retention"]))
        if not all(map(near, ours, expected.pop(place))):
            sys.exit(f"{place}: {ours}")
    if expected or not cells:
        sys.exit(f"{len(expected)} months of cohorts are missing")
    print(f"{len(cells)} months of cohorts are as they are in the file")


if __name__ == "__main__":
    main()
