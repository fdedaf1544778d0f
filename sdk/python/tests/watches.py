"""Many watches at once, while this program writes and somebody kills the server again and again: every watch must see
every account once, in order. Prints "open" when all are, the number of each account once it is written, and in the end
what the watches have seen. The last account is written after a line of standard input.

    watches.py [--async] WATCHES ACCOUNTS

With a thread for each watch, or with --async all in one.
"""

import asyncio
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import folio

# A connection carries so many calls at once, this program's writes among them.
WATCHES_OF_CONNECTION = 50


class Seen:
    """What one watch has seen."""

    def __init__(self, accounts):
        self.count = 0
        self.accounts = accounts

    def take(self, response):
        """True when the last account has come."""
        for event in response.events:
            self.count += 1
            expected = f"accounts/watched-{self.count}"
            if event.name != expected:
                raise AssertionError(f"{event.name} came where {expected} was to come")
        return self.count == self.accounts


def say(what):
    print(what, flush=True)


def account(number):
    return {"account_id": f"watched-{number}", "account": {"display_name": f"Watched {number}"}}


def connections(make, watches):
    clients = [make() for _ in range(0, watches, WATCHES_OF_CONNECTION)]
    return [clients[number // WATCHES_OF_CONNECTION] for number in range(watches)]


def with_threads(watches, accounts):
    client = folio.Client()
    is_open = threading.Semaphore(0)
    failures = []

    def watch(own):
        try:
            seen = Seen(accounts)
            for response in own.watch(collections=["accounts"], snapshot=True):
                if response.snapshot_complete:
                    is_open.release()
                if seen.take(response):
                    return
            raise AssertionError("the watch has ended")
        except BaseException:
            failures.append(traceback.format_exc())
            is_open.release()
            raise

    def write(number):
        """Over any number of restarts: where the account exists already, an attempt before had its effect."""
        while not failures:
            try:
                client.accounts.create_account(**account(number))
            except folio.AlreadyExistsError:
                pass
            except folio.UnavailableError:
                time.sleep(0.01)
                continue
            return say(number)
        sys.exit("\n".join(failures))

    threads = [threading.Thread(target=watch, args=(own,), daemon=True) for own in connections(folio.Client, watches)]
    for thread in threads:
        thread.start()
    for _ in threads:
        is_open.acquire()
    say("open")
    for number in range(1, accounts):
        write(number)
    sys.stdin.readline()
    write(accounts)
    for thread in threads:
        thread.join()
    if failures:
        sys.exit("\n".join(failures))


async def in_one_thread(watches, accounts):
    client = folio.AsyncClient()
    is_open = asyncio.Semaphore(0)

    async def watch(own):
        seen = Seen(accounts)
        async for response in own.watch(collections=["accounts"], snapshot=True):
            if response.snapshot_complete:
                is_open.release()
            if seen.take(response):
                return
        raise AssertionError("the watch has ended")

    async def write(number):
        while True:
            try:
                await client.accounts.create_account(**account(number))
            except folio.AlreadyExistsError:
                pass
            except folio.UnavailableError:
                await asyncio.sleep(0.01)
                continue
            return say(number)

    async def write_all():
        for _ in range(watches):
            await is_open.acquire()
        say("open")
        for number in range(1, accounts):
            await write(number)
        # Not the loop's own executor, which would wait for a line that does not come where a watch has failed.
        with ThreadPoolExecutor(1) as reader:
            await asyncio.get_running_loop().run_in_executor(reader, sys.stdin.readline)
        await write(accounts)

    await asyncio.gather(write_all(), *(watch(own) for own in connections(folio.AsyncClient, watches)))


def main():
    watches, accounts = map(int, sys.argv[-2:])
    if "--async" in sys.argv:
        asyncio.run(in_one_thread(watches, accounts))
    else:
        with_threads(watches, accounts)
    say(f"{watches} watches have seen {accounts} accounts, each once")


main()
