#!/usr/bin/env bash
# Cohorts of two companies' customers, held to those counted from their files; and figures as of a past revision.
source "$(dirname "$0")/server.sh"

ravenstack=$(shared_data ravenstack)
playbook=$(shared_data mrr_playbook)
maps=$project/tests/data

start_foliod --now 2024-12-31T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio accounts import "$ravenstack/ravenstack_accounts.csv" --map "$maps/ravenstack/accounts.toml"
folio subscriptions import "$ravenstack/ravenstack_subscriptions.csv" --map "$maps/ravenstack/subscriptions.toml"
"$project/tests/e2e/cohorts_check.py" "$bin/folio" "$ravenstack/ravenstack_subscriptions.csv" account_id arr_amount 1 \
  2023-01 2024-12
printf '\n$ folio indicators cohorts --from 2024-01 --show nrr\n'
folio indicators cohorts --from 2024-01 --show nrr

before=$(folio indicators compute mrr csat -o json)
revision=$(python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["as_of_revision"])' <<<"$before")
folio facts import ticket "$ravenstack/ravenstack_support_tickets.csv" --map "$maps/ravenstack/tickets.toml"
folio subscriptions delete S-0f6f44
[[ $(folio indicators compute mrr csat -o json) != "$before" ]]
[[ $(folio indicators compute mrr csat -o json --as-of-revision "$revision") == "$before" ]]
expect_error AS_OF_COLUMN arr -- folio indicators compute mrr --filter 'arr > 10' --as-of-revision "$revision"
stop_foliod

start_foliod --now 2020-02-29T12:00:00Z --dev-currency USD --dev-time-zone UTC
folio accounts import "$playbook/subscription_periods.csv" --map "$maps/mrr_playbook/accounts.toml"
folio subscriptions import "$playbook/subscription_periods.csv" --map "$maps/mrr_playbook/subscriptions.toml"
"$project/tests/e2e/cohorts_check.py" "$bin/folio" "$playbook/subscription_periods.csv" customer_id monthly_amount 12 \
  2016-01 2020-02
