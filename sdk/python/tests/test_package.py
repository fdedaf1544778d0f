"""What the conformance vectors do not see: Python's own promises. Needs a foliod in FOLIO_SERVER and FOLIO_KEY."""

import asyncio
import concurrent.futures
import datetime
import importlib.util
import multiprocessing
import os
import pickle
import threading
import unittest
from decimal import Decimal

import folio
import grpc
from folio import frames, v1


def _name_of_workspace(client):
    return client.workspace.get_workspace().name


class ForkTest(unittest.TestCase):
    def test_a_client_works_on_both_sides_of_a_fork(self):
        with folio.Client() as client:
            expected = _name_of_workspace(client)
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                try:
                    os.write(write, _name_of_workspace(client).encode())
                finally:
                    os._exit(0)
            os.close(write)
            os.waitpid(child, 0)
            with os.fdopen(read) as pipe:
                self.assertEqual(pipe.read(), expected)
            self.assertEqual(_name_of_workspace(client), expected)

    def test_workers_of_a_forking_pool_share_a_client_made_before(self):
        with folio.Client() as client:
            expected = _name_of_workspace(client)
            global _shared
            _shared = client
            with multiprocessing.get_context("fork").Pool(3) as pool:
                self.assertEqual(pool.map(_in_worker, range(6)), [expected] * 6)


_shared = None


def _in_worker(_):
    return _name_of_workspace(_shared)


class ClientTest(unittest.TestCase):
    def test_threads_share_a_client(self):
        with folio.Client() as client, concurrent.futures.ThreadPoolExecutor(8) as pool:
            names = set(pool.map(lambda _: _name_of_workspace(client), range(40)))
        self.assertEqual(names, {"workspaces/dev"})

    def test_a_list_can_be_walked_again(self):
        with folio.Client() as client:
            client.import_rows("accounts", [{"name": f"accounts/again-{n}", "display_name": "Again"} for n in range(5)])
            accounts = client.accounts.list_accounts(filter='display_name = "Again"', page_size=2)
            self.assertEqual(len(list(accounts)), 5)
            self.assertEqual(len(list(accounts)), 5)

    def test_fields_masks_and_requests(self):
        with folio.Client() as client:
            account = client.accounts.update_account(
                account={"name": "accounts/masked", "display_name": "Masked", "annual_recurring_revenue":
                         folio.money("1200.50", "EUR"), "contract_start_date": folio.on(datetime.date(2024, 2, 29))},
                allow_missing=True)
            account = client.accounts.update_account(
                account={"name": account.name, "city": "Lyon"}, update_mask=["city"])
            self.assertEqual((account.display_name, account.city), ("Masked", "Lyon"))
            read = client.accounts.get_account(v1.GetAccountRequest(name=account.name), timeout=5)
            self.assertEqual(folio.amount_of(read.annual_recurring_revenue), Decimal("1200.50"))
            self.assertEqual(folio.date_of(read.contract_start_date), datetime.date(2024, 2, 29))

    def test_the_asynchronous_client_is_the_same(self):
        async def job():
            async with folio.AsyncClient() as client:
                await client.import_rows("accounts", self.rows())
                account = await client.accounts.get_account(name="accounts/later")
                async for other in client.accounts.list_accounts(filter='display_name = "Later"'):
                    self.assertEqual(other.name, account.name)
                return account.display_name

        self.assertEqual(asyncio.run(job()), "Later")

    @staticmethod
    async def rows():
        yield v1.Account(name="accounts/later", display_name="Later")

    def test_an_asynchronous_change_is_waited_for(self):
        async def change(account):
            await asyncio.sleep(0)
            account.city = "Paris"

        async def job():
            async with folio.AsyncClient() as client:
                await client.import_rows("accounts", [{"name": "accounts/changed", "display_name": "Changed"}])
                return (await client.accounts.modify_account("accounts/changed", change)).city

        self.assertEqual(asyncio.run(job()), "Paris")

    def test_both_clients_offer_the_same(self):
        self.assertEqual(_public(folio.Client), _public(folio.AsyncClient))


def _public(kind):
    return {name for name in dir(kind) if not name.startswith("_")}


