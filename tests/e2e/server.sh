# For the end-to-end tests, which source this file: a server of their own, and ways to say what went wrong.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${FOLIO_BIN:-$project/build/release/bin}
scratch=$(mktemp -d)
server_pid=

cleanup() {
  local status=$? ended=0
  if [[ -n $server_pid ]]; then
    kill -TERM "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || ended=$?
  fi
  # A server that was asked to stop says with its status that nothing was wrong, under sanitizers also: nothing leaked.
  if [[ $status == 0 && $ended != 0 && -f $scratch/foliod.out ]]; then
    printf 'FAILED: foliod ended with status %d\n' "$ended" >&2
    status=1
  fi
  if [[ $status != 0 && $status != 77 && -s $scratch/foliod.log ]]; then
    printf '%s\n' '--- last lines of the server:'
    tail -n 20 "$scratch/foliod.log"
  fi
  rm -rf "$scratch"
  exit "$status"
}
trap cleanup EXIT

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# Prints the folder of a public data set that is not part of the project. Without it the test is skipped; in CI it
# fails.
shared_data() {
  local folder=${FOLIO_SHARED:-$project/../shared}/data/$1
  if [[ ! -d $folder ]]; then
    [[ ${CI:-} == true ]] && fail "no data set in $folder (set FOLIO_SHARED)"
    printf 'skipped: no data set in %s (set FOLIO_SHARED)\n' "$folder" >&2
    exit 77
  fi
  printf '%s' "$folder"
}

# start_foliod ARGUMENT...: a development server on a free port that keeps nothing. Exports FOLIO_SERVER and FOLIO_KEY.
start_foliod() {
  : >"$scratch/foliod.out"
  "$bin/foliod" --dev --ephemeral --listen 127.0.0.1:0 "$@" >"$scratch/foliod.out" 2>"$scratch/foliod.log" &
  server_pid=$!
  for _ in {1..1200}; do
    if grep -q '^export FOLIO_KEY=' "$scratch/foliod.out"; then
      eval "$(grep '^export FOLIO_' "$scratch/foliod.out")"
      return
    fi
    kill -0 "$server_pid" 2>/dev/null || fail "foliod ended: $(cat "$scratch/foliod.out" "$scratch/foliod.log")"
    sleep 0.1
  done
  fail 'foliod did not begin to serve within two minutes'
}

folio() {
  "$bin/folio" "$@"
}

# define_custom_fields FILE: one request a line.
define_custom_fields() {
  local field
  while read -r field; do
    folio api call CustomFieldService.CreateCustomField -d "$field" >/dev/null
  done <"$1"
}

# Ends the server; it must end well.
stop_foliod() {
  kill -TERM "$server_pid"
  wait "$server_pid"
  server_pid=
}

# The revision of the last change of the workspace.
revision() {
  folio api call AdminService.GetServerInfo |
    python3 -c 'import json, sys; print(json.load(sys.stdin).get("revision", 0))'
}

# ends_with CODE COMMAND...: the command ends with this exit code.
ends_with() {
  local wanted=$1 code=0
  shift
  "$@" >"$scratch/answer" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || fail "ends with $code, not $wanted: $* -> $(cat "$scratch/answer")"
  printf 'ok: %s -> %s\n' "$*" "$code"
}

# expect_error TEXT... -- COMMAND...: the command fails, and says each of the texts.
expect_error() {
  local texts=() text
  while [[ $1 != -- ]]; do
    texts+=("$1")
    shift
  done
  shift
  if "$@" >"$scratch/answer" 2>&1; then
    fail "succeeded, though it should not: $* -> $(cat "$scratch/answer")"
  fi
  for text in "${texts[@]}"; do
    grep -qiF -- "$text" "$scratch/answer" || fail "does not say '$text': $* -> $(cat "$scratch/answer")"
  done
  printf 'ok: %s -> %s\n' "$*" "$(head -n 1 "$scratch/answer")"
}
