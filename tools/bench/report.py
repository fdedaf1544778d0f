"""The rows of the bench: what each must reach, what it reached, and how that is shown."""

import json
import statistics

HIGHER = "higher"
LOWER = "lower"


class Row:
    """One comparison. `floor` and `target` are for the ratio (for `value` itself where there is no baseline)."""

    def __init__(self, name, text, unit, better, floor, target, least=None, most=None):
        self.name = name
        self.text = text
        self.unit = unit
        self.better = better
        self.floor = floor
        self.target = target
        self.least = least  # of the value itself, whatever the ratio
        self.most = most
        self.values = []
        self.baselines = []
        self.ratios = []
        self.error = ""

    def add(self, value, baseline, ratio=None):
        """One round. The ratio is value / baseline unless another is given."""
        self.values.append(value)
        if baseline is not None:
            self.baselines.append(baseline)
            self.ratios.append(value / baseline if ratio is None else ratio)

    def fail(self, error):
        self.error = self.error or str(error)

    @property
    def measured(self):
        return bool(self.values) and not self.error

    def result(self):
        value = statistics.median(self.values) if self.values else None
        baseline = statistics.median(self.baselines) if self.baselines else None
        ratio = statistics.median(self.ratios) if self.ratios else None
        judged = ratio if ratio is not None else value
        enough = (self.measured and (self.least is None or value >= self.least)
                  and (self.most is None or value <= self.most))
        row = {"name": self.name, "value": value, "baseline": baseline, "ratio": ratio, "floor": self.floor,
               "target": self.target, "ok": enough and self.reaches(judged, self.target),
               "floor_ok": enough and self.reaches(judged, self.floor), "better": self.better,
               "unit": self.unit, "rounds": len(self.values), "ratios": self.ratios}
        if self.error or not self.values:
            row["error"] = self.error or "was not run"
        return row

    def reaches(self, judged, limit):
        return judged >= limit if self.better == HIGHER else judged <= limit


INDICATORS = ["indicators_cold", "indicators_warm", "indicators_late_fact", "indicators_vs_sqlite", "memory_per_fact"]


def make_rows(peers):
    rows = [
        Row("get_account_rps", "GetAccount, 64 in flight: requests/s over echo", "1/s", HIGHER, 0.75, 0.90),
        Row("get_account_cpu", "GetAccount, 64 in flight: server CPU over echo", "us", LOWER, 1.5, 1.25),
        Row("import_vs_sqlite", "stream import, durable: rows/s over bare SQLite insert", "1/s", HIGHER, 0.30, 0.50),
        Row("import_vs_postgres", "stream import: rows/s over PostgreSQL COPY, indexed", "1/s", HIGHER, 2, 4),
        Row("update_vs_sqlite", "updates, 64 writers: 1/s over bare SQLite groups of 64", "1/s", HIGHER, 0.3, 0.5),
        Row("update_p999", "updates, 64 writers: p999 over p50", "us", LOWER, 6, 3),
        Row("list_vs_kernel", "filter, sort, page, total: p50 over kernel + echo", "us", LOWER, 3, 1.5),
        Row("list_vs_postgres", "filter, sort, page, total: PostgreSQL, no index, over Folio", "us", HIGHER, 40, 90),
        Row("list_vs_duckdb", "filter, sort, page, total: DuckDB in process over Folio", "us", HIGHER, 5, 12),
        Row("summary_vs_kernel", "group by sector, after each update: p50 over kernel + echo", "us", LOWER, 3, 1.5),
        Row("part_summary_vs_kernel", "group by sector, ever other parts: p50 over kernel + echo", "us", LOWER, 5, 3),
        Row("summary_vs_postgres", "group by sector: PostgreSQL over Folio", "us", HIGHER, 40, 100),
        Row("search_vs_memmem", "search by name: p50 over memmem scan", "us", LOWER, 3, 1.3),
        Row("memory_per_account", "memory of one more account", "B", LOWER, 192, 130),
        Row("start_vs_scan", "start to SERVING over scan and parse of the rows", "s", LOWER, 5, 3),
        Row("rescore_vs_memory", "1 M accounts x 12 measures scored, none missing: time over reading them", "ms", LOWER,
            3, 1.6),
        Row("rescore_missing_vs_memory", "the same with a third missing", "ms", LOWER, 6, 3.5),
        Row("publish_vs_postgres", "model published, all scored, durable: PostgreSQL's indexed UPDATE over Folio", "ms",
            HIGHER, 100, 500),
        Row("publish_vs_plain_postgres", "the same over PostgreSQL's UPDATE without an index", "ms", HIGHER, 15, 50),
        Row("facts_stream_rate", "stream of facts, durable, at least 50 000/s: facts/s over bare SQLite insert", "1/s",
            HIGHER, 0.03, 0.1, least=50_000),
        Row("freshness", "fact to score, row and watch, 1 000 facts/s beside: p99", "ms", LOWER, 1_000, 250),
        Row("watch_cpu", "1 000 watches: CPU an event over one message an event", "us", LOWER, 0.4, 0.2),
        Row("lifetime_fit", "BG/NBD fitted to 1 M customers, at most 1 s, over as many plain passes", "s", LOWER, 0.3,
            0.17, most=1),
        Row("indicators_cold", "20 indicators x 36 months of a scope never asked for", "ms", LOWER, 1_000, 500),
        Row("indicators_warm", "the same page again", "ms", LOWER, 50, 20),
        Row("indicators_late_fact", "the same page after a late fact", "ms", LOWER, 200, 50),
        Row("indicators_vs_sqlite", "20 indicators x 36 months: SQLite, typed columns in memory, over Folio cold", "ms",
            HIGHER, 20, 50),
        Row("memory_per_fact", "memory of one more fact", "B", LOWER, 320, 200),
    ]
    return {row.name: row for row in rows if peers or not row.name.endswith(("_postgres", "_duckdb"))}


def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{value:.3g}"


def verdict(result):
    if "error" in result:
        return "FAILED"
    if result["ok"]:
        return "ok"
    return "below target" if result["floor_ok"] else "BELOW FLOOR"


def cells(row, result):
    sign = ">=" if row.better == HIGHER else "<="
    return [row.text, f"{number(result['value'])} {row.unit}" if row.values else "-",
            number(result["baseline"]), number(result["ratio"]),
            f"{sign} {number(row.floor)}", f"{sign} {number(row.target)}", verdict(result)]


HEADER = ["what", "value", "baseline", "ratio", "floor", "target", ""]


def print_table(rows):
    lines = [HEADER] + [cells(row, row.result()) for row in rows.values()]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADER))]
    for line in lines:
        print("  ".join([line[0].ljust(widths[0])] + [line[i].rjust(widths[i]) for i in range(1, len(HEADER))]))
    for row in rows.values():
        error = row.result().get("error")
        if error:
            print(f"FAILED {row.name}: {error}")


def write(rows, folder, machine):
    results = [row.result() for row in rows.values()]
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    lines = [HEADER, ["---"] * len(HEADER)] + [cells(row, row.result()) for row in rows.values()]
    table = "".join("| " + " | ".join(line) + " |\n" for line in lines)
    (folder / "results.md").write_text(f"{machine}\n\n{table}", encoding="utf-8")
