#!/usr/bin/env python3
"""Does through the SDK what the conformance harness says: a command a line in, a result a line out. sdk/spec.md
describes both. `--async` drives the asynchronous client instead of the synchronous one."""

import asyncio
import json
import os
import sys
import time

from google.protobuf import json_format

import folio
from folio import v1
from folio.errors import FolioError


def to_json(message):
    return json_format.MessageToDict(message)


def error_json(error):
    return {
        "code": error.code.name,
        "message": error.message,
        "reason": error.reason,
        "metadata": error.metadata,
        "fields": [fault._asdict() for fault in error.fields],
        "retry_after_ms": None if error.retry_after is None else round(error.retry_after * 1000),
        "request_id": error.request_id,
    }


def options_of(client):
    given = dict(client)
    if "timeout_ms" in given:
        given["timeout"] = given.pop("timeout_ms") / 1000
    return folio.Options(**given)


def report_json(report):
    names = ("created", "updated", "restored", "unchanged", "skipped", "rejected")
    rejected = [{"row": row.row, "field": row.field, "reason": row.reason, "message": row.message}
                for row in report.rejected]
    return {"durable": report.durable_through_row, "rejected_rows": rejected,
            **{name: getattr(report.counts, name) for name in names}}


def rows_of(command):
    if "rows" in command:
        kind = {"accounts": v1.Account}[command["header"]["collection"]]
        return [json_format.ParseDict(row, kind()) for row in command["rows"]]
    return [v1.Account(name=f"accounts/row-{n:06}", display_name=f"Row {n}", sector="Imported")
            for n in range(1, command["count"] + 1)]


def call_of(client, command):
    """The method of the SDK and its request."""
    service, method = command["method"].split(".")
    found = next(value for value in vars(client).values() if type(value).__name__ == service)
    name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in method).lstrip("_")
    request_type = getattr(v1, f"{method}Request")
    return getattr(found, name), json_format.ParseDict(command["request"], request_type())


class Change:
    def __init__(self, text):
        self.text, self.attempts = text, 0

    def __call__(self, account):
        self.attempts += 1
        account.notes += self.text


def import_arguments(command, result):
    header = json_format.ParseDict(command["header"], v1.ImportHeader())
    progress = result.setdefault("progress", [])

    def on_progress(report):
        progress.append(report.durable_through_row)
        result["report"] = report_json(report)

    arguments = {"import_id": header.import_id, "restart": header.restart, "on_progress": on_progress}
    if "patience_ms" in command:
        arguments["patience"] = command["patience_ms"] / 1000
    return arguments


def watch_arguments(command):
    request = json_format.ParseDict(command["request"], v1.WatchRequest())
    arguments = {"collections": request.collections, "account": request.account}
    start = request.WhichOneof("start")
    if start:
        arguments[start] = getattr(request, start)
    if "patience_ms" in command:
        arguments["patience"] = command["patience_ms"] / 1000
    return arguments


def watch_portfolio_arguments(command):
    arguments = dict(command["request"])
    if "patience_ms" in command:
        arguments["patience"] = command["patience_ms"] / 1000
    return arguments


def take_changes(response, result):
    result["changes"].extend(map(to_json, response.changes))
    result["token"] = response.resume_token


def load_options(command):
    for name in ("HOME", "XDG_CONFIG_HOME", *(name for name in os.environ if name.startswith("FOLIO_"))):
        os.environ.pop(name, None)
    os.environ.update(command.get("env", {}))
    overrides = dict(command.get("overrides", {}))
    if "timeout_ms" in overrides:
        overrides["timeout"] = overrides.pop("timeout_ms") / 1000
    options = folio.load_options(**overrides)
    return {"server": options.server, "key": options.key, "tls": options.tls, "locale": options.locale,
            "timeout_ms": round(options.timeout * 1000), "ca_file": options.ca_file}


def perform(command, result):
    if command["op"] == "options":
        result["ok"] = load_options(command)
        return
    with folio.Client(options=options_of(command["client"])) as client:
        OPERATIONS[command["op"]](client, command, result)


