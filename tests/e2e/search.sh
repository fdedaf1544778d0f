#!/usr/bin/env bash
# Search forgives accents, case, unfinished words and one typing error, and knows the identifiers of other systems.
source "$(dirname "$0")/server.sh"

# finds QUERY HOW: the first hit is Société Générale, found in this way.
finds() {
  local hit
  folio portfolio search "$1" -o json >"$scratch/hits"
  hit=$(python3 -c '
import json, sys
hits = json.load(sys.stdin)
print(hits[0]["entry"]["display_name"], "by", hits[0]["match"]) if hits else print("nothing")
' <"$scratch/hits")
  [[ $hit == "Société Générale by $2" ]] || fail "'$1' finds $hit, not Société Générale by $2"
  printf "ok: '%s' finds %s\n" "$1" "$hit"
}

start_foliod
folio accounts create sg --set 'display_name=Société Générale' --json - >"$scratch/created" <<'JSON'
{"external_ids": [{"system": "crm", "id": "CRM-00042"}]}
JSON
folio accounts create eaux --set 'display_name=Générale des Eaux' >"$scratch/created"
folio accounts create other --set 'display_name=Boulangerie Dupont' >"$scratch/created"

finds 'societe generale' exact
finds 'SOCIÉTÉ GÉNÉRALE' exact
finds 'sociéte génerale' exact
finds 'societe gen' prefix
finds 'soc' prefix
finds 'CRM-00042' identifier
finds 'sg' identifier
finds 'socitee generale' typo
finds 'societe generle' typo
finds 'societa generale' typo
