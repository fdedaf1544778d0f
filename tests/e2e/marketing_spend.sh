#!/usr/bin/env bash
# Costs that belong to no account, end to end: imports a month of eleven campaigns, written with decimal commas.
source "$(dirname "$0")/server.sh"

data=$(shared_data marketing_spend)
maps=$project/tests/data/marketing_spend

start_foliod --now 2021-03-01T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio facts import cost "$data/Marketing.csv" --map "$maps/costs.toml" -o json >"$scratch/costs"
"$project/tests/e2e/imports_check.py" marketing_spend "$bin/folio" "$data/FACTS.md" "$scratch"
