#!/usr/bin/env bash
# Leads, end to end: imports X Education's 9 240 leads, and holds their conversion to figures computed elsewhere.
source "$(dirname "$0")/server.sh"

data=$(shared_data leads_xeducation)
maps=$project/tests/data/leads_xeducation

start_foliod --now 2020-12-31T12:00:00Z --dev-currency EUR --dev-time-zone UTC
define_custom_fields "$maps/custom_fields.jsonl"
folio leads import "$data/Leads.csv" --map "$maps/leads.toml" -o json >"$scratch/leads"
"$project/tests/e2e/imports_check.py" leads_xeducation "$bin/folio" "$data/FACTS.md" "$scratch"
"$project/tests/e2e/indicators_check.py" leads_xeducation "$bin/folio" "$data/FACTS.md"
