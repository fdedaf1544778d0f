#!/usr/bin/env bash
# Orders, end to end: imports the completed orders and the cancelled invoices of a shop, those of strangers among them.
source "$(dirname "$0")/server.sh"

data=$(shared_data online_retail)
maps=$project/tests/data/online_retail

# Invoices that begin with C cancel others; a completed order is worth something.
heading=$(head -n 1 "$data/derived_orders.csv")
select_rows() { # select_rows CONDITION
  printf '%s\n' "$heading"
  awk -F, "NR > 1 && $1" "$data/derived_orders.csv"
}
select_rows '$1 !~ /^C/ && $6 > 0' >"$scratch/orders.csv"
select_rows '$1 !~ /^C/ && $6 > 0 && $3 != ""' >"$scratch/identified.csv"
select_rows '$1 ~ /^C/' >"$scratch/refunds.csv"
# Those who only ever cancelled are customers as well.
select_rows '$3 != ""' >"$scratch/customers.csv"

start_foliod --now 2011-12-10T12:00:00Z --dev-currency GBP --dev-time-zone Europe/London
folio accounts import "$scratch/customers.csv" --map "$maps/accounts.toml" -o json >"$scratch/accounts"
folio facts import order "$scratch/identified.csv" --map "$maps/orders.toml" -o json >"$scratch/identified"
folio facts import order "$scratch/orders.csv" --map "$maps/orders.toml" -o json >"$scratch/orders"
folio facts import refund "$scratch/refunds.csv" --map "$maps/refunds.toml" -o json >"$scratch/refunds"
"$project/tests/e2e/imports_check.py" online_retail "$bin/folio" "$data/FACTS.md" "$scratch"
