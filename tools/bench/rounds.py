"""The measurements. Each plays both sides in turns, for the same short time, and notes the ratio of every round."""

import time

import processes
from processes import Broken


class Bench:
    def __init__(self, plan, rows, programs, folder, folio, echo, peers):
        self.plan = plan
        self.rows = rows
        self.alone = programs / "bench_alone"
        self.load = programs / "bench_load"
        self.folder = folder
        self.folio = folio
        self.echo = echo
        self.postgres, self.duckdb = peers
        self.held = 0  # accounts in the store
        self.database = folder / "sqlite.db"

    # --- Writing -----------------------------------------------------------------------------------------------------

    def import_rounds(self):
        """Fills the store, a share a round, beside SQLite and PostgreSQL with the same rows."""
        for leftover in self.folder.glob("sqlite.db*"):
            leftover.unlink()
        share = self.plan.accounts // self.plan.rounds
        memory = {}
        for number in range(self.plan.rounds):
            if number in (2, 4):  # two and four shares: one twice the other
                memory[self.held] = self.memory_after_start()
            self.import_round(share)
        self.note_memory(memory)

    def import_round(self, share):
        folio = processes.run([self.load, "import", *self.folio.target, "--first", str(self.held), "--count",
                               str(share), "--pid", str(self.folio.pid)], timeout=600)["rows_per_second"]
        sqlite = processes.run([self.alone, "insert", "--db", self.database, "--first", str(self.held), "--count",
                                str(share)], timeout=600)["rows_per_second"]
        self.rows["import_vs_sqlite"].add(folio, sqlite)
        if self.postgres:
            try:
                self.rows["import_vs_postgres"].add(folio, self.postgres.copy(self.csv(self.held, share)))
            except Broken as error:
                self.rows["import_vs_postgres"].fail(error)
        self.held += share

    def csv(self, first, count):
        path = self.folder / f"accounts-{first}-{count}.csv"
        if not path.exists():
            with open(path, "wb") as output:
                command = [self.alone, "csv", "--first", str(first), "--count", str(count)]
                if processes.subprocess.run(command, stdout=output, check=False).returncode != 0:
                    raise Broken("bench_alone csv failed")
        return path

    def memory_after_start(self):
        """After a start there is nothing in memory but what serving needs, as soon as what loading needed has gone."""
        self.folio.stop()
        self.folio.start()
        time.sleep(3)
        return processes.anonymous_bytes(self.folio.pid)

    def note_memory(self, memory):
        (few, before), (many, after) = sorted(memory.items())
        self.rows["memory_per_account"].add((after - before) / (many - few), None)

    def start_rounds(self):
        for _ in range(self.plan.rounds):
            self.folio.stop()
            scan = processes.run([self.alone, "scan", "--db", self.folio.store()])
            if scan["rows"] != self.held:
                raise Broken(f"the store holds {scan['rows']} accounts, not {self.held}")
            self.rows["start_vs_scan"].add(self.folio.start(), scan["seconds"])

    # --- Reading -----------------------------------------------------------------------------------------------------

    def unary(self, server, load, in_flight, seconds):
        return processes.run([self.load, "unary", load, *server.target, "--accounts", str(self.held), "--in-flight",
                              str(in_flight), "--channels", "1" if in_flight == 1 else "2", "--seconds", str(seconds),
                              "--pid", str(server.pid)])

    def capture(self):
        """What Folio answers, for the echo to repeat; and whether it counts what plain columns count."""
        captured = {}
        for load in ("get", "list", "summary"):
            captured[load] = self.folder / f"{load}.replies"
            answer = processes.run([self.load, "unary", load, *self.folio.target, "--accounts", str(self.held),
                                    "--capture", captured[load]])
            if load == "list":
                columns = processes.run([self.alone, "columns", "--accounts", str(self.held), "--seconds", "0"])
                if answer["list_totals"] != columns["list_totals"]:
                    raise Broken(f"Folio counts {answer['list_totals']}, plain columns {columns['list_totals']}")
        return captured

    def get_rounds(self):
        """After one that does not count, in which Folio meets almost all of the names that will be asked for."""
        for server in (self.folio, self.echo):
            self.unary(server, "get", 64, 5 * self.plan.seconds)
        for _ in range(self.plan.rounds):
            folio = self.unary(self.folio, "get", 64, self.plan.seconds)
            echo = self.unary(self.echo, "get", 64, self.plan.seconds)
            self.rows["get_account_rps"].add(folio["operations_per_second"], echo["operations_per_second"])
            self.rows["get_account_cpu"].add(folio["cpu_us_per_operation"], echo["cpu_us_per_operation"])

    def question_rounds(self, sql):
        """Pages, groups and searches, each against the same question to the others."""
        for _ in range(self.plan.rounds):
            seconds = self.plan.seconds / 2
            columns = processes.run([self.alone, "columns", "--accounts", str(self.held), "--seconds", str(seconds)])
            pages = sum(self.unary(self.folio, "list", 1, seconds)["p50_us_by_kind"])
            pages_echo = sum(self.unary(self.echo, "list", 1, seconds)["p50_us_by_kind"])
            self.rows["list_vs_kernel"].add(pages, sum(columns["list_p50_us"]) + pages_echo)
            summary = self.unary(self.folio, "summary_after_update", 1, seconds)["p50_us_by_kind"][1]
            summary_echo = self.unary(self.echo, "summary", 1, seconds)["p50_us"]
            self.rows["summary_vs_kernel"].add(summary, sum(columns["summary_p50_us"]) + summary_echo)
            part = self.unary(self.folio, "part_summary", 1, seconds)["p50_us"]
            self.rows["part_summary_vs_kernel"].add(part, sum(columns["part_summary_p50_us"]) + summary_echo)
            search = sum(self.unary(self.folio, "search", 1, seconds)["p50_us_by_kind"])
            self.rows["search_vs_memmem"].add(search, sum(columns["search_p50_us"]))
            self.ask_peers(sql, pages, summary)

    def ask_peers(self, sql, pages, summary):
        if self.postgres:
            try:
                *asked, grouped = self.postgres.ask([*sql["pages"], [[sql["summary"]]]], 0.5)
                self.rows["list_vs_postgres"].add(pages, sum(asked), sum(asked) / pages)
                self.rows["summary_vs_postgres"].add(summary, grouped, grouped / summary)
            except Broken as error:
                self.rows["list_vs_postgres"].fail(error)
                self.rows["summary_vs_postgres"].fail(error)
        if self.duckdb:
            try:
                asked = sum(self.duckdb.ask(sql["pages"], 0.5, threads=1))
                self.rows["list_vs_duckdb"].add(pages, asked, asked / pages)
            except Broken as error:
                self.rows["list_vs_duckdb"].fail(error)

    def lifetime_rounds(self):
        for _ in range(self.plan.rounds):
            fit = processes.run([self.alone, "lifetime", "--customers", "1000000"])
            self.rows["lifetime_fit"].add(fit["fit_seconds"], fit["pass_seconds"] * fit["evaluations"])

    # --- Indicators --------------------------------------------------------------------------------------------------

    def indicator_rounds(self, folio):
        """A workspace of its own with three years of facts. Each round asks for a scope that nobody has asked for."""
        accounts, facts = self.plan.history
        folio.start()
        try:
            self.fill_history(folio, accounts, facts)
            sql = processes.run([self.alone, "indicators", "--accounts", str(accounts), "--facts", str(facts)],
                                timeout=1200)
            self.page(folio, "")
            same_figures(self.page(folio, "")["values"], sql["values"])
            for number in range(self.plan.rounds):
                # Leaves out a few accounts of every part of the portfolio, others each time.
                page = self.page(folio, f"employee_count != {number + 11}", again=5)
                self.rows["indicators_cold"].add(page["first_ms"], None)
                self.rows["indicators_warm"].add(page["again_ms"], None)
                self.rows["indicators_vs_sqlite"].add(page["first_ms"], sql["seconds"] * 1e3,
                                                      sql["seconds"] * 1e3 / page["first_ms"])
                late = ["--facts-of", str(accounts), "--first", str(number), "--count", "1"]
                processes.run([self.load, "import", *folio.target, *late])
                page = self.page(folio, f"employee_count != {number + 11}")
                self.rows["indicators_late_fact"].add(page["first_ms"], None)
        finally:
            folio.stop()

    def fill_history(self, folio, accounts, facts):
        processes.run([self.load, "import", *folio.target, "--first", "0", "--count", str(accounts)], timeout=600)
        history = ["--history-of", str(accounts)]
        processes.run([self.load, "import", *folio.target, *history, "--first", "0", "--count",
                       str(accounts + accounts // 4)], timeout=600)
        folio.stop()
        folio.start()
        before = processes.anonymous_bytes(folio.pid)
        share = min(facts, 500_000)
        for first in range(0, facts, share):
            processes.run([self.load, "import", *folio.target, *history, "--history-facts", str(facts), "--first",
                           str(first), "--count", str(min(share, facts - first))], timeout=600)
        folio.stop()
        folio.start()
        self.rows["memory_per_fact"].add((processes.anonymous_bytes(folio.pid) - before) / facts, None)

    def page(self, folio, scope, again=0):
        return processes.run([self.load, "indicators", *folio.target, "--filter", scope, "--again", str(again)])

    # --- Scoring ---------------------------------------------------------------------------------------------------

    def rescore_rounds(self):
        for name, missing in (("rescore_vs_memory", 0), ("rescore_missing_vs_memory", 0.3)):
            for _ in range(self.plan.rounds):
                times = processes.run([self.alone, "rescore", "--accounts", "1000000", "--missing", str(missing),
                                       "--seconds", str(self.plan.seconds / 2)])
                self.rows[name].add(times["rescore_ms"], times["read_ms"])

    def publish_rounds(self):
        """PostgreSQL's turns come first: after a publication, Folio writes its history for a while."""
        plain = [self.postgres.update_all() for _ in range(self.plan.rounds)]
        self.postgres.make_indexed()
        indexed = [self.postgres.update_all() for _ in range(self.plan.rounds)]
        # The first publication reads the figures of all accounts, which the others then find as columns.
        self.publish(0)
        for number in range(self.plan.rounds):
            published = self.publish(number + 1)
            for name, updates in (("publish_vs_postgres", indexed), ("publish_vs_plain_postgres", plain)):
                self.rows[name].add(published, updates[number], updates[number] / published)

    def publish(self, number):
        return processes.run([self.load, "publish", *self.folio.target, "--number", str(number)])["publish_ms"]

    # --- Changing ----------------------------------------------------------------------------------------------------

    def update_rounds(self):
        for _ in range(self.plan.rounds):
            folio = self.unary(self.folio, "update", 64, self.plan.seconds)
            sqlite = processes.run([self.alone, "update", "--db", self.database, "--rows", str(self.held), "--seconds",
                                    str(self.plan.seconds)])["updates_per_second"]
            self.rows["update_vs_sqlite"].add(folio["operations_per_second"], sqlite)
            self.rows["update_p999"].add(folio["p999_us"], folio["p50_us"])

    def fact_rounds(self):
        """A stream of facts of other ids at each round, beside SQLite with the same."""
        count = 100_000
        for number in range(self.plan.rounds):
            which = ["--facts-of", str(self.held), "--first", str(number * count), "--count", str(count)]
            folio = processes.run([self.load, "import", *self.folio.target, *which])["rows_per_second"]
            sqlite = processes.run([self.alone, "insert", "--db", self.database, *which])["rows_per_second"]
            self.rows["facts_stream_rate"].add(folio, sqlite)

    def freshness_rounds(self):
        for number in range(self.plan.rounds):
            answer = processes.run([self.load, "freshness", *self.folio.target, "--accounts", str(self.held),
                                    "--first-fact", str(10_000_000 * (number + 1)), "--seconds",
                                    str(self.plan.seconds * 2)])
            self.rows["freshness"].add(answer["p99_ms"], None)

    def watch_rounds(self):
        for _ in range(self.plan.rounds):
            folio = self.watch(self.folio)
            echo = self.watch(self.echo)
            self.rows["watch_cpu"].add(folio["cpu_us_per_event"], echo["cpu_us_per_event"])

    def watch(self, server):
        return processes.run([self.load, "watch", *server.target, "--channels", "16", "--accounts", str(self.held),
                              "--seconds", str(self.plan.seconds * 2), "--pid", str(server.pid)])


def same_figures(ours, theirs):
    """A wrong answer has no speed. What SQL does not compute is made of what it does."""
    for name, values in theirs.items():
        for month, (a, b) in enumerate(zip(ours[name], values, strict=True)):
            if abs(a - b) > 1e-6 * max(1, abs(b)):
                raise Broken(f"{name} of month {month}: Folio says {a}, SQL {b}")
