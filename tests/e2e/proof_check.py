#!/usr/bin/env python3
"""Holds answers of `folio models backtest` and `folio models fit` to what must be true of them.

    proof_check.py report FILE     a back-test: its parts agree with each other
    proof_check.py telco FILE      a fit of IBM's customers: good enough, and readable
"""

import json
import math
import sys

# Of a ridge logistic regression on all 30 columns, 10-fold cross-validated, it is 0.845.
AUC_MIN = 0.84
# Far above, something must have leaked from the outcome into the columns.
AUC_MAX = 0.86


def check_report(report):
    overall = report["overall"]
    assert overall["sample_count"] > 0, overall
    assert sum(cutoff["sample_count"] for cutoff in report["cutoffs"]) == overall["sample_count"], report["cutoffs"]
    assert sum(cutoff["event_count"] for cutoff in report["cutoffs"]) == overall["event_count"], report["cutoffs"]
    if report["calibration"]:
        assert sum(row["count"] for row in report["calibration"]) == overall["sample_count"], report["calibration"]
    low, auc, high = (overall.get(name, 0.5) for name in ("auc_low", "auc", "auc_high"))
    assert low <= auc <= high, overall
    assert report["has_evidence"] == (low > 0.5), report
    if low <= 0.5 <= high and "absence" not in overall:
        assert "no evidence that this model predicts the outcome" in report["conclusion"], report["conclusion"]


def check_telco(fit):
    assert (fit["sample_count"], fit["event_count"]) == (7043, 1869), fit
    assert AUC_MIN <= fit["cross_validated_auc"] <= AUC_MAX, fit["cross_validated_auc"]
    assert fit["auc_low"] < fit["cross_validated_auc"] < fit["auc_high"], fit
    assert fit["has_evidence"], fit
    dimensions = fit["model"]["dimensions"]
    assert math.isclose(sum(dimension["weight"] for dimension in dimensions), 100, abs_tol=1e-3), dimensions
    for dimension in dimensions:
        for measure in dimension["measures"]:
            assert measure["reason"], measure


def main():
    command, path = sys.argv[1:3]
    with open(path, encoding="utf-8") as file:
        answer = json.load(file)
    {"report": check_report, "telco": check_telco}[command](answer)


if __name__ == "__main__":
    main()
