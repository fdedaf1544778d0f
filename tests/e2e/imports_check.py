#!/usr/bin/env python3
"""Holds what a script has imported from a public data set to the figures of the set's FACTS.md.

    imports_check.py DATA_SET FOLIO FACTS SCRATCH

FACTS.md was computed from the files by a program that has nothing in common with this project.
"""

import collections
import csv
import datetime
import decimal
import json
import pathlib
import re
import subprocess
import sys
import unittest

DATA_SET, FOLIO, FACTS, SCRATCH = sys.argv[1:5]
TEXT = pathlib.Path(FACTS).read_text()
Decimal = decimal.Decimal


def rows(*arguments):
    """What a command lists."""
    done = subprocess.run([FOLIO, *arguments, "-o", "jsonl"], capture_output=True, text=True, check=True)
    return [json.loads(line, parse_float=Decimal) for line in done.stdout.splitlines()]


def figure(label):
    """The numbers behind a label of FACTS.md."""
    line = re.search(rf"^- {re.escape(label)}: (.*)$", TEXT, re.M)[1]
    return [Decimal(number) for number in re.findall(r"-?\d+(?:\.\d+)?", line)]


def table(heading):
    """Rows of a table of FACTS.md, by its first heading."""
    lines = TEXT[TEXT.index(f"| {heading} |"):].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def report(name):
    return json.loads(pathlib.Path(SCRATCH, name).read_text())


def amount(money):
    return Decimal(money["amount"])


def day(time):
    return datetime.date.fromisoformat(time[:10])


class Case(unittest.TestCase):
    def assert_counts(self, name, **expected):
        counts = {key: report(name)[key] for key in ("created", "updated", "unchanged", "rejected")}
        self.assertEqual(counts, {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0, **expected}, name)


class MavenCrm(Case):
    @classmethod
    def setUpClass(cls):
        cls.deals = rows("deals", "list", "--all")
        cls.by_state = collections.defaultdict(list)
        for deal in cls.deals:
            cls.by_state[deal["state"]].append(deal)

    def test_counts(self):
        self.assert_counts("accounts", created=85)
        self.assert_counts("deals", created=8800)
        self.assert_counts("deals.again", unchanged=8800)
        won, lost, open_count = figure("won / lost / open")
        self.assertEqual({state: len(deals) for state, deals in self.by_state.items()},
                         {"won": won, "lost": lost, "open": open_count})
        self.assertEqual(sum(1 for deal in self.deals if "account" not in deal), 1425)

    def test_won_revenue_and_cycle(self):
        won = self.by_state["won"]
        self.assertEqual(sum(amount(deal["amount"]) for deal in won), figure("won revenue")[0])
        days = [(day(deal["close_time"]) - day(deal["open_time"])).days for deal in won]
        self.assertEqual(sum(days), 219452)

    def test_managers(self):
        for manager, won, lost, _, revenue in table("manager"):
            with self.subTest(manager=manager):
                theirs = [d for d in self.deals if d["custom_fields"]["manager"] == {"choice": manager}]
                self.assertEqual(sum(d["state"] == "won" for d in theirs), int(won))
                self.assertEqual(sum(d["state"] == "lost" for d in theirs), int(lost))
                self.assertEqual(sum(amount(d["amount"]) for d in theirs if d["state"] == "won"), int(revenue))

    def test_stages_have_their_history(self):
        engaged = [deal for deal in self.deals if deal["stage"] == "Engaging"]
        self.assertEqual(len(engaged), 8300)
        for deal in engaged:
            self.assertEqual([(entry["stage"], entry["enter_time"]) for entry in deal["stage_history"]],
                             [("Engaging", deal["open_time"])])


class MrrPlaybook(Case):
    def test_counts(self):
        self.assertEqual(report("accounts")["created"], figure("customers")[0])
        self.assert_counts("subscriptions", created=121)

    def test_each_month(self):
        months = table("month")
        self.assertEqual(len(months), 29)
        for month, customers, mrr, *_ in months:
            with self.subTest(month=month):
                done = subprocess.run([FOLIO, "portfolio", "summary", "--as-of", month + "-15", "-o", "json"],
                                      capture_output=True, text=True, check=True)
                self.assertEqual(amount(json.loads(done.stdout)["mrr"]), Decimal(mrr))


