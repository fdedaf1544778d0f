#!/usr/bin/env bash
# An import that is taken back leaves the collection as it was before it, but for what has been changed since.
source "$(dirname "$0")/server.sh"
cd "$scratch"

state() {
  folio accounts export 2>"$scratch/said" | sort
}
# import COLLECTION FILE FLAG...: imports, and keeps the line that takes it back.
import() {
  folio "$1" import "${@:2}" >"$scratch/answer" 2>"$scratch/import.log" || fail "$(cat "$scratch/import.log")"
  sed -n 's/^take it back by: folio //p' "$scratch/import.log" >"$scratch/revert"
}
# revert FLAG...: the line that was kept.
revert() {
  # shellcheck disable=SC2046
  folio $(cat "$scratch/revert") "$@"
}

start_foliod
printf 'id,display_name,city,tags,employee_count\n' >first.csv
for i in {1..300}; do printf 'a%03d,Account %d,Lyon,"x,y",%d\n' "$i" "$i" "$i" >>first.csv; done
import accounts first.csv
folio accounts delete a007 2>"$scratch/said"
state >before

# One that was deleted comes back, a hundred change, a hundred are new.
printf 'id,display_name,city,employee_count\n' >second.csv
for i in 7 {201..400}; do printf 'a%03d,Other %d,Nice,\n' "$i" "$i" >>second.csv; done
import accounts second.csv --on-conflict replace --on-deleted restore
[[ $(state) != "$(cat before)" ]] || fail 'the import has changed nothing'
folio accounts update a250 --set city=Brest >"$scratch/said"

revert --dry-run >"$scratch/answer" 2>&1 || [[ $? == 3 ]]
grep -q 'deleted 101, restored 99, left as they are 1' "$scratch/answer" || fail "$(cat "$scratch/answer")"
code=0
revert --yes >"$scratch/answer" 2>&1 || code=$?
[[ $code == 3 ]] || fail "exit code $code: $(cat "$scratch/answer")"
grep -q 'accounts/a250: left as it is' "$scratch/answer" || fail "$(cat "$scratch/answer")"
diff <(grep -v '^a250,' before) <(state | grep -v '^a250,') || fail 'it is not as it was before'
folio accounts get a250 -o json | grep -q '"city": "Brest"' || fail 'what was changed since is gone'
printf 'ok: accounts\n'

# Twice is once: everything has been changed since by the first time.
code=0
revert --yes >"$scratch/answer" 2>&1 || code=$?
grep -q 'deleted 0, restored 0' "$scratch/answer" || fail "$(cat "$scratch/answer")"

# An import that too many rejected rows have stopped is told whole: its line takes back all that it has written.
state >before
printf 'id,display_name,country_code\n' >faulty.csv
for i in {1..5000}; do
  printf 'f%04d,Account %d,%s\n' "$i" "$i" "$([[ $((i % 100)) == 0 ]] && printf Frankreich || printf FR)" >>faulty.csv
done
faulty=(folio accounts import faulty.csv --max-errors 5)
code=0
"${faulty[@]}" >answer 2>import.log || code=$?
[[ $code == 3 ]] || fail "exit code $code: $(cat answer import.log)"
created=$(sed 's/created \([0-9]*\),.*/\1/' answer)
rejected=$(sed 's/.*rejected \([0-9]*\).*/\1/' answer)
[[ $(state | wc -l) == $(($(wc -l <before) + created)) ]] || fail "more is written than is told: $(cat answer)"
[[ $(tail -n +2 faulty.rejected.csv | wc -l) == "$rejected" ]] || fail "rejected rows are not told: $(cat answer)"
sed -n 's/^take it back by: folio //p' import.log >"$scratch/revert"
cp answer first_answer
code=0
"${faulty[@]}" >answer 2>again.log || code=$?
[[ $code == 3 ]] || fail "exit code $code the second time: $(cat answer again.log)"
cmp answer first_answer || fail "told otherwise the second time: $(cat answer again.log)"
revert --yes >"$scratch/answer" 2>&1 || fail "$(cat "$scratch/answer")"
diff before <(state) || fail 'a stopped import is not taken back whole'
printf 'ok: stopped by --max-errors\n'

# Tasks go for good.
printf 'id,title\nt1,One\nt2,Two\n' >tasks.csv
import tasks tasks.csv
revert --yes >"$scratch/answer"
[[ $(folio tasks list -o json | tr -d '[:space:]') == '[]' ]] || fail 'the tasks are still there'
printf 'ok: tasks\n'

# Facts: what is new goes, what was replaced, moved or deleted is what it was; what was changed since stays.
facts() {
  folio facts export usage 2>"$scratch/said" | sort
}
usage() {
  printf 'source_id,account,date,count\n'
  local row
  for row in "$@"; do printf '%s\n' "$row"; done
}
folio accounts create f1 --set display_name=One >"$scratch/said"
folio accounts create f2 --set display_name=Two >"$scratch/said"
usage u1,f1,2024-01-01,1 u2,f1,2024-01-02,2 u3,f1,2024-01-03,3 u4,f2,2024-01-04,4 >usage.csv
folio facts import usage usage.csv >"$scratch/answer" 2>"$scratch/said"
facts >before
usage u2,f1,2024-01-02,22 u3,f2,2024-01-03,3 u4,f2,2024-01-04,44 u5,f1,2024-01-05,5 u6,,2024-01-06,6 \
  u7,f2,2024-01-07,7 >usage.csv
