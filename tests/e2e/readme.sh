#!/usr/bin/env bash
# Every folio command that README.md shows works as it stands there, on the demo portfolio.
source "$(dirname "$0")/server.sh"

start_foliod
folio demo load --accounts 200 >"$scratch/load"
mapfile -t commands < <(sed -n 's/^build\/release\/bin\/folio //p' "$project/README.md")
[[ ${#commands[@]} -ge 3 ]] || fail 'README.md shows no folio commands'
for command in "${commands[@]}"; do
  bash -c "'$bin/folio' $command" >"$scratch/answer" || fail "README.md: folio $command"
  [[ -s $scratch/answer ]] || fail "README.md: folio $command says nothing"
  printf 'ok: folio %s\n' "$command"
done
