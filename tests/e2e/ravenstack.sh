#!/usr/bin/env bash
# Real input, end to end: imports the RavenStack files (500 accounts, 5 000 subscriptions, 25 000 usage rows, 2 000
# tickets) through the command line, twice, and holds the portfolio to figures that were computed elsewhere.
source "$(dirname "$0")/server.sh"

data=$(shared_data ravenstack)
maps=$project/tests/data/ravenstack

# import_all RUN: what each import answers is kept in a file of its kind.
import_all() {
  local into=$scratch/$1
  mkdir "$into"
  folio accounts import "$data/ravenstack_accounts.csv" --map "$maps/accounts.toml" -o json >"$into/accounts"
  folio subscriptions import "$data/ravenstack_subscriptions.csv" --map "$maps/subscriptions.toml" -o json \
    >"$into/subscriptions"
  folio facts import usage "$data/ravenstack_feature_usage.csv" --map "$maps/usage.toml" -o json >"$into/usage"
  folio facts import ticket "$data/ravenstack_support_tickets.csv" --map "$maps/tickets.toml" -o json >"$into/ticket"
}

# Everything stored, with the etags and times that any change would move.
state() {
  folio accounts export -o jsonl
  folio subscriptions list --all -o jsonl
  folio facts list A-2e4581 -o jsonl
}

start_foliod --now 2024-12-31T12:00:00Z --dev-currency USD --dev-time-zone UTC
import_all first
state >"$scratch/before"
import_all second
folio accounts import "$data/ravenstack_accounts.csv" --map "$maps/accounts.toml" >"$scratch/told"
state >"$scratch/after"
cmp "$scratch/before" "$scratch/after" || fail 'the second import changed something'
"$project/tests/e2e/ravenstack_check.py" "$bin/folio" "$data/FACTS.md" "$scratch"
