#!/usr/bin/env bash
# Builds one SDK, installs what was built into an empty environment, and runs there the conformance vectors against a
# scripted fault server and a real foliod, the SDK's own tests, and its samples.
#
#   tools/dev/test-sdk LANGUAGE   cpp, python, go, typescript or java
#
# foliod and folio are in FOLIO_BIN or build/release/bin.
#
# A toolchain that is missing is named, and the test skipped (status 77); with CI=true that is a failure.
set -euo pipefail
cd "$(dirname "$0")/../.."

project=$PWD
language=${1:?which SDK: cpp, python, go, typescript or java}
bin=${FOLIO_BIN:-$project/build/release/bin}
build=${FOLIO_SDK_BUILD:-$project/build/sdk}/$language
vectors=tests/conformance/sdk
mkdir -p "$build"
scratch=$(mktemp -d)
server_pid=

finish() {
  local status=$?
  end_foliod
  rm -rf "$scratch"
  exit "$status"
}
trap finish EXIT

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# need COMMAND WHY: without the command the test is skipped.
need() {
  command -v "$1" >/dev/null && return
  [[ ${CI:-} == true ]] && fail "no $1 here: $2"
  printf 'skipped: no %s here: %s\n' "$1" "$2" >&2
  exit 77
}

# Waits until the server serves, and exports FOLIO_SERVER and FOLIO_KEY.
await_foliod() {
  for _ in {1..300}; do
    grep -q '^export FOLIO_KEY=' "$scratch/foliod.out" && break
    kill -0 "$server_pid" 2>/dev/null || fail "foliod ended: $(cat "$scratch/foliod.out")"
    sleep 0.1
  done
  eval "$(grep '^export FOLIO_' "$scratch/foliod.out")"
}

end_foliod() {
  [[ -n $server_pid ]] || return 0
  kill -TERM "$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
  server_pid=
}

# start_foliod: a development server with a small portfolio.
start_foliod() {
  : >"$scratch/foliod.out"
  "$bin/foliod" --dev --ephemeral --listen 127.0.0.1:0 --log-level off >"$scratch/foliod.out" &
  server_pid=$!
  await_foliod
  "$bin/folio" demo load --accounts 200 >"$scratch/demo" 2>&1 || fail "no demo portfolio: $(cat "$scratch/demo")"
}

# Plays the vectors, for several drivers at once: most of their time is waiting. conform TITLE DRIVER...
declare -A running=()
conform() {
  local title=$1
  shift
  node "$vectors/run.mjs" --foliod "$bin/foliod" -- "$@" >"$scratch/$title" 2>"$scratch/$title.err" &
  running[$title]=$!
}

await_conformance() {
  local title failed=
  for title in "${!running[@]}"; do
    wait "${running[$title]}" || failed+=" $title"
    printf '%s: vectors: ' "$title"
    cat "$scratch/$title"
  done
  running=()
  [[ -z $failed ]] || { cat "$scratch"/*.err >&2; fail "vectors:$failed"; }
}

# watches_over_restarts COMMAND...: 200 watches of a program that writes, while the server is killed and started again.
watches_over_restarts() {
  local data=$scratch/watched address='127.0.0.1:0' restarts=0
  serve_watched() {
    : >"$scratch/foliod.out"  # or what another server said is read before this one speaks
    "$bin/foliod" --dev --data "$data" --listen "$address" --log-level off >"$scratch/foliod.out" &
    server_pid=$!
    await_foliod
    address=$FOLIO_SERVER
  }
  end_foliod
  rm -rf "$data"
  serve_watched
  timeout 120 "$@" 200 1000 >"$scratch/watches" 2>&1 &
  local program=$!
  until grep -q '^open' "$scratch/watches"; do
    kill -0 "$program" 2>/dev/null || fail "$* -> $(cat "$scratch/watches")"
    sleep 0.05
  done
  while kill -0 "$program" 2>/dev/null && [[ $restarts -lt 3 ]]; do
    kill -KILL "$server_pid"
    wait "$server_pid" 2>/dev/null || true
    serve_watched
    restarts=$((restarts + 1))
    sleep "0.$((RANDOM % 5))"
  done
  wait "$program" || fail "$* -> $(cat "$scratch/watches")"
  end_foliod
  [[ $restarts -gt 0 ]] || fail "$* was done before the server could be restarted"
  printf 'ok: %s, over %d restarts\n' "$(tail -n 1 "$scratch/watches")" "$restarts"
}

# sample TEXT COMMAND...: runs it against the server; its output must have the text.
sample() {
  local text=$1
  shift
  timeout 60 "$@" >"$scratch/sample" 2>&1 || fail "$* -> $(cat "$scratch/sample")"
  grep -qF -- "$text" "$scratch/sample" || fail "$* does not say '$text': $(cat "$scratch/sample")"
  printf 'ok: %s\n' "${*: -1}"
}

# The packages of the harness, unless they were installed from this very lock file.
install_harness() {
  need node 'the conformance vectors are played by Node.js'
  cmp -s "$vectors/package-lock.json" "$vectors/node_modules/.installed" && return
  (cd "$vectors" && npm ci --no-audit --no-fund --loglevel=error)
  cp "$vectors/package-lock.json" "$vectors/node_modules/.installed"
}

