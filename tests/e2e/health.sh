#!/usr/bin/env bash
# `folio health`, `folio models` and `folio signals`: what they show as tables and as JSON, and how they refuse.
source "$(dirname "$0")/server.sh"

# says TEXT... -- COMMAND...: the command succeeds, and says each of the texts.
says() {
  local texts=() text
  while [[ $1 != -- ]]; do
    texts+=("$1")
    shift
  done
  shift
  "$@" >"$scratch/answer" 2>&1 || fail "$* -> $(cat "$scratch/answer")"
  for text in "${texts[@]}"; do
    grep -qiF -- "$text" "$scratch/answer" || fail "does not say '$text': $* -> $(cat "$scratch/answer")"
  done
  printf 'ok: %s\n' "$*"
}

# is EXPRESSION -- COMMAND...: the command succeeds with JSON of which the expression, of Python, holds (as `d`).
is() {
  local expression=$1
  shift 2
  "$@" -o json >"$scratch/answer.json" 2>"$scratch/answer" || fail "$* -> $(cat "$scratch/answer")"
  python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); assert eval(sys.argv[2]), json.dumps(d)[:2000]' \
    "$scratch/answer.json" "$expression" || fail "$expression does not hold: $* -o json"
  printf 'ok: %s: %s\n' "$*" "$expression"
}

# 120 accounts; those that leave use the product less. acme's contract ends in ten days.
start_foliod --now 2024-12-31T12:00:00Z --dev-currency EUR --dev-time-zone UTC
printf '%s\n' '{"custom_field_id": "left", "custom_field": {"collection": "accounts", "display_name": "Left",
  "type": "CUSTOM_FIELD_TYPE_FLAG"}}' | tr -d '\n' >"$scratch/fields.json"
define_custom_fields <(cat "$scratch/fields.json" && printf '\n')
python3 - "$scratch" <<'PY'
import json, sys
accounts, facts = [], []
for i in range(120):
    left = i % 2 == 0
    accounts.append({"account": {"name": f"accounts/a{i}", "displayName": f"A{i}",
                                 "customFields": {"left": {"flag": left}}}})
    facts.append({"account": f"accounts/a{i}", "source": "s", "sourceId": f"u{i}", "eventTime": "2024-12-20T09:00:00Z",
                  "usage": {"count": (i * 7) % (6 if left else 11)}})
facts.append({"account": "accounts/acme", "source": "s", "sourceId": "u", "eventTime": "2024-12-20T09:00:00Z",
              "usage": {"count": 5}})
with open(sys.argv[1] + "/facts.json", "w") as out:
    json.dump({"facts": facts}, out)
with open(sys.argv[1] + "/accounts.jsonl", "w") as out:
    for one in accounts:
        json.dump({"accountId": one["account"].pop("name")[9:], **one}, out)
        out.write("\n")
model = {"display_name": "Usage", "dimensions": [{"id": "usage", "weight": 1, "measures": [
    {"measure": "usage_level", "weight": 1, "ramp": {"zero_at": 0, "full_at": 10}}]}]}
with open(sys.argv[1] + "/usage.json", "w") as out:
    json.dump(model, out)
model["dimensions"][0]["measures"][0].update(measure="usage_levl", weight=-1)
with open(sys.argv[1] + "/wrong.json", "w") as out:
    json.dump(model, out)
PY
while read -r account; do
  folio api call AccountService.CreateAccount -d "$account" >/dev/null
done <"$scratch/accounts.jsonl"
folio accounts create acme --set display_name=Acme --set renewal_date=2025-01-10 \
  --set "annual_recurring_revenue=1200 EUR" >/dev/null
folio api call FactService.BatchUpsertFacts -d "@$scratch/facts.json" >/dev/null

# Models: draft, preview, publication.
says 'default' -- folio models list
is 'd[0]["name"] == "healthModels/default"' -- folio models list
says 'usage_level' 'nps_last' -- folio models measures
says 'healthModels/usage' -- folio models create usage --file "$scratch/usage.json"
is 'd["draft"]' -- folio models get usage
for group in models health; do
  says 'scores change' 'accounts change band' 'ARR moved' -- folio "$group" preview usage
  is 'd["changed_count"] > 0 and len(d["movers"]) == 3' -- folio "$group" preview usage --movers 3
  is 'd["migrations"]' -- folio "$group" preview --file "$scratch/usage.json" --filter 'display_name:"A1"'
