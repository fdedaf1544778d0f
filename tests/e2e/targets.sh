#!/usr/bin/env bash
# Targets of indicators over the answers of a service company: alerts that are raised and end as facts arrive, told to a
# watch, and what is refused.
source "$(dirname "$0")/server.sh"

appointments=$(shared_data nps_appointments)
maps=$project/tests/data/nps_appointments

# field EXPRESSION COMMAND...: what the expression, of Python, makes of the JSON that the command writes (as `d`).
field() {
  "${@:2}" -o json | python3 -c 'import json, sys; d = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"
}

# wait_until STATE: the target comes to stand so, within a minute.
wait_until() {
  local state
  for _ in {1..300}; do
    state=$(field 'd["state"]' folio indicators targets get nps)
    if [[ $state == "$1" ]]; then
      printf 'ok: the target is %s\n' "$state"
      return
    fi
    sleep 0.2
  done
  fail "the target is $state, not $1: $(folio indicators targets get nps -o json)"
}

# answer SCORE FIRST COUNT: so many answers of respondents, from the first on; again where they have answered before.
answer() {
  python3 - "$account" "$@" >"$scratch/answers.json" <<'PY'
import json, sys
account, score, first, count = sys.argv[1], *map(int, sys.argv[2:])
json.dump({"facts": [{"account": account, "source": "e2e", "sourceId": f"r{i}", "eventTime": "2022-12-30T09:00:00Z",
                      "surveyAnswer": {"kind": "SURVEY_KIND_NPS", "score": score, "respondent": f"r{i}"}}
                     for i in range(first, first + count)]}, sys.stdout)
PY
  folio api call FactService.BatchUpsertFacts -d "@$scratch/answers.json" >"$scratch/answer" 2>&1 ||
    fail "answers: $(cat "$scratch/answer")"
}

start_foliod --now 2022-12-31T12:00:00Z --dev-currency EUR --dev-time-zone UTC
folio accounts import "$appointments/serviceappointments.csv" --map "$maps/accounts.toml"
folio facts import survey_answer "$appointments/nps.csv" --map "$maps/nps.toml" --rejects "$scratch/rejects.csv" ||
  [[ $? == 3 ]] || fail 'the answers were not imported'
account=$(field 'd[0]["name"]' folio accounts list --limit 1)

# The score of the running quarter is on target; the alert is 10 points below it, and over 2 points below it.
score=$(field 'd[0]["number"]' folio indicators compute nps --from 2022-10 --grain quarter)
at() {
  python3 -c 'import sys; print(float(sys.argv[1]) + float(sys.argv[2]))' "$score" "$1"
}
target=(display_name=Promoters indicator=nps grain=quarter period=running severity=high owner=ann)
create=(folio indicators targets create)
set_all() {
  local assignment
  for assignment in "$@"; do printf -- '--set\n%s\n' "$assignment"; done
}
mapfile -t known < <(set_all "${target[@]}")
expect_error TARGET_EMPTY 'indicator_target.goal' -- "${create[@]}" nps "${known[@]}"
expect_error TARGET_ORDER 'indicator_target.alert.clear_at is 10' 'give 20 or more' -- \
  "${create[@]}" nps "${known[@]}" --set alert.raise_at=20 --set alert.clear_at=10
expect_error TARGET_ORDER 'donnez donc 20 ou plus' -- \
  env LC_ALL=fr_FR.UTF-8 "$bin/folio" indicators targets create nps "${known[@]}" --set alert.raise_at=20 --set goal=10
expect_error INDICATOR_UNKNOWN "'nps'" -- "${create[@]}" nps "${known[@]}" --set goal=1 --set indicator=npz
expect_error FILTER_COLUMN_UNKNOWN 'indicator_target.filter' -- \
  "${create[@]}" nps "${known[@]}" --set goal=1 --set 'filter=sectr = 1'
expect_error century -- "${create[@]}" nps "${known[@]}" --set goal=1 --set grain=century
expect_error NOT_FOUND indicatorTargets/nps -- folio indicators targets get nps

"${create[@]}" nps "${known[@]}" --set "goal=$(at -1)" --set "alert.raise_at=$(at -10)" \
  --set "alert.clear_at=$(at -2)" >"$scratch/created"
wait_until on_target

# A watch is told of two changes: raised once, over once, though the value wavered about the threshold in between.
timeout 120 "$bin/folio" watch --collections indicatorTargets --from-snapshot --limit 3 -o jsonl \
  >"$scratch/watched" 2>"$scratch/watch.err" &
watch_pid=$!
for _ in {1..300}; do
  [[ -s $scratch/watched ]] && break
  sleep 0.2
done
answer 0 0 1000
wait_until alerting
printf '\n$ folio indicators targets list --filter "state = alerting"\n'
folio indicators targets list --filter 'state = alerting AND severity >= high'
env LC_ALL=fr_FR.UTF-8 "$bin/folio" indicators targets list

# Some of them answer better, and worse again: about the threshold, but not above the end of the alert.
reading() {
  field 'd["reading"]["value"]["number"]' folio indicators targets get nps
}
# wait_for_reading EXPRESSION: the newest value (as `v`, beside the score `s` of the beginning) is as it says.
wait_for_reading() {
  for _ in {1..300}; do
    if python3 -c 'import sys; v, s = map(float, sys.argv[2:]); sys.exit(not eval(sys.argv[1]))' \
      "$1" "$(reading)" "$score"; then
      printf 'ok: %s, at %s\n' "$1" "$(reading)"
      return
    fi
    sleep 0.2
  done
  fail "the reading is $(reading), not $1; the score was $score"
}
for _ in 1 2; do
  answer 10 0 200
  wait_for_reading 's - 10 < v < s - 2'
  answer 0 0 200
  wait_for_reading 'v < s - 10'
done
[[ $(field 'd["state"]' folio indicators targets get nps) == alerting ]] || fail 'the alert ended too early'
answer 10 0 1000
wait_until on_target
wait "$watch_pid" || fail "the watch ended badly: $(cat "$scratch/watch.err")"
states=$(python3 -c 'import json, sys
print([json.loads(line)["indicator_target"]["state"] for line in open(sys.argv[1])])' "$scratch/watched")
[[ $states == "['on_target', 'alerting', 'on_target']" ]] || fail "the watch was told $states"
printf 'ok: the watch was told %s\n' "$states"

folio indicators targets update nps --set owner=bob >"$scratch/updated"
[[ $(field 'd["owner"], d["state"]' folio indicators targets get nps) == "('bob', 'on_target')" ]] ||
  fail "another owner is another state: $(folio indicators targets get nps -o json)"
folio indicators targets delete nps --yes
expect_error NOT_FOUND -- folio indicators targets get nps
stop_foliod