class NpsAppointments(Case):
    def test_counts(self):
        self.assert_counts("answers", created=3143, rejected=2)

    def test_rows_off_the_scale_come_back(self):
        with open(report("answers")["rejects_file"], newline="") as file:
            rejected = list(csv.DictReader(file))
        self.assertEqual(sorted(row["serviceappointment_id"] for row in rejected),
                         ["7000002bShuAAE", "7000002biwDAAQ"])
        for row in rejected:
            self.assertEqual((row["nps"], row["_reason"]), ("11.0", "SCORE_OUT_OF_SCALE"))

    def test_net_promoter_score(self):
        answers = rows("facts", "list", "--kind", "survey_answer", "--limit", "10000")
        scores = [answer["survey_answer"]["score"] for answer in answers]
        points = Decimal(100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores))) / len(scores)
        self.assertEqual((len(scores), round(points, 6)), (3143, Decimal("-30.034998")))
        self.assertEqual(collections.Counter(answer["survey_answer"]["touch_point"] for answer in answers).keys(),
                         {"installation", "repair"})


class OnlineRetail(Case):
    def test_counts(self):
        identified, customers = figure("orders with CustomerID / customers")
        orders = figure("orders")[0]
        self.assert_counts("identified", created=identified)
        self.assert_counts("orders", created=orders - identified, unchanged=identified)
        self.assert_counts("refunds", created=3836)
        self.assertEqual(report("accounts")["created"], figure("distinct CustomerID")[0])

    def test_orders_of_strangers(self):
        strangers = rows("facts", "list", "--kind", "order", "--limit", "100000")
        revenue = sum(amount(fact["order"]["amount"]) for fact in strangers)
        self.assertEqual(len(strangers), 19960 - 18532)
        # Invoices are rounded to pence, the figures of FACTS.md are not.
        self.assertAlmostEqual(revenue, figure("revenue")[0] - figure("their revenue / AOV / revenue per customer")[0],
                               delta=Decimal("0.01"))

    def test_one_customer(self):
        with open(pathlib.Path(SCRATCH, "identified.csv"), newline="") as file:
            theirs = [row for row in csv.DictReader(file) if row["CustomerID"] == "17850"]
        orders = rows("facts", "list", "customer-17850", "--kind", "order", "--limit", "1000")
        self.assertEqual(len(orders), len(theirs))
        self.assertEqual(sum(amount(fact["order"]["amount"]) for fact in orders),
                         sum(Decimal(row["Amount"]) for row in theirs))


class LeadsXeducation(Case):
    def test_counts(self):
        self.assert_counts("leads", created=9240)

    def test_conversion_by_source(self):
        leads = rows("leads", "list", "--all")
        self.assertEqual(sum(lead["state"] == "converted" for lead in leads), figure("converted")[0])
        by_source = collections.defaultdict(list)
        for lead in leads:
            by_source[lead.get("source", "")].append(lead["state"] == "converted")
        # The table leaves out sources of one or two leads.
        self.assertEqual({source: (len(all_), sum(all_)) for source, all_ in by_source.items() if len(all_) > 2},
                         {source: (int(count), int(converted)) for source, count, converted, _ in table("Lead Source")})

    def test_filters_by_custom_field(self):
        worst = rows("leads", "list", "--filter", 'custom.quality = "Worst" AND state = converted', "--all")
        self.assertEqual(len(worst), 12)


class MarketingSpend(Case):
    def test_counts(self):
        self.assert_counts("costs", created=308)

    def test_categories_and_campaigns(self):
        costs = [fact["cost"] for fact in rows("facts", "list", "--kind", "cost", "--limit", "1000")]
        self.assertEqual(len(costs), 308)
        for key, heading in (("subcategory", "category"), ("campaign", "campaign_name (lower case)")):
            for name, count, spend, leads, orders, *_ in table(heading):
                with self.subTest(name=name):
                    theirs = [cost for cost in costs if cost[key] == name]
                    self.assertEqual(len(theirs), int(count))
                    self.assertEqual(round(sum(amount(cost["amount"]) for cost in theirs), 2), Decimal(spend))
                    self.assertEqual(sum(int(cost.get("attributed_lead_count", 0)) for cost in theirs), int(leads))
                    self.assertEqual(sum(int(cost.get("attributed_client_count", 0)) for cost in theirs), int(orders))


class Cdnow(Case):
    def test_counts(self):
        self.assertEqual(report("accounts")["created"], 2357)
        self.assert_counts("orders", created=6919)
        self.assert_counts("orders.again", unchanged=6919)

    def test_one_customer(self):
        orders = rows("facts", "list", "customer-0001", "--kind", "order")
        self.assertEqual([(fact["event_time"][:10], amount(fact["order"]["amount"])) for fact in orders],
                         [("1997-12-12", Decimal("26.48")), ("1997-08-02", Decimal("14.96")),
                          ("1997-01-18", Decimal("29.73")), ("1997-01-01", Decimal("29.33"))])


CASES = {"maven_crm": MavenCrm, "mrr_playbook": MrrPlaybook, "nps_appointments": NpsAppointments,
         "online_retail": OnlineRetail, "leads_xeducation": LeadsXeducation, "marketing_spend": MarketingSpend,
         "cdnow": Cdnow}

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(CASES[DATA_SET])
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())
