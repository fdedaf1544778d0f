#!/usr/bin/env bash
# The purchases of CDNOW's sample, end to end: 2 357 customers and 6 919 orders, some of them for nothing.
source "$(dirname "$0")/server.sh"

data=$(shared_data cdnow)
maps=$project/tests/data/cdnow

# The file has neither commas nor headings, and nothing that tells equal rows apart but their place.
awk 'BEGIN { print "row,customer,date,units,dollars" } { print NR "," $2 "," $3 "," $4 "," $5 }' \
  "$data/CDNOW_sample.txt" >"$scratch/sample.csv"

start_foliod --now 1998-07-01T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio accounts import "$scratch/sample.csv" --map "$maps/accounts.toml" -o json >"$scratch/accounts"
folio facts import order "$scratch/sample.csv" --map "$maps/orders.toml" -o json >"$scratch/orders"
folio facts import order "$scratch/sample.csv" --map "$maps/orders.toml" -o json >"$scratch/orders.again"
"$project/tests/e2e/imports_check.py" cdnow "$bin/folio" "$data/FACTS.md" "$scratch"
