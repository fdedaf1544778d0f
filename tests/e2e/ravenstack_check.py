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
KINDS = {"accounts": 500, "subscriptions": 5000, "usage": 25000, "ticket": 2000}


def folio(*arguments):
    """What a command answers, as JSON."""
    done = subprocess.run([FOLIO, *arguments, "-o", "json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"folio {' '.join(arguments)}: {done.stderr or done.stdout}")
    return json.loads(done.stdout, parse_float=decimal.Decimal)


def amount(money):
    assert money["currency"] == "USD", money
    return decimal.Decimal(money["amount"])


def month_ends():
    """Rows of the table of month ends: day, MRR, ARR."""
    text = pathlib.Path(FACTS).read_text()
    rows = re.findall(r"^\| (\d{4}-\d\d-\d\d) \| \d+ \| \d+ \| (\d+) \| (\d+) \|", text, re.M)
    return [(day, decimal.Decimal(mrr), decimal.Decimal(arr)) for day, mrr, arr in rows]


def counts(run, kind):
    return json.loads(pathlib.Path(IMPORTS, run, kind).read_text())


class Portfolio(unittest.TestCase):
    def test_totals_of_today(self):
        summary = folio("portfolio", "summary")
        self.assertEqual(summary["account_count"], 500)
        self.assertEqual(summary["arr"], {"amount": "121915296.00", "currency": "USD"})
        self.assertEqual(summary["as_of"], "2024-12-31")

    def test_mrr_at_each_month_end(self):
        rows = month_ends()
        self.assertEqual(len(rows), 24)
        for day, mrr, arr in rows:
            with self.subTest(day=day):
                summary = folio("portfolio", "summary", "--as-of", day)
                self.assertEqual((amount(summary["mrr"]), amount(summary["arr"])), (mrr, arr))

    def test_groups_sum_to_the_whole(self):
        summary = folio("portfolio", "summary", "--group-by", "sector")
        groups = {group["value"]: group for group in summary["groups"]}
        self.assertEqual({sector: group["account_count"] for sector, group in groups.items()},
                         {"DevTools": 113, "FinTech": 112, "Cybersecurity": 100, "HealthTech": 96, "EdTech": 79})
        self.assertEqual(sum(amount(group["arr"]) for group in groups.values()), amount(summary["arr"]))

    def test_unhealthy_fintech_by_revenue(self):
        entries = folio("portfolio", "list", "--filter", 'sector = "FinTech" AND health < 50', "--order-by", "arr desc",
                        "--all")
        self.assertGreater(len(entries), 0)
        revenues = [amount(entry["arr"]) for entry in entries]
        self.assertEqual(revenues, sorted(revenues, reverse=True))
        for entry in entries:
            with self.subTest(account=entry["account"]):
                self.assertEqual((entry["sector"], entry["health"]["band"]), ("FinTech", "red"))
                self.assertLess(entry["health"]["score"], 50)
                self.check_explanation(entry)

    def check_explanation(self, entry):
        """The contributions sum to the score, which is the one that the list shows."""
        score = folio("health", "explain", entry["account"])
        self.assertEqual((score["score"], score["raw"]), (entry["health"]["score"], entry["health"]["raw"]))
        points = sum(contribution["points"] for contribution in score["contributions"])
        self.assertAlmostEqual(points, score["raw"], places=9)
        self.assertEqual(score["raw"].quantize(decimal.Decimal(1), decimal.ROUND_HALF_UP), score["score"])


class Imports(unittest.TestCase):
    def test_every_row_is_read_and_none_rejected(self):
        for run in ("first", "second"):
            for kind, rows in KINDS.items():
                with self.subTest(run=run, kind=kind):
                    self.assertEqual((counts(run, kind)["rows"], counts(run, kind)["rejected"]), (rows, 0))

    def test_first_import_creates(self):
        for kind, rows in KINDS.items():
            with self.subTest(kind=kind):
                repeated = 21 if kind == "usage" else 0
                self.assertEqual(counts("first", kind)["created"], rows - repeated)

    def test_repeated_usage_ids_are_reported(self):
        usage = counts("first", "usage")
        self.assertEqual((usage["duplicated_ids"], usage["superseded_rows"]), (21, 21))

    def test_second_import_changes_nothing(self):
        for kind, rows in KINDS.items():
            with self.subTest(kind=kind):
                again = counts("second", kind)
                self.assertEqual((again["created"], again["updated"]), (0, 0))
                self.assertEqual(again["unchanged"] + again["superseded_rows"], rows)

    def test_second_import_says_so(self):
        told = pathlib.Path(IMPORTS, "told").read_text()
        self.assertIn("nothing changed", told)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
