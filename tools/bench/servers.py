"""What is measured and what it is compared with: Folio, the echo server, PostgreSQL and DuckDB."""

import json
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

import processes
from processes import Broken

# The day of the generated accounts (tools/bench/dataset.h).
NOW = "2026-01-01T12:00:00Z"


class Folio:
    """foliod over a store of its own."""

    def __init__(self, programs, folder, name="folio"):
        self.program = programs / "foliod"
        self.load = programs / "bench_load"
        self.data = folder / name
        self.log = folder / "foliod.log"
        self.child = None
        self.address = ""
        shutil.rmtree(self.data, ignore_errors=True)

    def start(self):
        """Starts the server and returns the seconds until it said SERVING."""
        self.address = f"127.0.0.1:{processes.free_port()}"
        waiter = subprocess.Popen([self.load, "wait", "--target", self.address], stdout=subprocess.PIPE, text=True)
        time.sleep(0.2)  # the waiter is asking by then
        begin = processes.monotonic()
        self.child = processes.start([self.program, "--dev", "--data", self.data, "--listen", self.address,
                                      "--now", NOW], self.log)
        while waiter.poll() is None:
            if self.child.poll() is not None:
                waiter.kill()
                raise Broken(f"foliod ended at its start: {tail_of(self.log)}")
            time.sleep(0.005)
        if waiter.returncode != 0:
            raise Broken("foliod does not serve")
        return json.loads(waiter.stdout.read())["serving_at"] - begin

    def stop(self):
        if self.child is not None:
            processes.stop(self.child)
            self.child = None

    @property
    def pid(self):
        return self.child.pid

    @property
    def target(self):
        return ["--target", self.address, "--key", (self.data / "dev-key").read_text(encoding="utf-8").strip()]

    def store(self):
        """The file in which the accounts lie."""
        files = sorted(self.data.rglob("*"), key=lambda file: file.stat().st_size, reverse=True)
        stores = [file for file in files if file.is_file() and is_sqlite(file)]
        if not stores:
            raise Broken("foliod has no SQLite file")
        return stores[0]


def is_sqlite(path):
    with open(path, "rb") as file:
        return file.read(15) == b"SQLite format 3"


class Echo:
    """Answers what Folio has answered before."""

    def __init__(self, programs, folder):
        self.program = programs / "bench_echo"
        self.load = programs / "bench_load"
        self.log = folder / "echo.log"
        self.child = None
        self.address = ""

    def start(self, captured):
        self.address = f"127.0.0.1:{processes.free_port()}"
        options = [word for name, path in captured.items() for word in (f"--{name}", path)]
        self.child = processes.start([self.program, "--listen", self.address, *options], self.log)
        processes.run([self.load, "wait", "--target", self.address, "--seconds", "20"])

    @property
    def pid(self):
        return self.child.pid

    @property
    def target(self):
        # The same metadata as Folio gets.
        return ["--target", self.address, "--key", "0123456789abcdef0123456789abcdef0123456789ab"]


class Postgres:
    """A cluster of PostgreSQL 15 that lives as long as the bench, on loopback, with fsync."""

    SETTINGS = {
        "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "on", "synchronous_commit": "on",
        "shared_buffers": "2GB", "work_mem": "64MB", "maintenance_work_mem": "512MB", "max_wal_size": "8GB",
        "random_page_cost": "1.1", "jit": "off", "max_parallel_workers_per_gather": "1", "autovacuum": "off",
    }

    def __init__(self, programs, folder, sql):
        self.client = programs / "bench_postgres"
        self.log = folder / "postgres.log"
        self.sql = sql
        self.port = processes.free_port()

    def start(self):
        bin_folder = self.find_programs()
        home = pathlib.Path(processes.temporary_folder("folio-bench-postgres-"))
        user = []
        if os.geteuid() == 0:  # PostgreSQL refuses root
            entry = pwd.getpwnam("postgres")
            os.chown(home, entry.pw_uid, entry.pw_gid)
            user = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--init-groups"]
        cluster = home / "cluster"
        processes.run([*user, bin_folder / "initdb", "-D", cluster, "-A", "trust", "-U", "bench", "-E", "UTF8",
                       "--locale=C.UTF-8"], cwd=home)
        settings = [f"--{name}={value}" for name, value in self.SETTINGS.items()]
        self.child = processes.start([*user, bin_folder / "postgres", "-D", cluster, "-p", str(self.port), *settings],
                                     self.log, cwd=home)
        for _ in range(100):
            try:
                self.run("SELECT 1")
                return
            except Broken:
                time.sleep(0.1)
        raise Broken(f"PostgreSQL does not start: {tail_of(self.log)}")

    @staticmethod
    def find_programs():
        for folder in sorted(pathlib.Path("/usr/lib/postgresql").glob("15/bin")):
            return folder
        raise Broken("PostgreSQL 15 is not installed: tools/bootstrap --bench")

    def command(self, *words):
        where = f"host=127.0.0.1 port={self.port} user=bench dbname=postgres"
        return [self.client, "--connect", where, *words]

    def run(self, *statements, timeout=600):
        return processes.run(self.command("run", *statements), timeout=timeout)

    def create_indexed(self):
        self.run(self.sql["table"], *self.sql["indexes"])

    def make_plain(self):
        """Leaves the rows with their key alone: no index fits the questions."""
        self.run("CREATE TABLE plain AS SELECT * FROM account ORDER BY key", "DROP TABLE account",
                 "ALTER TABLE plain RENAME TO account", "ALTER TABLE account ADD PRIMARY KEY (key)",
                 "VACUUM ANALYZE account", "CHECKPOINT")

    def make_indexed(self):
        """Gives the rows back the indexes that a service keeps, and one on the column that updates write."""
        self.run(*self.sql["indexes"], "CREATE INDEX ON account (band)", "VACUUM ANALYZE account", "CHECKPOINT",
                 timeout=1200)

    def update_all(self):
        """Milliseconds of a durable UPDATE of one small column of every row, which computes nothing."""
        self.run("VACUUM account", "CHECKPOINT")
        begin = processes.monotonic()
        self.run("UPDATE account SET band = (band + 1) % 4")
        return (processes.monotonic() - begin) * 1e3

    def copy(self, csv):
        return processes.run(self.command("copy", csv), timeout=600)["rows_per_second"]

    def ask(self, questions, seconds):
        return processes.run(self.command("ask", "--seconds", str(seconds)), stdin=json.dumps(questions))["p50_us"]

    def stop(self):
        processes.stop(self.child, signal.SIGINT)


class DuckDb:
    """DuckDB from its npm package, in the process of node."""

    def __init__(self, source, folder, sql):
        self.source = source
        self.database = folder / "duckdb.db"
        self.sql = sql

    def start(self, csvs):
        if not (self.source / "node_modules" / "@duckdb" / "node-api").exists():
            processes.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=self.source)
        self.database.unlink(missing_ok=True)
        self.node("load", self.database, self.sql["table"], *csvs)

    def node(self, *words, stdin=None):
        return processes.run(["node", self.source / "duckdb.mjs", *words], stdin=stdin)

    def ask(self, questions, seconds, threads):
        return self.node("ask", self.database, str(seconds), str(threads), stdin=json.dumps(questions))["p50_us"]


def tail_of(log):
    return " | ".join(log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:])
