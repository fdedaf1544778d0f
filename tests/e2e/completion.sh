#!/usr/bin/env bash
# Completion in the shells themselves: commands, flags and the names that a server holds; silence without a server.
source "$(dirname "$0")/server.sh"
PATH=$bin:$PATH

export FOLIO_COMPLETION_TIMEOUT=60  # as long as it takes on a busy machine
start_foliod
folio accounts create acme --set display_name=Acme >"$scratch/created"
folio accounts create acorn --set display_name=Acorn >"$scratch/created"

in_bash() {
  bash -c 'eval "$(folio completion bash)"; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _folio 2>&1
    echo ${COMPREPLY[*]}' bash "$@"
}
# The function as zsh calls it, with a stand-in for what shows the candidates.
in_zsh() {
  zsh -fc 'compdef() { }; _describe() { print -r -- ${${candidates%%:*}} }; eval "$(folio completion zsh)"
    words=("$@") CURRENT=$#; _folio 2>&1' zsh "$@"
}
in_fish() {
  fish --no-config -c 'folio completion fish | source; complete -C "'"$*"'"' 2>&1 | cut -f 1 | paste -sd ' '
}

# offers WORDS WORD...: the shells offer these words for that line.
offers() {
  local wanted=$1 shell answer
  shift
  for shell in bash zsh fish; do
    command -v "$shell" >/dev/null || continue
    answer=$("in_$shell" "$@") || true  # a shell that is offered nothing says so
    [[ ${answer% } == "$wanted" ]] || fail "$shell offers '$answer', not '$wanted', for: $*"
    printf 'ok: %s: %s -> %s\n' "$shell" "$*" "$answer"
  done
}

offers 'undelete' folio accounts un
offers '--filter --fields' folio accounts list --fi
offers 'acme acorn' folio accounts get ac
offers 'json jsonl' folio accounts list -o js

offers 'id,sector' folio accounts list --fields id,sect
offers 'sector,arr_year_ago' folio portfolio list --order-by sector,arr_y
offers 'risk risk_severity' folio portfolio summary --group-by risk

# The server knows every column that is offered.
each() {
  folio complete -- "$@" '' | cut -f 1
}
for column in $(each portfolio list --order-by); do
  folio portfolio list --order-by "$column" >"$scratch/answer" 2>&1 || fail "$column: $(cat "$scratch/answer")"
done
for noun in contacts subscriptions tasks leads deals exchange-rates calendars; do
  for column in $(each "$noun" list --order-by); do
    folio "$noun" list --order-by "$column" >"$scratch/answer" 2>&1 || fail "$noun $column: $(cat "$scratch/answer")"
  done
done
for facet in $(each portfolio summary --group-by); do
  folio portfolio summary --group-by "$facet" >"$scratch/answer" 2>&1 || fail "$facet: $(cat "$scratch/answer")"
done
for facet in $(each indicators compute --group-by); do
  folio indicators compute mrr --group-by "$facet" >"$scratch/answer" 2>&1 || true
  ! grep -q GROUP_ "$scratch/answer" || fail "$facet: $(cat "$scratch/answer")"
done

before=$FOLIO_SERVER
export FOLIO_SERVER=127.0.0.1:1
offers '' folio accounts get ac
export FOLIO_SERVER=$before
