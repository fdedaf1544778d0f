#!/usr/bin/env bash
# What a collection exports, an empty server imports and exports again: the same to the byte.
source "$(dirname "$0")/server.sh"
cd "$scratch"

heading='^(\xEF\xBB\xBF)?(id|account)[,;]'
collections=(accounts contacts subscriptions tasks leads deals exchange-rates)
kinds=(usage interaction ticket survey_answer payment contact_change order refund cost conversation engagement)

# Its lines in order, but for the heading.
sorted() {
  LC_ALL=C grep -aP "$heading" "$1" || true
  LC_ALL=C grep -avP "$heading" "$1" | LC_ALL=C sort
}
# export_to FOLDER FLAG...
export_to() {
  local folder=$1 noun kind
  shift
  for noun in "${collections[@]}"; do
    folio "$noun" export "$@" >out 2>said || fail "$noun: $(cat said)"
    sorted out >"$folder/$noun.csv"
    [[ $(wc -l <"$folder/$noun.csv") -gt 1 ]] || fail "nothing was exported of $noun"
  done
  for kind in "${kinds[@]}"; do
    folio facts export "$kind" "$@" >out 2>said || fail "$kind: $(cat said)"
    sorted out >"$folder/$kind.csv"
    [[ $(wc -l <"$folder/$kind.csv") -gt 1 ]] || fail "nothing was exported of $kind"
    # But for the etags, which tell the revision that wrote each of them.
    folio facts export "$kind" -o jsonl 2>said | sed 's/,"etag":"\\"[0-9a-f]*\\""//' | LC_ALL=C sort \
      >"$folder/$kind.jsonl"
  done
  folio deals export -o jsonl --fields id,stage_history 2>said | LC_ALL=C sort >"$folder/stages.jsonl"
}
# import FLAG... COMMAND...: of a file of the first export.
import() {
  folio "$@" >answer 2>said || fail "$*: $(head -c 2000 answer said)"
}

# A server with the workspace's own fields, which exports do not hold.
start() {
  start_foliod
  for type in money number; do
    folio custom-fields create "own_$type" --set collection=accounts --set "display_name=$type" --set "type=$type" >said
  done
}

start
folio demo load --accounts 60 2>demo.log || fail "$(cat demo.log)"
# What spreadsheets take for formulas, and a fact of each kind with all that may be in it.
folio accounts create formulas --set 'display_name==1+1' --set 'notes=@SUM(A1)' --set "city='-x" \
  --set 'sector=-5' --set 'custom_fields.own_money=1234.125' --set custom_fields.own_number=0.5 >said
folio facts upsert --json - >said <<'END'
[{"source_id": "1", "event_time": "2024-05-01T10:00:00.5Z", "order": {"amount": "12.30 EUR", "channel": "=web", "items":
  [{"product": "a,b;\"c\"", "quantity": 2, "amount": "1.50 EUR"}, {"product": "=d"}]}},
 {"source_id": "=2", "event_time": "2024-05-02", "refund": {"amount": "3.10 USD", "order": "1", "reason": "+late"}},
 {"source": "ads", "source_id": "3", "event_time": "2024-05-03", "cost": {"category": "acquisition",
  "amount": "12 EUR", "start_date": "2024-05-01", "end_date": "2024-06-01", "allocation": "even"}},
 {"source_id": "4", "event_time": "2024-05-04", "conversation": {"channel": "chat", "reopen_times":
  ["2024-05-05T00:00:00Z", "2024-05-06T00:00:00Z"], "contact": "jane@example.com", "messages":
  [{"send_time": "2024-05-04T00:00:01Z", "author": "client"},
   {"send_time": "2024-05-04T00:01:00Z", "author": "agent", "agent": "bob"}]}},
 {"source_id": "5", "account": "formulas", "event_time": "2024-05-05", "ticket": {"contact_count": 2, "satisfaction": 1,
  "first_response_seconds": 0, "contact": "jane@example.com", "subject": "=HYPERLINK(\"x\")"}},
 {"source_id": "6", "account": "formulas", "event_time": "2024-05-06", "engagement": {"type": "talk", "weight": 0.1}},
 {"source_id": "7", "account": "formulas", "event_time": "2024-05-07", "contact_change": {"type": "left"}},
 {"source_id": "8", "account": "formulas", "event_time": "2024-05-08", "payment": {"amount": "7 EUR",
  "due_date": "2024-06-01"}},
 {"source_id": "9", "account": "formulas", "event_time": "2024-05-09", "interaction": {"type": "call",
  "need_identified": true, "expected_amount": "9 EUR"}}]
END
mkdir first second

for profile in standard excel excel-fr; do
  export_to first --csv-profile "$profile"
  grep -q '"stage_history":\[{' first/stages.jsonl || fail 'no deal has a history of stages'
  grep -q "'=1+1" first/accounts.csv && quoted=excel || quoted=standard
  [[ $profile == "$quoted"* ]] || fail "$profile: $(grep formulas first/accounts.csv)"
  stop_foliod
  start
  for noun in "${collections[@]}"; do import "$noun" import "first/$noun.csv" --csv-profile "$profile"; done
  for kind in "${kinds[@]}"; do import facts import "$kind" "first/$kind.csv" --csv-profile "$profile"; done
  export_to second --csv-profile "$profile"
  for file in first/*; do
    cmp "$file" "second/${file##*/}" || fail "$profile: $(diff "$file" "second/${file##*/}" | head)"
  done
done
[[ $(folio accounts get formulas -o json | tr -d ' ') == *'"display_name":"=1+1"'* ]] || fail 'the formula has changed'
grep -q ';1234,125;0,5' first/accounts.csv || fail "no decimal commas: $(grep formulas first/accounts.csv)"
printf 'exports come back the same\n'

# A spreadsheet adds up its amounts.
folio subscriptions export >subscriptions.csv 2>said
python3 - subscriptions.csv <<'PY'
import csv, decimal, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
assert {row["annual_amount_currency"] for row in rows} <= {"EUR", "USD", "GBP", "CHF"}, rows[:3]
print("amounts add up to", sum(decimal.Decimal(row["annual_amount"]) for row in rows))
PY

# Facts as JSON lines, and only some of them.
for kind in "${kinds[@]}"; do
  folio facts export "$kind" -o jsonl >"$kind.jsonl" 2>said
  import facts import "$kind" "$kind.jsonl"
  grep -q 'unchanged [1-9][0-9]*, rejected 0: nothing changed' answer || fail "$kind: $(cat answer)"
done
[[ $(folio facts export ticket --account formulas -o jsonl 2>said) == *jane@* ]] || fail 'no ticket of formulas'
count() {
  folio facts export usage -o jsonl "$@" 2>said | wc -l
}
folio facts export usage --fields event_time --no-headers 2>said | LC_ALL=C sort >times
first=$(sed -n 1p times)
middle=$(sed -n 200p times)
both=$(($(count --to "$middle") + $(count --from "$middle")))
[[ $both == $(count) ]] || fail "$both facts on both sides of $middle, of $(count)"
[[ $(count --from "$first" --to "$middle") == $(count --to "$middle") ]] || fail 'something is before the first one'
[[ $(count --to "$first") == 0 && $(count --to "$middle") -gt 0 ]] || fail 'facts are not narrowed by time'
expect_error ACCOUNT -- folio facts export usage --account nobody
expect_error 'one of' -- folio facts export nonsense
printf 'facts are exported as asked for\n'