done
# Reports of several tables are one as CSV: figure by figure, for a pivot table.
is_csv() {
  local expression=$1
  shift 2
  "$@" -o csv >"$scratch/answer.csv" 2>"$scratch/answer" || fail "$* -> $(cat "$scratch/answer")"
  python3 -c 'import csv, sys; d = list(csv.DictReader(open(sys.argv[1]), strict=True))
assert d and not any(None in row or None in row.values() for row in d), d
assert eval(sys.argv[2]), d' "$scratch/answer.csv" "$expression" || fail "$expression does not hold: $* -o csv"
  printf 'ok: %s -o csv: %s\n' "$*" "$expression"
}
figures='list(d[0]) == ["section", "item", "figure", "value"]'
is_csv "$figures and {r['section'] for r in d} == {'preview', 'migrations', 'movers'}" -- folio models preview usage
says 'scores changent' 'jaune' -- folio --locale fr models preview usage
is_csv '"bands" not in d[0] and d[0]["arr_currency"] == "EUR" and float(d[0]["arr"]) == 1200' -- folio portfolio summary
is_csv '{r["value"] for r in d} >= {"yellow"}' -- folio --locale fr portfolio summary --group-by band
says 'jaune' -- folio --locale fr portfolio summary --group-by band
is '{g["value"] for g in d["groups"]} >= {"yellow"}' -- folio --locale fr portfolio summary --group-by band
says 'jaune' -- folio --locale fr indicators compute arr --group-by band
is 'any(v["groups"] == ["yellow"] for v in d)' -- folio --locale fr indicators compute arr --group-by band
folio models update default --file "$scratch/usage.json" >/dev/null
says 'healthModelVersions/' -- folio models publish default --note 'usage alone'
says 'usage alone' -- folio models versions default
is 'any(s["score"] == 50 for s in d)' -- folio models replay acme --model default --from 2024-12-25
expect_error 'usage_levl' 'usage_level' 'weight' MEASURE -- folio models create wrong --file "$scratch/wrong.json"
expect_error 'healthModels/none' NOT_FOUND -- folio models publish none
expect_error FILTER_COLUMN_UNKNOWN 'sectr' "'sector'" -- folio health preview usage --filter 'sectr = 1'
expect_error nowhere.json -- folio models create x --file "$scratch/nowhere.json"

# Scores.
says 'usage_level' 'sum of points 50.0000 = 50' -- folio health explain acme
says '50 (jaune)' -- folio --locale fr health explain acme
is 'd["score"] == 50 and abs(sum(c["points"] for c in d["contributions"]) - d["raw"]) < 1e-9' -- \
  folio health explain acme
is 'd["contributions"][0]["facts"]' -- folio health explain acme --facts 3
says 'facts' 'time' 'model' -- folio health change acme --from 2024-12-01
is 'abs(d["difference"] - sum(d.get("due_to_" + why, 0) for why in ["facts", "time", "model"])) < 1e-9' -- \
  folio health change acme --from 2024-12-01
for _ in {1..600}; do # history is written moments later, that of the first model perhaps before this one's
  folio health history acme -o json | grep -Eq '"model_version": ?"?2' && break
  sleep 0.1
done
says '50' 'yellow' 'healthModels/default' -- folio health history acme
is 'd[0]["score"] == 50 and d[0]["model_version"] == 2' -- folio health history acme
says 'their buyer said so' '12' -- \
  folio health override acme --score 12 --reason 'their buyer said so' --until 2025-03-01
is 'd["score"] == 12 and d["override"]["reason"] == "their buyer said so"' -- folio health explain acme
is 'd[0]["score"] == 12 and d[0]["author"].startswith("apiKeys/")' -- folio health overrides --filter 'score < 50'
says 'healthOverrides/acme' -- folio health override acme --remove
expect_error 'accounts/nobody' NOT_FOUND -- folio health explain nobody
expect_error FUTURE_DATE -- folio health explain acme --as-of 2999-01-01
expect_error REVISION_NOT_REACHED 'try again' -- folio health explain acme --as-of-revision 999999
expect_error "yesterday" -- folio health explain acme --as-of yesterday
expect_error 'accounts/nobody' NOT_FOUND -- folio health history nobody
expect_error '--reason' '--until' -- folio health override acme --score 12
expect_error '--score' -- folio health override acme --score 200 --reason x --until 2025-03-01
expect_error OVERRIDE_EXPIRY -- folio health override acme --score 12 --reason x --until 2024-01-01
expect_error FILTER_COLUMN_UNKNOWN 'scor' "'score'" -- folio health overrides --filter 'scor < 50'

# Proofs.
outcome=(--outcome custom:left=true)
for group in models health; do
  says 'AUC' -- folio "$group" backtest default "${outcome[@]}"
  is 'd["overall"]["event_count"] == 60' -- folio "$group" backtest default "${outcome[@]}"
  is_csv "$figures and {'overall', 'at_k', 'calibration', 'cutoffs'} <= {r['section'] for r in d}" -- \
    folio "$group" backtest default "${outcome[@]}"
  is_csv '["overall", "", "event_count", "60"] in [list(r.values()) for r in d]' -- \
    folio "$group" backtest default "${outcome[@]}"
  is_csv "$figures and {r['section'] for r in d} == {'fit', 'measures'}" -- folio "$group" fit default "${outcome[@]}"
  says 'AUC' -- folio "$group" fit default "${outcome[@]}"
  is 'd["model"]["dimensions"]' -- folio "$group" fit --file "$scratch/usage.json" "${outcome[@]}"