def do_call(client, command, result):
    method, request = call_of(client, command)
    answer = method(request)
    if hasattr(answer, "pages"):
        answer = next(answer.pages())
    result["ok"] = {} if answer is None else to_json(answer)


def do_list(client, command, result):
    method, request = call_of(client, command)
    rows = result["rows"] = []
    for row in method(request):
        rows.append(to_json(row))
        if len(rows) == command.get("limit"):
            break


def do_modify(client, command, result):
    change = Change(command["append"])
    try:
        result["ok"] = to_json(client.accounts.modify_account(command["name"], change))
    finally:
        result["attempts"] = change.attempts


def do_import(client, command, result):
    rows = rows_of(command)
    collection = command["header"]["collection"]
    result["report"] = report_json(client.import_rows(collection, rows, **import_arguments(command, result)))


def do_export(client, command, result):
    rows, progress = result.setdefault("rows", []), result.setdefault("progress", [])
    for account in client.export_accounts(**command["request"], on_progress=lambda *done: progress.append(done)):
        rows.append(to_json(account))


def do_watch(client, command, result):
    events = result["events"] = []
    for response in client.watch(**watch_arguments(command)):
        events.extend(map(to_json, response.events))
        result["token"] = response.resume_token
        if len(events) >= command["until"]:
            break


def do_watch_portfolio(client, command, result):
    result["changes"] = []
    for response in client.watch_portfolio(**watch_portfolio_arguments(command)):
        take_changes(response, result)
        if len(result["changes"]) >= command["until"]:
            break


OPERATIONS = {"call": do_call, "list": do_list, "modify": do_modify, "import": do_import, "export": do_export,
              "watch": do_watch, "watch_portfolio": do_watch_portfolio}


async def perform_async(command, result):
    if command["op"] == "options":
        result["ok"] = load_options(command)
        return
    async with folio.AsyncClient(options=options_of(command["client"])) as client:
        await ASYNC_OPERATIONS[command["op"]](client, command, result)


async def async_call(client, command, result):
    method, request = call_of(client, command)
    answer = method(request)
    answer = await (anext(answer.pages()) if hasattr(answer, "pages") else answer)
    result["ok"] = {} if answer is None else to_json(answer)


async def async_list(client, command, result):
    method, request = call_of(client, command)
    rows = result["rows"] = []
    async for row in method(request):
        rows.append(to_json(row))
        if len(rows) == command.get("limit"):
            break


async def async_modify(client, command, result):
    change = Change(command["append"])
    try:
        result["ok"] = to_json(await client.accounts.modify_account(command["name"], change))
    finally:
        result["attempts"] = change.attempts


async def async_import(client, command, result):
    rows = rows_of(command)
    collection = command["header"]["collection"]
    result["report"] = report_json(await client.import_rows(collection, rows, **import_arguments(command, result)))


async def async_export(client, command, result):
    rows, progress = result.setdefault("rows", []), result.setdefault("progress", [])
    async for account in client.export_accounts(**command["request"], on_progress=lambda *done: progress.append(done)):
        rows.append(to_json(account))


async def async_watch(client, command, result):
    events = result["events"] = []
    async for response in client.watch(**watch_arguments(command)):
        events.extend(map(to_json, response.events))
        result["token"] = response.resume_token
        if len(events) >= command["until"]:
            break


async def async_watch_portfolio(client, command, result):
    result["changes"] = []
    async for response in client.watch_portfolio(**watch_portfolio_arguments(command)):
        take_changes(response, result)
        if len(result["changes"]) >= command["until"]:
            break


ASYNC_OPERATIONS = {"call": async_call, "list": async_list, "modify": async_modify, "import": async_import,
                    "export": async_export, "watch": async_watch, "watch_portfolio": async_watch_portfolio}


def main():
    asynchronous = sys.argv[1:] == ["--async"]
    loop = asyncio.new_event_loop()
    for line in sys.stdin:
        command, result = json.loads(line), {}
        start = time.monotonic()
        try:
            if asynchronous:
                loop.run_until_complete(perform_async(command, result))
            else:
                perform(command, result)
        except FolioError as error:
            result["error"] = error_json(error)
        result["elapsed_ms"] = (time.monotonic() - start) * 1000
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
