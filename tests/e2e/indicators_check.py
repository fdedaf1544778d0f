#!/usr/bin/env python3
"""Holds indicators of what a script has imported to the figures of a data set's FACTS.md.

    indicators_check.py ravenstack|playbook|appointments|maven_crm|leads_xeducation FOLIO FACTS

FACTS.md was computed from the files by a program that has nothing in common with this project.
"""

import decimal
import json
import pathlib
import re
import subprocess
import sys
import unittest

COMPANY, FOLIO, FACTS = sys.argv[1:4]
Decimal = decimal.Decimal


def folio(*arguments):
    """What a command answers, as JSON."""
    done = subprocess.run([FOLIO, *arguments, "-o", "json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"folio {' '.join(arguments)}: {done.stderr or done.stdout}")
    return json.loads(done.stdout, parse_float=Decimal)


def compute(*arguments):
    return folio("indicators", "compute", *arguments)


def parts(value):
    """The figures beside a value, by their id."""
    return {part["id"]: Decimal(part["money"]["amount"]) if "money" in part else Decimal(part.get("number", 0))
            for part in value["parts"]}


def rows(columns):
    """Rows of the tables of FACTS.md that have so many columns, and begin with a month or a day."""
    for line in pathlib.Path(FACTS).read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == columns and re.fullmatch(r"\d{4}-\d\d(-\d\d)?", cells[0]):
            yield cells


def table(heading):
    """Rows of a table of FACTS.md, by its first heading."""
    text = pathlib.Path(FACTS).read_text()
    lines = text[text.index(f"| {heading} |"):].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def figure(label):
    """The numbers behind a label of FACTS.md, those that have a name by it."""
    line = re.search(rf"^- {re.escape(label)}: (.*)$", pathlib.Path(FACTS).read_text(), re.M)[1]
    return {name: Decimal(number) for name, number in re.findall(r"(?:([a-z]\w*)=)?(-?\d+(?:\.\d+)?)", line)}


class RavenStack(unittest.TestCase):
    def test_walks_from_month_to_month(self):
        table = list(rows(11))
        values = compute("net_new_mrr", "grr", "nrr", "--from", "2023-01", "--to", "2024-12", "--grain", "month")
        self.assertEqual((len(table), len(values)), (24, 72))
        for row, moved, grr, nrr in zip(table, values, values[24:], values[48:]):
            with self.subTest(month=row[0]):
                told = parts(moved)
                self.assertEqual(told["closing"], Decimal(row[3]))
                # The table has one column for accounts that begin and those that come back.
                self.assertEqual(told["new"] + told["reactivation"], Decimal(row[5]))
                self.assertEqual((told["expansion"], -told["contraction"], -told["churn"]),
                                 tuple(Decimal(cell) for cell in row[6:9]))
                self.assertEqual(told["opening"] + Decimal(moved["money"]["amount"]), told["closing"])
                for share, cell in ((grr, row[9]), (nrr, row[10])):
                    if cell:
                        self.assertEqual(round(Decimal(share["number"]), 6), Decimal(cell))
                    else:
                        self.assertEqual(share["absence"], "no_denominator")

    def test_retention_over_longer_periods(self):
        for since, months in (("2024-01", "0.995900 2.922709"), ("2024-07", "0.986043 1.739963"),
                              ("2024-10", "0.974229 1.403284")):
            values = compute("grr", "nrr", "churn_rate", "--from", since, "--to", "2024-12")
            self.assertEqual(" ".join(f"{Decimal(value['number']):.6f}" for value in values[:2]), months)
            self.assertEqual(values[2].get("number", 0), 0)

    def test_first_responses_and_satisfaction(self):
        response, median, p90, csat = compute("first_response_time", "first_response_time_median",
                                              "first_response_time_p90", "csat", "--from", "2023-01", "--to", "2025-01")
        self.assertEqual(Decimal(response["number"]), Decimal("88.48") * 60)
        self.assertEqual(response["sample_size"], 2000)
        self.assertEqual(Decimal(median["number"]), 88 * 60)
        self.assertAlmostEqual(p90["number"], Decimal("160.1") * 60, places=6)
        self.assertEqual(csat["sample_size"], 1175)
        self.assertAlmostEqual(float(csat["number"]), 0.66297872, places=8)

    def test_first_responses_by_priority(self):
        text = pathlib.Path(FACTS).read_text()
        expected = {priority: (int(count), Decimal(mean)) for priority, count, mean in
                    re.findall(r"first response minutes, (\w+): n=(\d+) mean=([0-9.]+)", text)}
        values = compute("first_response_time", "--from", "2023-01", "--to", "2025-01", "--group-by", "ticket.priority")
        told = {value["groups"][0]: value for value in values[1:] if value["sample_size"]}
        self.assertEqual(told.keys(), expected.keys())
        for priority, (count, mean) in expected.items():
            self.assertEqual(told[priority]["sample_size"], count)
            self.assertAlmostEqual(Decimal(told[priority]["number"]) / 60, mean, places=4)

    def test_groups_sum_to_the_whole(self):
        whole, *groups = compute("mrr", "--on", "2024-12-31", "--group-by", "sector")
        self.assertEqual(len(groups), 5)
        self.assertEqual(Decimal(whole["money"]["amount"]), 10159608)
        self.assertEqual(sum(Decimal(group["money"]["amount"]) for group in groups), 10159608)

    def test_contributions_add_up(self):
        facts = folio("indicators", "facts", "mrr", "--on", "2024-12-31", "--limit", "1000")
        self.assertEqual(len(facts), 500)
        self.assertEqual(sum(Decimal(fact["money"]["amount"]) for fact in facts), 10159608)


class Playbook(unittest.TestCase):
    def test_every_month_of_the_table(self):
        table = {row[0]: row for row in rows(14)}
        values = compute("net_new_mrr", "--from", "2017-09", "--to", "2020-02", "--grain", "month")
        self.assertEqual(len(values), 30)
        for value in values:
            month = value["period"]["start_date"][:7]
            with self.subTest(month=month):
                # The table leaves out months without customers; there is one.
                row = table.pop(month, [month] + ["0"] * 13)
                told = parts(value)
                names = ("new", "reactivation", "expansion", "contraction", "churn")
                self.assertEqual([told["closing"], *(told[name] for name in names)],
                                 [Decimal(cell) for cell in row[2:8]])
                counts = ("new", "reactivated", "expanded", "contracted", "lost")
                self.assertEqual([told[name + "_customers"] for name in counts], [Decimal(cell) for cell in row[9:14]])
        self.assertFalse(table)


class Appointments(unittest.TestCase):
    def test_score_of_the_answers_on_the_scale(self):
        value = compute("nps", "--from", "2022-09", "--to", "2022-12")[0]
        self.assertEqual(round(Decimal(value["number"]), 6), Decimal("-30.034998"))
        self.assertEqual((value["sample_size"], parts(value)),
                         (3143, {"promoters": 630, "passives": 939, "detractors": 1574}))
        self.assertLess(value["interval"]["low"], value["number"])
        self.assertGreater(value["interval"]["high"], value["number"])

    def test_by_kind_of_work(self):
        whole, *groups = compute("nps", "--from", "2022-09", "--to", "2022-12", "--group-by", "sector")
        asked = {group["groups"][0]: group for group in groups}
        # Of the two refused answers, which FACTS.md counts as promoters, one was of a repair: 1164 answers there.
        self.assertEqual((asked["repair"]["numerator"], asked["repair"]["sample_size"]), (-1014, 1163))
        self.assertEqual(asked["installation"]["sample_size"], 1980)
        self.assertEqual(whole["sample_size"], 3143)


class MavenCrm(unittest.TestCase):
    ALL = ("--from", "2016-10", "--to", "2017-12")

    def test_win_rates(self):
        of_all, closed = compute("win_rate", "win_rate_closed", *self.ALL)
        self.assertEqual((closed["numerator"], closed["denominator"]), (4238, 6711))
        self.assertEqual(round(Decimal(closed["number"]), 6), figure("win rate = won/(won+lost)")[""])
        self.assertEqual((of_all["numerator"], of_all["denominator"]), (4238, 8800))
        self.assertEqual(round(Decimal(of_all["number"]), 6), figure("won/all opportunities")[""])

    def test_cycles(self):
        won, median, closed = compute("sales_cycle", "sales_cycle_median", "sales_cycle_all_closed", *self.ALL)
        facts = figure("cycle days won (close_date-engage_date)")
        self.assertEqual(won["sample_size"], 4238)
        self.assertEqual(round(Decimal(won["number"]), 6), Decimal("51.781973"))
        self.assertEqual(facts["mean"], Decimal("51.781973"))
        self.assertEqual(Decimal(median["number"]), facts["median"])
        self.assertEqual(round(Decimal(closed["number"]), 6), figure("cycle days won+lost")["mean"])
        self.assertEqual(parts(won)["without_first_contact"], 0)

    def test_velocity(self):
        velocity = compute("sales_velocity", *self.ALL)[0]
        self.assertEqual(round(Decimal(velocity["money"]["amount"]), 6), Decimal("60146.849302"))
        told = parts(velocity)
        self.assertEqual((told["open"], round(told["mean_value"], 6)), (2089, Decimal("2360.909391")))
        self.assertEqual(figure("won deal size")["mean"], Decimal("2360.909391"))

    def test_open_pipeline_has_no_amounts(self):
        value = compute("pipeline_value", "--on", "2017-12-31")[0]
        self.assertEqual((Decimal(value["money"]["amount"]), parts(value)), (0, {"open": 2089, "without_amount": 2089}))

    def assert_row(self, row, rate, value):
        self.assertEqual((parts(rate)["won"], parts(rate)["lost"]), (int(row[1]), int(row[2])))
        self.assertEqual(round(Decimal(rate["number"]), 6), Decimal(row[3]))
        self.assertEqual(parts(value)["won_value"], Decimal(row[4]))

    def test_quarters(self):
        quarters = table("quarter")
        values = compute("win_rate_closed", "win_rate_value", "sales_velocity", "sales_cycle", "--from", "2017-01",
                         "--to", "2017-12", "--grain", "quarter")
        self.assertEqual((len(quarters), len(values)), (4, 16))
        for i, row in enumerate(quarters):
            with self.subTest(quarter=row[0]):
                rate, value, velocity, cycle = values[i::4]
                self.assert_row(row, rate, value)
                self.assertEqual(round(parts(velocity)["mean_value"], 6), Decimal(row[5]))
                self.assertEqual(round(Decimal(cycle["number"]), 6), Decimal(row[6]))

    def test_managers_regions_and_products(self):
        for heading, facet in (("manager", "deals.custom.manager"), ("regional_office", "deals.custom.region"),
                               ("product", "deals.product")):
            values = compute("win_rate_closed", "win_rate_value", *self.ALL, "--group-by", facet)
            by_name = {}
            for value in values:
                by_name.setdefault((value.get("groups") or [None])[0], []).append(value)
            facts = table(heading)
            self.assertEqual(set(by_name), {None} | {row[0] for row in facts})
            for row in facts:
                with self.subTest(name=row[0]):
                    self.assert_row(row, *by_name[row[0]])

    def test_contributions_add_up(self):
        deals = folio("indicators", "facts", "win_rate_closed", *self.ALL, "--limit", "10000")
        self.assertEqual((len(deals), sum(deal.get("numerator", 0) for deal in deals)), (6711, 4238))


class LeadsXeducation(unittest.TestCase):
    def test_conversion(self):
        rate = compute("lead_conversion_rate", "--from", "2020-01", "--to", "2020-01")[0]
        self.assertEqual((rate["numerator"], rate["denominator"]), (3561, 9240))
        self.assertEqual(round(Decimal(rate["number"]), 6), figure("conversion rate")[""])
        self.assertNotIn("absence", rate)

    def test_conversion_by_source_and_origin(self):
        for heading, facet in (("Lead Source", "leads.source"), ("Lead Origin", "leads.channel")):
            whole, *values = compute("lead_conversion_rate", "--on", "2020-01-01", "--group-by", facet)
            self.assertEqual(sum(value["denominator"] for value in values), whole["denominator"])
            told = {value["groups"][0]: (value.get("numerator", 0), value["denominator"]) for value in values}
            for name, leads, converted, _ in table(heading):
                with self.subTest(name=name):
                    self.assertEqual(told[name], (int(converted), int(leads)))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], {"ravenstack": "RavenStack", "playbook": "Playbook",
                                      "appointments": "Appointments", "maven_crm": "MavenCrm",
                                      "leads_xeducation": "LeadsXeducation"}[COMPANY], "-v"])
