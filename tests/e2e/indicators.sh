#!/usr/bin/env bash
# Indicators of three real companies, imported through the command line and held to figures computed elsewhere:
# RavenStack's recurring revenue, first responses and satisfaction, the movements of the MRR playbook's subscriptions,
# and the promoters of a service company.
source "$(dirname "$0")/server.sh"

ravenstack=$(shared_data ravenstack)
playbook=$(shared_data mrr_playbook)
appointments=$(shared_data nps_appointments)
maps=$project/tests/data

# The last tickets were closed in the first days of January.
start_foliod --now 2025-01-05T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio accounts import "$ravenstack/ravenstack_accounts.csv" --map "$maps/ravenstack/accounts.toml"
folio subscriptions import "$ravenstack/ravenstack_subscriptions.csv" --map "$maps/ravenstack/subscriptions.toml"
folio facts import ticket "$ravenstack/ravenstack_support_tickets.csv" --map "$maps/ravenstack/tickets.toml"
"$project/tests/e2e/indicators_check.py" ravenstack "$bin/folio" "$ravenstack/FACTS.md"
printf '\n$ folio indicators series mrr grr nrr --from 2023-01 --to 2024-12\n'
folio indicators series mrr grr nrr --from 2023-01 --to 2024-12
printf '\n$ folio indicators explain nrr --from 2024-01 --to 2024-12\n'
folio indicators explain nrr --from 2024-01 --to 2024-12
expect_error INDICATOR_UNKNOWN mrr -- folio indicators compute mmr
stop_foliod

start_foliod --now 2020-02-29T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio accounts import "$playbook/subscription_periods.csv" --map "$maps/mrr_playbook/accounts.toml"
folio subscriptions import "$playbook/subscription_periods.csv" --map "$maps/mrr_playbook/subscriptions.toml"
"$project/tests/e2e/indicators_check.py" playbook "$bin/folio" "$playbook/FACTS.md"
stop_foliod

start_foliod --now 2022-12-31T12:00:00Z --dev-currency EUR --dev-time-zone UTC
folio accounts import "$appointments/serviceappointments.csv" --map "$maps/nps_appointments/accounts.toml"
imported=0
folio facts import survey_answer "$appointments/nps.csv" --map "$maps/nps_appointments/nps.toml" \
  --rejects "$scratch/rejects.csv" || imported=$?
[[ $imported == 3 ]] || fail "the import of answers ended with $imported, not with 3 for some rows refused"
[[ $(grep -c SCORE_OUT_OF_SCALE "$scratch/rejects.csv") == 2 ]] ||
  fail "not two rows refused: $(cat "$scratch/rejects.csv")"
"$project/tests/e2e/indicators_check.py" appointments "$bin/folio" "$appointments/FACTS.md"
