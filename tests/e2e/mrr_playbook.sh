#!/usr/bin/env bash
# Recurring revenue, end to end: imports the playbook's 121 periods of 55 customers, and holds the revenue of each month
# to the published table.
source "$(dirname "$0")/server.sh"

data=$(shared_data mrr_playbook)
maps=$project/tests/data/mrr_playbook

start_foliod --now 2020-03-01T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio accounts import "$data/subscription_periods.csv" --map "$maps/accounts.toml" -o json >"$scratch/accounts"
folio subscriptions import "$data/subscription_periods.csv" --map "$maps/subscriptions.toml" -o json \
  >"$scratch/subscriptions"
"$project/tests/e2e/imports_check.py" mrr_playbook "$bin/folio" "$data/FACTS.md" "$scratch"
