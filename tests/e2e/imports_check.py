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


def compute(*arguments):
    """Values of indicators."""
    done = subprocess.run([FOLIO, "indicators", "compute", *arguments, "-o", "json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"folio indicators compute {' '.join(arguments)}: {done.stderr or done.stdout}")
    return json.loads(done.stdout, parse_float=Decimal)


def money(value):
    return Decimal(value["money"]["amount"])


def parts(value):
    """The figures beside a value, by their id."""
    return {part["id"]: Decimal(part.get("number", 0)) for part in value["parts"] if "money" not in part}


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


    # Invoices are rounded to pence, the figures of FACTS.md are not.
    PENCE = Decimal("0.001")
    YEAR = ("--from", "2010-12", "--to", "2011-12")

    def test_purchase_values(self):
        gross, median, p90, count = compute("aov_gross", "aov_median", "aov_p90", "order_count", *self.YEAR)
        self.assertAlmostEqual(money(gross), figure("AOV = revenue/orders")[0], delta=self.PENCE)
        values = re.search(r"order value: .* median=([0-9.]+) p90=([0-9.]+)", TEXT)
        self.assertAlmostEqual(money(median), Decimal(values[1]), delta=Decimal("0.01"))
        self.assertAlmostEqual(money(p90), Decimal(values[2]), delta=Decimal("0.01"))
        self.assertEqual(count["number"], figure("orders")[0])

    def test_purchase_values_of_known_customers(self):
        known = ("--filter", "display_name:*")
        gross, frequency, repeat = compute("aov_gross", "purchase_frequency", "repeat_purchase_rate", *self.YEAR,
                                           *known)
        identified, customers = figure("orders with CustomerID / customers")
        self.assertEqual((gross["sample_size"], frequency["sample_size"]), (identified, customers))
        revenue, aov, _ = figure("their revenue / AOV / revenue per customer")
        self.assertAlmostEqual(money(gross), aov, delta=self.PENCE)
        self.assertAlmostEqual(Decimal(gross["numerator"]), revenue, delta=Decimal("1"))
        self.assertAlmostEqual(frequency["number"], figure("orders per customer")[0], places=6)
        rate = figure("repeat purchase rate (customers with >=2 orders)")[-1]
        self.assertAlmostEqual(repeat["number"], rate, places=12)

    def test_each_month(self):
        values = compute("aov_gross", *self.YEAR, "--grain", "month")
        months = table("month")
        self.assertEqual(len(values), len(months))
        for value, (month, orders, revenue, aov, _) in zip(values, months):
            with self.subTest(month=month):
                self.assertEqual(value["period"]["start_date"][:7], month)
                self.assertEqual(value["sample_size"], int(orders))
                self.assertAlmostEqual(Decimal(value["numerator"]), Decimal(revenue), delta=Decimal("0.05"))
                self.assertAlmostEqual(money(value), Decimal(aov), delta=self.PENCE)

    def test_refunds_lower_the_revenue(self):
        net, revenue = compute("aov", "order_revenue", *self.YEAR)
        refunds = Decimal(next(part for part in net["parts"] if part["id"] == "refunds")["money"]["amount"])
        self.assertGreater(refunds, 0)
        self.assertEqual(net["sample_size"], figure("orders")[0])
        self.assertAlmostEqual(money(revenue), figure("revenue")[0] - refunds, delta=Decimal("1"))


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

    def test_acquisition_cost_by_category_and_campaign(self):
        february = ("--from", "2021-02", "--to", "2021-02")
        for dimension, heading in (("cost.subcategory", "category"), ("cost.campaign", "campaign_name (lower case)")):
            whole, *groups = compute("cac_attributed", *february, "--group-by", dimension)
            self.assertAlmostEqual(money(whole), figure("CAC = spend/orders")[0], places=6)
            by_name = {group["groups"][0]: group for group in groups if group.get("groups", [""])[0]}
            expected = {name: Decimal(cac) for name, _, _, _, _, _, cac, *_ in table(heading)}
            self.assertEqual(by_name.keys(), expected.keys())
            for name, cac in expected.items():
                with self.subTest(name=name):
                    self.assertAlmostEqual(money(by_name[name]), cac, places=6)


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

    SETTINGS = ("--setting", "gross_margin=1", "--setting", "lifetime_horizon_days=273")

    def assert_close(self, told, expected, relative=Decimal("1e-3")):
        self.assertAlmostEqual(told, expected, delta=abs(expected) * relative)

    def test_models_of_the_first_39_weeks(self):
        value, = compute("clv_transactional", "--on", "1997-09-30", *self.SETTINGS)
        told = parts(value)
        self.assertEqual(value["sample_size"], figure("lifetimes cdnow_customers_summary.csv rows")[0])
        text = TEXT[TEXT.index("## BG/NBD"):]
        likelihood = Decimal(re.search(r"- LL: (-[0-9.]+)", text)[1])
        self.assertAlmostEqual(told["log_likelihood"], likelihood, places=3)
        for name, expected in zip(("r", "alpha", "a", "b"), figure("own MLE r,alpha,a,b (exact weeks)")):
            self.assert_close(told[name], expected)
            self.assertGreater(told[name + "_error"], 0)
        for name, expected in zip(("p", "q", "gamma"), figure("own MLE p,q,gamma")):
            self.assert_close(told[name], expected)
        spends = re.search(r"own MLE p,q,gamma: .*\n- LL: (-[0-9.]+)", text)
        # The optimum is flat.
        self.assert_close(told["spend_log_likelihood"], Decimal(spends[1]), Decimal("1e-5"))

    def test_expectation_of_one_customer(self):
        # Two repeat purchases, the last after 30.43 weeks of 38.86.
        value, = compute("clv_transactional", "--on", "1997-09-30", *self.SETTINGS, "--filter",
                         'display_name = "Customer 0001"')
        self.assertEqual(value["sample_size"], 1)
        self.assertAlmostEqual(parts(value)["expected_purchases"], Decimal("1.226"), places=3)
        self.assertAlmostEqual(parts(value)["probability_alive"], Decimal("0.7266"), places=3)

    def test_error_on_the_39_weeks_after(self):
        value, = compute("clv_transactional", "--on", "1998-06-30", *self.SETTINGS)
        expected, actual = figure("sum of E[Y(39)] over customers vs actual holdout")[-2:]
        self.assertAlmostEqual(parts(value)["hold_out_error"], (expected - actual) / actual, places=3)


CASES = {"maven_crm": MavenCrm, "mrr_playbook": MrrPlaybook, "nps_appointments": NpsAppointments,
         "online_retail": OnlineRetail, "leads_xeducation": LeadsXeducation, "marketing_spend": MarketingSpend,
         "cdnow": Cdnow}

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(CASES[DATA_SET])
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())