folio facts import usage usage.csv >"$scratch/answer" 2>"$scratch/import.log" || [[ $? == 3 ]]
sed -n 's/^take it back by: folio //p' "$scratch/import.log" >"$scratch/revert"
[[ $(cat "$scratch/revert") == 'facts revert '* ]] || fail "$(cat "$scratch/import.log")"
folio facts delete usage~default~u7 >"$scratch/said" 2>&1
printf '{"source_id": "u4", "account": "f2", "event_time": "2024-01-04", "usage": {"count": 444}}' |
  folio facts upsert --json - >"$scratch/said"
revert --dry-run >"$scratch/answer" 2>&1 || [[ $? == 3 ]]
grep -q 'deleted 1, restored 2, left as they are 2' "$scratch/answer" || fail "$(cat "$scratch/answer")"
code=0
revert --yes >"$scratch/answer" 2>&1 || code=$?
[[ $code == 3 ]] || fail "exit code $code: $(cat "$scratch/answer")"
grep -q 'deleted 1, restored 2, left as they are 2' "$scratch/answer" || fail "$(cat "$scratch/answer")"
grep -q 'facts/usage~default~u4: left as it is' "$scratch/answer" || fail "$(cat "$scratch/answer")"
diff <(grep -v ',u4,' before) <(facts | grep -v ',u4,') || fail 'the facts are not as they were before'
facts | grep -q ',u4,.*,444,' || fail 'what was changed since is gone'
printf 'ok: facts\n'

# A fact that was read and edited replaces only what was read.
edited() {
  sed "s/\"count\": 1\b/\"count\": $1/" read.json
}
folio facts get usage~default~u1 -o json >read.json
edited 2 | folio facts upsert --json - >"$scratch/said"
edited 3 >stale.json
expect_error ETAG_MISMATCH 'facts/usage~default~u1' -- folio facts upsert --json stale.json
etag=$(python3 -c 'import json; print(json.load(open("read.json"))["etag"])')
expect_error ETAG_MISMATCH -- folio facts delete usage~default~u1 --yes --etag "$etag"
facts | grep -q ',u1,.*,2,' || fail "it is not what was written: $(facts)"
printf 'ok: etags of facts\n'

# What somebody else writes while the question is on the screen stays: changed, deleted, and made anew.
usage r1,f1,2024-02-01,1 r2,f1,2024-02-02,2 r3,f1,2024-02-03,3 r5,f1,2024-02-05,5 >usage.csv
folio facts import usage usage.csv >"$scratch/answer" 2>"$scratch/said"
after=$(revision)
usage r1,f1,2024-02-01,11 r2,f1,2024-02-02,22 r3,f1,2024-02-03,33 r4,f1,2024-02-04,44 >usage.csv
folio facts import usage usage.csv >"$scratch/answer" 2>"$scratch/said"
folio facts delete usage~default~r5 --yes >"$scratch/said" 2>&1
python3 - "$bin/folio" "$after" "$(revision)" <<'PYTHON' || fail 'what was written meanwhile is not left alone'
import json, os, pty, subprocess, sys

folio, after, through = sys.argv[1:]

def run(*arguments, **more):
    subprocess.run([folio, *arguments], check=True, capture_output=True, **more)

def upsert(source_id, count):
    fact = {"source_id": source_id, "account": "f1", "event_time": "2024-02-01", "usage": {"count": count}}
    run("facts", "upsert", "--json", "-", input=json.dumps(fact).encode())

pid, terminal = pty.fork()
if pid == 0:
    os.execv(folio, [folio, "facts", "revert", "--after", after, "--through", through])
seen = b""
while b"[y/N]" not in seen:
    seen += os.read(terminal, 65536)
for source_id in ["r1", "r4", "r5"]:
    upsert(source_id, 777)
run("facts", "delete", "usage~default~r2", "--yes")
os.write(terminal, b"y\n")
try:
    while piece := os.read(terminal, 65536):
        seen += piece
except OSError:
    pass  # it has ended
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
if code != 3 or b"deleted 0, restored 1, left as they are 4" not in seen:
    sys.exit(f"exit code {code}: {seen.decode()}")
PYTHON
[[ $(facts | grep -c ',777,') == 3 ]] || fail "what was written meanwhile is gone: $(facts)"
facts | grep -q ',r3,.*,3,' || fail "what nobody touched is not as it was: $(facts)"
! facts | grep -q ',r2,' || fail "what was deleted meanwhile is back: $(facts)"
printf 'ok: facts that others write meanwhile\n'

# Where two keys wrote, one of them must be named.
after=$(revision)
other=$(folio keys create --workspace workspaces/dev --role editor -o json)
secret=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["secret"])' <<<"$other")
name=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["name"])' <<<"$other")
folio accounts create mine --set display_name=Mine >"$scratch/said"
FOLIO_KEY=$secret folio accounts create theirs --set display_name=Theirs >"$scratch/said"
both=(folio accounts revert --after "$after" --through "$(revision)" --yes)
expect_error '--actor' "$name" -- "${both[@]}"
"${both[@]}" --actor "$name" >"$scratch/answer"
grep -q 'deleted 1, restored 0' "$scratch/answer" || fail "$(cat "$scratch/answer")"
state | grep -q '^mine,' || fail "the other key's account is gone"
printf 'ok: keys\n'
