#!/usr/bin/env bash
# docs/operator.md tells what an operator types and sees; this types it and compares what is seen.
#   tests/e2e/operator.sh --write    puts what is seen into the document instead
source "$(dirname "$0")/server.sh"

export FOLIO_COMPLETION_TIMEOUT=60  # as long as it takes on a busy machine
start_foliod --now 2024-12-31T12:00:00Z
folio accounts create societe-generale --set 'display_name=Société Générale de Pompes' >"$scratch/created"
folio accounts create sogex --set display_name=Sogex >"$scratch/created"
folio accounts create boulangerie --set 'display_name=Boulangerie Dupont' >"$scratch/created"
mkdir "$scratch/work"
export PATH=$bin:$PATH LC_ALL=C.UTF-8
unset NO_COLOR
"$(dirname "$0")/operator.py" "$project/docs/operator.md" "$scratch/work" "$@"
