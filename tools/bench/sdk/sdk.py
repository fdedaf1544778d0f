"""What the SDK for Python costs: see tools/bench/sdk/run."""

import json
import os
import statistics
import sys
import time

import folio
import grpc
from folio import v1


def bare_stub():
    """What protoc's plugin generates: the method of a channel, with its two serializers."""
    get = grpc.insecure_channel(os.environ["FOLIO_SERVER"]).unary_unary(
        "/folio.v1.AccountService/GetAccount", request_serializer=v1.GetAccountRequest.SerializeToString,
        response_deserializer=v1.Account.FromString)
    metadata = (("authorization", "Bearer " + os.environ["FOLIO_KEY"]),)
    return lambda request: get(request, metadata=metadata)


def microseconds(call, request, seconds):
    """Of the median call."""
    now = time.perf_counter()
    end = now + seconds
    calls = []
    while now < end:
        begin = now
        call(request)
        now = time.perf_counter()
        calls.append(now - begin)
    return statistics.median(calls) * 1e6


def unary(client, name, rounds, seconds):
    request = v1.GetAccountRequest(name=name)
    bare = bare_stub()
    for call in (client.accounts.get_account, bare):
        microseconds(call, request, 2 * seconds)  # does not count
    return {"rounds": [[microseconds(client.accounts.get_account, request, seconds),
                        microseconds(bare, request, seconds)] for _ in range(rounds)]}


def rows(prefix, count):
    for number in range(1, count + 1):
        yield v1.Account(name=f"accounts/{prefix}-{number}", display_name=f"Company {number} of {prefix}",
                         sector="Imported", plan="Pro", seat_count=number % 1000)


def bulk(client, prefix, count):
    """Rows a second."""
    begin = time.perf_counter()
    report = client.import_rows("accounts", rows(prefix, count))
    assert report.counts.created == count, report.counts
    return count / (time.perf_counter() - begin)


with folio.Client() as client:
    if sys.argv[1] == "unary":
        print(json.dumps(unary(client, sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))))
    else:
        prefix, count = sys.argv[2], int(sys.argv[3])
        bulk(client, prefix + "-first", count // 5)  # does not count
        print(json.dumps({"rows_per_second": bulk(client, prefix, count)}))
