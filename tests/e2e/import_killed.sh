#!/usr/bin/env bash
# An import whose program is killed with no warning, at random moments, and begun again each time: in the end there is
# to the byte what an import leaves that nobody disturbs. 50 kills under CI, 5 otherwise.
source "$(dirname "$0")/server.sh"

rows=40000
kills=5
[[ ${CI:-} == true ]] && kills=50
seed=${FOLIO_SEED:-$((SRANDOM % 32768))}
RANDOM=$seed
printf 'FOLIO_SEED=%s\n' "$seed"

file=$scratch/accounts.csv
seq "$rows" | awk 'BEGIN { print "id,display_name,sector,seat_count" }
  { printf "company-%d,Company %d,Sector %d,%d\n", $1, $1, $1 % 12, $1 % 1000 }' >"$file"

begin() {
  start_foliod --now 2026-01-01T12:00:00Z --log-level off
}

# What is stored, to its file of the name given; ends the server.
end() {
  folio accounts export -o csv --fields name,display_name,sector,seat_count >"$scratch/$1" 2>"$scratch/told"
  stop_foliod
}

begin
folio accounts import "$file" >"$scratch/told" 2>&1
end undisturbed
[[ $(wc -l <"$scratch/undisturbed") == $((rows + 1)) ]] || fail 'the undisturbed import is not whole'

# A server that has not yet seen that a client is gone says so: its import is to be waited for.
is_busy() {
  grep -q IMPORT_ID_BUSY "$scratch/told"
}

killed=0
whole=0
while [[ $killed -lt $kills ]]; do
  begin
  while true; do
    folio accounts import "$file" >"$scratch/told" 2>&1 &
    program=$!
    if [[ $killed -lt $kills ]]; then
      sleep "0.$(printf '%03d' $((RANDOM % 600)))"
      if kill -KILL "$program" 2>/dev/null; then
        status=0
        wait "$program" 2>/dev/null || status=$?
        [[ $status != 137 ]] || killed=$((killed + 1))
        [[ $status == 137 || $status == 0 ]] || is_busy || fail "the import ended by itself: $(cat "$scratch/told")"
        continue
      fi
    fi
    if ! wait "$program"; then
      is_busy || fail "the import that was begun again: $(cat "$scratch/told")"
      sleep 0.1
      continue
    fi
    break
  done
  end disturbed
  cmp "$scratch/undisturbed" "$scratch/disturbed" || fail "something else is stored after $killed kills"
  whole=$((whole + 1))
done
printf 'ok: %d imports of %d rows, killed %d times, are whole\n' "$whole" "$rows" "$killed"