done
says 'healthModels/learnt' 'saved as a draft' -- folio health fit default "${outcome[@]}" --save-as learnt
expect_error 'custom:FIELD=VALUE' 'chrun' -- folio health backtest default --outcome chrun
expect_error lft OUTCOME -- folio health backtest default --outcome custom:lft=true
expect_error 'true or false' FIELD_TYPE -- folio health backtest default --outcome custom:left=maybe
expect_error 'healthModels/none' NOT_FOUND -- folio health backtest none "${outcome[@]}"
expect_error "'arr'" -- folio health backtest default "${outcome[@]}" --segment-by arr
expect_error OUTCOME_NEVER_KNOWN -- folio health fit default --outcome churn
expect_error '--folds' -- folio health fit default "${outcome[@]}" --folds 1

# Signals.
says 'renewal_near' 'critical' 'acme' -- folio signals list --account acme
is 'd[0]["account"] == "accounts/acme"' -- folio signals list --kind risk --min-severity high --rule renewal_near
folio accounts update acme --set owner=ann@example.com >"$scratch/said"
is '[s["account"] for s in d] == ["accounts/acme"]' -- \
  folio signals list --account-filter 'owner = "ann@example.com"' --rule renewal_near
is 'd == []' -- folio signals list --account-filter 'owner = "bob@example.com"'
expect_error FILTER_COLUMN_UNKNOWN account_filter "'owner'" -- folio signals list --account-filter 'ownr = 1'
is 'd[0]["risk_count"] == len(d[0]["risks"]) > 0' -- \
  folio portfolio list --filter 'owner = "ann@example.com"' --fields account,risks,risk_count
says '10' -- folio signals get renewal_near~acme
is 'd["severity"] == "critical" and d["evidence"]' -- folio signals get renewal_near~acme
is 'd["assignee"] == "ann" and d["state"] == "acknowledged"' -- \
  folio signals update renewal_near~acme --assignee ann --state acknowledged
folio accounts update a1 a2 --set renewal_date=2025-01-05 >/dev/null
is 'len(d) == 3 and all(s["state"] == "dismissed" for s in d)' -- \
  folio signals update renewal_near~a1 renewal_near~a2 renewal_near~acme --state dismissed
folio signals list --show-dismissed --rule renewal_near --fields id --no-headers >"$scratch/signals"
says 'eve' -- folio signals update - --assignee eve --dry-run <"$scratch/signals"
is 'len(d) == 3 and all(s["assignee"] == "eve" for s in d)' -- \
  folio signals update - --assignee eve <"$scratch/signals"
ends_with 3 folio signals update renewal_near~acme usage_drop~nobody --state acknowledged
ends_with 2 folio signals update renewal_near~a1 renewal_near~a2 --state acknowledged --etag 1
folio accounts update a1 a2 --set renewal_date= >/dev/null
is 'len(d) == 18' -- folio signals rules list --limit 100
rule() {
  printf '{"display_name": "X", "kind": "risk", "alternatives": [{"severity": "low", "conditions": [
    {"measure": "%s", "comparison": "at_most", "threshold": 20}]}]}' "$1"
}
rule days_to_renewal >"$scratch/near.json"
says 'Would have fired 1 times on 1 of 121 accounts' 'acme' -- folio signals dry-run --json "$scratch/near.json"
is 'd["fired_count"] == 1' -- \
  folio signals dry-run --json "$scratch/near.json" --from 2024-12-01 --to 2024-12-31
rule days_to_renewl >"$scratch/rule.json"
expect_error 'days_to_renewl' 'days_to_renewal' -- folio signals dry-run --json "$scratch/rule.json"
expect_error 'a rule' '--json' -- folio signals dry-run
expect_error nonsense risk -- folio signals list --kind nonsense
expect_error 'usage_drop~acme' NOT_FOUND -- folio signals get usage_drop~acme
expect_error '--state' '--assignee' '--snooze-until' -- folio signals update renewal_near~acme
expect_error 'signalRules/none' NOT_FOUND -- folio signals dry-run none
expect_error FILTER_COLUMN_UNKNOWN -- folio signals dry-run renewal_near --filter 'sectr = 1'

# Watches of the portfolio.
says 'initial' 'accounts/acme' '50 yellow' 'risk renewal_near' 'resume with' -- \
  folio watch portfolio --filter 'display_name = "Acme"' --limit 1
expect_error FILTER_COLUMN_UNKNOWN "'sector'" -- folio watch portfolio --filter 'sectr = 1'
expect_error RESUME_TOKEN_MALFORMED -- folio watch portfolio --resume nonsense
