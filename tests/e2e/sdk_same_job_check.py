#!/usr/bin/env python3
"""Holds what the programs of sdk_same_job.sh print to what is known of RavenStack: that all are alike does not mean
that any is right."""

import json
import sys


def check(what, actual, expected):
    if actual != expected:
        raise SystemExit(f"FAILED: {what} is {actual!r}, not {expected!r}")


def main(path):
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    check("what was imported", result["imported"],
          {"accounts": [500, 0], "subscriptions": [5000, 0], "support_tickets": [2000, 0]})
    check("what was exported", len(result["exported"]), 500)
    check("the accounts that the filter finds", 0 < len(result["filtered"]) < 500, True)
    check("what was watched", result["watched"], ["CHANGE_TYPE_UPDATED", "accounts/A-2e4581"])
    check("the account that was changed", [row for row in result["exported"] if row[4]],
          [["accounts/A-2e4581", "Company_0", "Basic", 9, ["same-job"]]])
    score, _, parts = result["explained"]
    points = sum(part[2] for part in parts) / 1e6
    check("the score, beside the sum of its parts", score, int(points + 0.5))
    revenue = {(value[0], value[1]): value[2] for value in result["computed"]}
    check("December's MRR", revenue["mrr", 12], ["USD", 10159608, 0])
    check("December's ARR, beside twelve times its MRR", revenue["arr", 12][1], 12 * revenue["mrr", 12][1])


if __name__ == "__main__":
    main(sys.argv[1])
