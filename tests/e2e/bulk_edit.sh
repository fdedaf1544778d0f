#!/usr/bin/env bash
# Editing and deleting all that a filter finds: asked first, bound to what was found, told whole, taken back.
source "$(dirname "$0")/server.sh"
cd "$scratch"

# matching FILTER: how many accounts it finds.
matching() {
  folio accounts list --all --filter "$1" --fields id --no-headers | wc -l
}
state() {
  folio accounts export 2>said | sort
}
# ends_with CODE COMMAND...: runs it; its outputs are in answer and said.
ends_with() {
  local wanted=$1 code=0
  shift
  "$@" >answer 2>said || code=$?
  [[ $code == "$wanted" ]] || fail "$*: exit code $code, not $wanted: $(cat answer said)"
}
# says TEXT: in what was answered or said.
says() {
  grep -qF -- "$1" answer said || fail "nothing says '$1': $(cat answer said)"
}
# The line that takes back what has just been done.
keep_revert() {
  sed -n 's/^take it back by: folio //p' said >revert
}

start_foliod
{
  printf 'id,display_name,sector,city,tags\n'
  for i in {001..300}; do printf 'a%s,Account %s,%s,Lyon,"x,y"\n' "$i" "$i" "$((10#$i % 3))"; done
} >accounts.csv
folio accounts import accounts.csv >answer 2>said
state >before
edit=(folio accounts update --filter 'sector = "1"')

# What asks for nothing clear is refused, and nothing is asked of the server.
ends_with 2 folio accounts update --set city=Nice
says 'by id, or by --filter'
ends_with 2 folio accounts update a001 --filter 'sector = "1"' --set city=Nice
ends_with 2 folio accounts update --filter '' --set city=Nice
says 'would mean all accounts'
ends_with 2 "${edit[@]}" --set external_ids.crm=1
ends_with 2 "${edit[@]}" --set city=Nice --etag 1
ends_with 2 "${edit[@]}" --set city=Nice
says 'Update 100 accounts? Nobody can be asked: give --yes.'
ends_with 0 "${edit[@]}" --set city=Nice --dry-run
says 'dry run, nothing written: updated 100, unchanged 0, left as they are 0'
diff before <(state) || fail 'something was written'
printf 'ok: refused, tried\n'

# A hundred change, whole lists too; twice is once; one line takes it back.
ends_with 0 "${edit[@]}" --set city=Nice --set tags= --yes
says 'updated 100, unchanged 0, left as they are 0'
keep_revert
[[ $(matching 'city = "Nice"') == 100 && $(matching 'city = "Lyon"') == 200 ]] || fail 'others were changed'
ends_with 0 "${edit[@]}" --set city=Nice --set tags= --yes -o json
says '"found":100,"updated":0,"unchanged":100,"left":0'
# shellcheck disable=SC2046
ends_with 0 folio $(cat revert) --yes
diff before <(state) || fail 'it is not as it was before'
printf 'ok: updated and taken back\n'

# What the server refuses is told for some and counted for all; the others are written.
{
  printf 'id,account,plan,annual_amount,start_date,end_date\n'
  for i in {01..30}; do printf 's%s,a001,Pro,1200 EUR,20%s-01-01,2031-01-01\n' "$i" "$i"; done
} >subscriptions.csv
folio subscriptions import subscriptions.csv >answer 2>said
ends_with 3 folio subscriptions update --filter 'plan = "Pro"' --set end_date=2005-06-30 --yes
says 'updated 5, unchanged 0, left as they are 25'
says ': left as it is: subscription.end_date is before 20'
says 'and left as well: 5'
[[ $(grep -c 'left as it is' said) == 20 ]] || fail "$(cat said)"
printf 'ok: refused in part\n'

# Somebody changes an account between the question and the answer: that one is left as it is.
cat >ask.py <<'PY'
import os, pty, subprocess, sys
read, write = pty.openpty()
edit = subprocess.Popen(sys.argv[1:], stdin=write, stdout=subprocess.PIPE, stderr=write)
os.close(write)
said = b""
while b"[y/N]" not in said:
    said += os.read(read, 1000)
subprocess.run([sys.argv[1], "accounts", "update", "a004", "--set", "city=Brest"], capture_output=True, check=True)
os.write(read, b"y\n")
sys.stdout.buffer.write(edit.communicate()[0])
sys.stderr.buffer.write(os.read(read, 1 << 16))
sys.exit(edit.returncode)
PY
ends_with 3 python3 ask.py "$bin/folio" accounts update --filter 'sector = "1"' --set city=Nice
says 'accounts/a004: left as it is: it has been changed since'
says 'updated 99, unchanged 0, left as they are 1'
[[ $(matching 'city = "Brest"') == 1 ]] || fail 'what was changed since is gone'
printf 'ok: bound to what was found\n'

# Deletes, of resources that come back and of such that are gone for good.
state >before
ends_with 0 folio accounts delete --filter 'sector = "2"' --yes
says 'deleted 100, left as they are 0'
keep_revert
[[ $(matching 'sector = "2"') == 0 && $(state | wc -l) == $(($(wc -l <before) - 100)) ]] || fail 'not just those'
# shellcheck disable=SC2046
ends_with 0 folio $(cat revert) --yes
diff before <(state) || fail 'the accounts are not as they were before'
printf 'id,title,status\nt1,One,open\nt2,Two,done\n' >tasks.csv
folio tasks import tasks.csv >answer 2>said
ends_with 0 folio tasks delete --filter 'status = done' --lang fr --yes
says 'supprimés 1, laissés tels quels 0'
[[ $(folio tasks list --fields id --no-headers) == t1 ]] || fail 'the wrong task is gone'
ends_with 0 folio tasks delete --filter 'status = done' --yes
says 'deleted 0, left as they are 0'
printf 'ok: deleted\n'
