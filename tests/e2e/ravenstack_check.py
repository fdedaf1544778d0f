#!/usr/bin/env python3
"""Holds a portfolio, imported by ravenstack.sh, to the figures of the data set's FACTS.md.

    ravenstack_check.py FOLIO FACTS IMPORTS

FACTS.md was computed from the files by a program that has nothing in common with this project.
"""

import decimal
import json
import pathlib
import re
import subprocess
import sys
import unittest

FOLIO, FACTS, IMPORTS = sys.argv[1:4]
ARR = decimal.Decimal("121915296.00")


def folio(*arguments):
    """What a command answers, as JSON."""
    done = subprocess.run([FOLIO, *arguments, "-o", "json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"folio {' '.join(arguments)}: {done.stderr or done.stdout}")
    return json.loads(done.stdout)


def amount(money):
    """A google.type.Money as a decimal."""
    return decimal.Decimal(money.get("units", 0)) + decimal.Decimal(money.get("nanos", 0)) / 10**9


def month_ends():
    """Rows of the table of month ends: day, MRR, ARR."""
    text = pathlib.Path(FACTS).read_text()
    rows = re.findall(r"^\| (\d{4}-\d\d-\d\d) \| \d+ \| \d+ \| (\d+) \| (\d+) \|", text, re.M)
    return [(day, decimal.Decimal(mrr), decimal.Decimal(arr)) for day, mrr, arr in rows]


def counts(run, kind):
    return json.loads(pathlib.Path(IMPORTS, run, kind).read_text())


class Portfolio(unittest.TestCase):
    maxDiff = None

    def test_totals_of_today(self):
        summary = folio("portfolio", "summary")
        self.assertEqual(int(summary["totals"]["accountCount"]), 500)
        self.assertEqual(amount(summary["totals"]["arr"]), ARR)
        self.assertEqual(summary["totals"]["arr"]["currencyCode"], "USD")
        self.assertEqual(summary["asOf"], {"year": 2024, "month": 12, "day": 31})

    def test_mrr_at_each_month_end(self):
        rows = month_ends()
        self.assertEqual(len(rows), 24)
        for day, mrr, arr in rows:
            with self.subTest(day=day):
                totals = folio("portfolio", "summary", "--as-of", day)["totals"]
                self.assertEqual(amount(totals["mrr"]), mrr)
                self.assertEqual(amount(totals["arr"]), arr)

    def test_groups_sum_to_the_whole(self):
        groups = folio("portfolio", "summary", "--group-by", "sector")["groups"]
        self.assertEqual({group["value"]: int(group["totals"]["accountCount"]) for group in groups},
                         {"DevTools": 113, "FinTech": 112, "Cybersecurity": 100, "HealthTech": 96, "EdTech": 79})
        self.assertEqual(sum(amount(group["totals"]["arr"]) for group in groups), ARR)

    def test_unhealthy_fintech_by_revenue(self):
        entries = folio("portfolio", "list", "--filter", 'sector = "FinTech" AND health < 50',
                        "--order-by", "arr desc", "--page-size", "1000")
        self.assertGreater(len(entries), 0)
        revenues = [amount(entry["arr"]) for entry in entries]
        self.assertEqual(revenues, sorted(revenues, reverse=True))
        for entry in entries:
            with self.subTest(account=entry["account"]):
                self.assertEqual(entry["sector"], "FinTech")
                self.assertLess(int(entry["health"].get("score", 0)), 50)
                self.check_score(entry["account"], entry["health"])

    def check_score(self, account, listed):
        """The contributions of the score sum to it, and it is the score that the list shows."""
        score = folio("api", "call", "HealthService.GetHealthScore", json.dumps({"account": account}))
        self.assertEqual(score.get("score", 0), listed.get("score", 0))
        self.assertEqual(score["raw"], listed["raw"])
        points = [contribution.get("points", 0) for contribution in score["contributions"]]
        self.assertAlmostEqual(sum(points), score["raw"], places=9)
        self.assertEqual(int(decimal.Decimal(score["raw"]).quantize(0, decimal.ROUND_HALF_UP)), score.get("score", 0))


class Imports(unittest.TestCase):
    def test_first_import(self):
        self.assertEqual(counts("first", "accounts")["created"], 500)
        self.assertEqual(counts("first", "subscriptions")["created"], 5000)
        self.assertEqual(counts("first", "ticket")["created"], 2000)

    def test_duplicated_usage_is_an_upsert_and_reported(self):
        usage = counts("first", "usage")
        self.assertEqual(usage["created"], 24979)
        self.assertEqual(usage["updated"], 21)

    def test_nothing_is_rejected(self):
        for run in ("first", "second"):
            for kind in ("accounts", "subscriptions", "usage", "ticket"):
                with self.subTest(run=run, kind=kind):
                    self.assertEqual(counts(run, kind).get("rejected", 0), 0)

    def test_second_import_changes_nothing(self):
        rows = {"accounts": 500, "subscriptions": 5000, "usage": 25000, "ticket": 2000}
        for kind, count in rows.items():
            with self.subTest(kind=kind):
                again = counts("second", kind)
                self.assertEqual((again.get("created", 0), again.get("updated", 0)), (0, 0))
                self.assertEqual(again["unchanged"], count)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
