#!/usr/bin/env bash
# Does the default model tell RavenStack's churn beforehand? Imports the files through the command line, back-tests, and
# prints the figures, whatever they are. RavenStack is made-up data: nothing in it has to predict anything.
source "$(dirname "$0")/server.sh"

data=$(shared_data ravenstack)
maps=$project/tests/data/ravenstack

start_foliod --now 2024-12-31T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio accounts import "$data/ravenstack_accounts.csv" --map "$maps/accounts.toml"
folio subscriptions import "$data/ravenstack_subscriptions.csv" --map "$maps/subscriptions.toml"
folio facts import usage "$data/ravenstack_feature_usage.csv" --map "$maps/usage.toml"
folio facts import ticket "$data/ravenstack_support_tickets.csv" --map "$maps/tickets.toml"

# The file's own flag of accounts that left says more than revenue does: nearly all of them keep a subscription.
folio api call CustomFieldService.CreateCustomField >/dev/null -d '{"custom_field_id": "left", "custom_field":
  {"collection": "accounts", "display_name": "Has left", "type": "CUSTOM_FIELD_TYPE_FLAG"}}'
folio accounts import "$data/ravenstack_accounts.csv" --map "$maps/left.toml"

# ask OUTCOME...: prints the report, and holds it to what must be true of any.
ask() {
  printf '\n$ folio models backtest default --outcome %s\n' "$*"
  folio models backtest default --outcome "$@"
  folio models backtest default --outcome "$@" -o json 2>/dev/null >"$scratch/report"
  "$project/tests/e2e/proof_check.py" report "$scratch/report"
}
ask churn --horizon 90 --segment-by sector
ask downgrade --horizon 90
ask custom:left=true

printf '\n$ folio models fit default --outcome downgrade\n'
folio models fit default --outcome downgrade
expect_error OUTCOMES_TOO_FEW 'there are 5 accounts with the outcome' -- folio models fit default --outcome churn

# Asked again, the same is answered, to the last bit.
folio models backtest default --outcome churn --horizon 90 -o json 2>/dev/null >"$scratch/first"
folio models backtest default --outcome churn --horizon 90 -o json 2>/dev/null >"$scratch/second"
cmp "$scratch/first" "$scratch/second" || fail 'the same back-test gave other figures'