class EndTest(unittest.TestCase):
    def test_a_closed_client_is_cancelled(self):
        client = folio.Client()
        _name_of_workspace(client)
        client.close()
        for use in (lambda: _name_of_workspace(client), lambda: next(client.watch()),
                    lambda: client.import_rows("accounts", [])):
            with self.assertRaises(folio.CancelledError):
                use()

    def test_another_thread_ends_a_watch(self):
        for server in (os.environ["FOLIO_SERVER"], "127.0.0.1:1"):  # it waits for changes, or for a server
            with folio.Client(server) as client:
                watch = client.watch()
                threading.Timer(0.2, watch.close).start()
                for _ in watch:
                    pass
            self.assertEqual(list(watch), [])

    def test_a_watch_is_a_context(self):
        with folio.Client() as client:
            with client.watch(snapshot=True) as watch:
                self.assertTrue(next(watch).resume_token)
            self.assertEqual(list(watch), [])

    def test_closing_an_asynchronous_client_does_not_look_like_a_cancelled_task(self):
        async def job(use):
            client = folio.AsyncClient()
            task = asyncio.create_task(use(client))
            await asyncio.sleep(0.2)
            await client.close()
            with self.assertRaises(folio.CancelledError):
                await task
            with self.assertRaises(folio.CancelledError):
                await use(client)

        async def watch(client):
            async for _ in client.watch():
                pass

        asyncio.run(job(watch))

    def test_cancelling_a_task_ends_what_it_waits_for(self):
        async def job():
            async with folio.AsyncClient() as client:
                async def watch():
                    async for _ in client.watch():
                        pass

                task = asyncio.create_task(watch())
                await asyncio.sleep(0.1)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task

        asyncio.run(job())

    def test_another_task_ends_a_watch(self):
        async def job():
            async with folio.AsyncClient() as client:
                watch = client.watch()
                asyncio.get_running_loop().call_later(0.1, lambda: asyncio.ensure_future(watch.aclose()))
                return [response async for response in watch if response.events]

        self.assertEqual(asyncio.run(job()), [])


class ErrorTest(unittest.TestCase):
    def test_each_code_has_a_class(self):
        with folio.Client() as client, self.assertRaises(folio.NotFoundError) as raised:
            client.accounts.get_account(name="accounts/nobody")
        named = {kind.code for kind in folio.FolioError.__subclasses__()}
        self.assertEqual(set(grpc.StatusCode) - named, {grpc.StatusCode.OK, grpc.StatusCode.UNKNOWN})
        self.assertEqual(raised.exception.reason, "RESOURCE_NOT_FOUND")
        self.assertIn("accounts/nobody", str(raised.exception))

    def test_a_name_is_no_request(self):
        with folio.Client() as client:
            for use in (lambda: client.accounts.get_account("accounts/a"),
                        lambda: client.accounts.list_accounts("x = 1"),
                        lambda: client.accounts.get_account(v1.ListAccountsRequest())):
                with self.assertRaisesRegex(TypeError, "fields by their names"):
                    use()

    def test_an_error_passes_from_one_process_to_another(self):
        error = folio.AbortedError("changed", reason="ETAG_MISMATCH", request_id="r", retry_after=1.5)
        copy = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(copy), copy.__dict__), (type(error), error.__dict__))

    def test_the_key_is_not_in_what_is_printed(self):
        self.assertNotIn("secret", repr(folio.Options(key="secret")))


class ValueTest(unittest.TestCase):
    def test_amounts_are_exact(self):
        for text in ("0", "0.01", "-0.5", "-12.75", "8999999999.999999"):
            self.assertEqual(folio.amount_of(folio.money(text, "EUR")), Decimal(text))
        with self.assertRaises(TypeError):
            folio.money(0.1, "EUR")


class FrameTest(unittest.TestCase):
    rows = [
        v1.Account(name="accounts/a", size="ACCOUNT_SIZE_LARGE", tags=["x"], employee_count=7,
                   annual_recurring_revenue=folio.money("10.5", "EUR"),
                   renewal_date=folio.on(datetime.date(2025, 6, 30)),
                   custom_fields={"region": v1.CustomValue(text="EMEA")}),
        v1.Account(name="accounts/b", custom_fields={"score": v1.CustomValue(number=2)}),
    ]

    def test_messages_become_columns(self):
        first, second = frames.to_dicts(self.rows)
        self.assertEqual(list(first), list(second))
        self.assertEqual(first["size"], "large")
        self.assertEqual(first["annual_recurring_revenue"], Decimal("10.5"))
        self.assertEqual(first["annual_recurring_revenue.currency"], "EUR")
        self.assertEqual(first["renewal_date"], datetime.date(2025, 6, 30))
        self.assertEqual((first["custom_fields.region"], second["custom_fields.region"]), ("EMEA", None))
        self.assertEqual((first["employee_count"], second["employee_count"]), (7, None))

    def test_a_ratio_without_a_value_is_none(self):
        entries = [v1.PortfolioEntry(growth=v1.Ratio(value=0.25)),
                   v1.PortfolioEntry(growth=v1.Ratio(absence="ABSENCE_TOO_YOUNG"))]
        self.assertEqual([row["growth"] for row in frames.to_dicts(entries)], [0.25, None])

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "pandas is an extra")
    def test_pandas(self):
        frame = frames.to_pandas(self.rows)
        self.assertEqual(list(frame["name"]), ["accounts/a", "accounts/b"])

    @unittest.skipUnless(importlib.util.find_spec("pyarrow"), "pyarrow is an extra")
    def test_arrow(self):
        table = frames.to_arrow(self.rows)
        self.assertEqual(table.column("custom_fields.score").to_pylist(), [None, 2.0])


if __name__ == "__main__":
    unittest.main()
