#!/usr/bin/env bash
# A sales pipeline, end to end: imports Maven's accounts and 8 800 deals, and holds them to figures computed elsewhere.
source "$(dirname "$0")/server.sh"

data=$(shared_data maven_crm)
maps=$project/tests/data/maven_crm

start_foliod --now 2017-12-31T12:00:00Z --dev-currency USD --dev-time-zone UTC
define_custom_fields "$maps/custom_fields.jsonl"
folio accounts import "$data/accounts.csv" --map "$maps/accounts.toml" -o json >"$scratch/accounts"
folio deals import "$data/sales_pipeline.csv" --map "$maps/deals.toml" -o json >"$scratch/deals"
folio deals import "$data/sales_pipeline.csv" --map "$maps/deals.toml" -o json >"$scratch/deals.again"
"$project/tests/e2e/imports_check.py" maven_crm "$bin/folio" "$data/FACTS.md" "$scratch"
"$project/tests/e2e/indicators_check.py" maven_crm "$bin/folio" "$data/FACTS.md"
printf '\n$ folio indicators compute win_rate_closed --from 2017-03 --to 2017-12 --group-by deals.custom.manager\n'
folio indicators compute win_rate_closed --from 2017-03 --to 2017-12 --group-by deals.custom.manager
printf '\n$ folio indicators explain sales_velocity --from 2017-03 --to 2017-12\n'
folio indicators explain sales_velocity --from 2017-03 --to 2017-12
