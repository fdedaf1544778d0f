#!/usr/bin/env bash
# `make run` prints an address, a key and five commands; each of them works as printed.
source "$(dirname "$0")/server.sh"
cd "$project"

: >"$scratch/out"
FOLIO_RUN_DIR=$scratch/run FOLIO_LISTEN=127.0.0.1:0 make --no-print-directory run >"$scratch/out" 2>&1 </dev/null &
server_pid=$!
for _ in {1..1800}; do
  grep -q 'Ctrl-C' "$scratch/out" && break
  kill -0 "$server_pid" 2>/dev/null || fail "make run ended: $(tail -n 20 "$scratch/out")"
  sleep 0.1
done

eval "$(sed -n 's/^ *\(export FOLIO_.*\)/\1/p' "$scratch/out")"
[[ -n ${FOLIO_SERVER:-} && -n ${FOLIO_KEY:-} ]] || fail "no address and key in: $(cat "$scratch/out")"
mapfile -t commands < <(sed -n 's/^ *\(build\/release\/bin\/folio .*\)/\1/p' "$scratch/out")
[[ ${#commands[@]} == 5 ]] || fail "${#commands[@]} commands, not five, in: $(cat "$scratch/out")"
for command in "${commands[@]}"; do
  timeout 120 bash -c "$command" >"$scratch/answer" 2>&1 || fail "$command -> $(cat "$scratch/answer")"
  [[ $(wc -l <"$scratch/answer") -ge 2 ]] || fail "$command says too little: $(cat "$scratch/answer")"
  printf 'ok: %s\n' "$command"
done
