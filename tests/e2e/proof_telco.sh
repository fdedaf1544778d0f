#!/usr/bin/env bash
# Learns who leaves IBM's sample telephone company: imports its 7 043 customers as accounts, everything known of them as
# custom fields, fits weights and kernels to the churn, and holds the cross-validated figures to those of a plain ridge
# logistic regression on the same columns.
source "$(dirname "$0")/server.sh"

data=$(shared_data telco_ibm)
telco=$project/tests/data/telco_ibm

start_foliod --now 2024-12-31T12:00:00Z --dev-currency USD --dev-time-zone UTC
define_custom_fields "$telco/custom_fields.jsonl"
folio accounts import "$data/WA_Fn-UseC_-Telco-Customer-Churn.csv" --map "$telco/accounts.toml"

printf '\n$ folio models backtest --file model.json --outcome custom:churn=true\n'
folio models backtest --file "$telco/model.json" --outcome custom:churn=true

printf '\n$ folio models fit --file model.json --outcome custom:churn=true\n'
folio models fit --file "$telco/model.json" --outcome custom:churn=true

printf '\n$ folio models fit --file model.json --outcome custom:churn=true --fit-kernels --save-as telco\n'
folio models fit --file "$telco/model.json" --outcome custom:churn=true --fit-kernels --save-as telco
folio models fit --file "$telco/model.json" --outcome custom:churn=true --fit-kernels -o json 2>/dev/null \
  >"$scratch/fit"
"$project/tests/e2e/proof_check.py" telco "$scratch/fit"

printf '\n$ folio models backtest telco --outcome custom:churn=true\n'
folio models backtest telco --outcome custom:churn=true
folio models backtest telco --outcome custom:churn=true -o json 2>/dev/null >"$scratch/report"
"$project/tests/e2e/proof_check.py" report "$scratch/report"

expect_error OUTCOMES_TOO_FEW -- \
  folio models fit --file "$telco/model.json" --outcome custom:churn=true --fit-kernels --filter 'custom.tenure < 2'
expect_error OUTCOME_IN_MODEL -- \
  folio models backtest --file "$telco/model.json" --outcome custom:senior=true
expect_error CUSTOM_FIELD_UNKNOWN churn -- \
  folio models backtest --file "$telco/model.json" --outcome custom:chrun=true
