#!/usr/bin/env bash
# What a collection exports, an empty server imports and exports again: the same to the byte.
source "$(dirname "$0")/server.sh"
cd "$scratch"

heading='^(\xEF\xBB\xBF)?id[,;]'
collections=(accounts contacts subscriptions tasks leads deals exchange-rates)

start_foliod
folio demo load --accounts 60 2>demo.log || fail "$(cat demo.log)"
mkdir first second
export_to() {
  local noun
  for noun in "${collections[@]}"; do
    folio "$noun" export "${@:2}" >"$1/$noun.csv" 2>"$scratch/said" || fail "$noun: $(cat "$scratch/said")"
    sort -o "$1/$noun.csv" "$1/$noun.csv"
    [[ $(wc -l <"$1/$noun.csv") -gt 1 ]] || fail "nothing was exported of $noun"
  done
}
for profile in standard excel-fr; do
  export_to first --csv-profile "$profile"
  folio deals export -o jsonl >deals.jsonl 2>said
  folio deals export -o jsonl --fields id,stage_history 2>said | sort >first/stages
  stop_foliod
  start_foliod
  for noun in "${collections[@]}"; do
    # The heading is first again where sort has put it among the rows.
    { LC_ALL=C grep -aP "$heading" "first/$noun.csv"; LC_ALL=C grep -avP "$heading" "first/$noun.csv"; } >in.csv
    folio "$noun" import in.csv --csv-profile "$profile" >answer 2>said ||
      fail "$noun: $(head -c 2000 answer said in.rejected.csv)"
  done
  export_to second --csv-profile "$profile"
  # What no cell holds comes with JSON.
  folio deals import deals.jsonl >answer 2>said || fail "deals: $(head -c 2000 answer said)"
  folio deals export -o jsonl --fields id,stage_history 2>said | sort >second/stages
  cmp first/stages second/stages
  for noun in "${collections[@]}"; do
    cmp "first/$noun.csv" "second/$noun.csv" || fail "$profile: $(diff "first/$noun.csv" "second/$noun.csv" | head)"
  done
done
printf 'exports come back the same\n'
