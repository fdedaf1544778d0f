#!/usr/bin/env bash
# Search forgives accents, case, unfinished words and one typing error, and knows the identifiers of other systems.
source "$(dirname "$0")/server.sh"

create() {
  folio api call AccountService.CreateAccount "$1" >"$scratch/created"
}

# finds QUERY MATCH: the first hit is Société Générale, found in this way.
finds() {
  folio api call PortfolioService.SearchAccounts "{\"query\": \"$1\"}" -o json >"$scratch/hits"
  python3 - "$scratch/hits" "$1" "$2" <<'PYTHON'
import json
import sys

path, query, match = sys.argv[1:]
hits = json.load(open(path)).get("hits", [])
first = hits[0] if hits else {}
name, found = first.get("entry", {}).get("displayName"), first.get("match")
wanted = ("Société Générale", f"MATCH_KIND_{match}")
assert (name, found) == wanted, f"{query!r}: {name!r} by {found}, of {len(hits)} hits"
print(f"ok: {query!r} finds {name} by {match.lower()}")
PYTHON
}

start_foliod
create '{"accountId": "sg", "account": {"displayName": "Société Générale",
  "externalIds": [{"system": "crm", "id": "CRM-00042"}]}}'
create '{"accountId": "sgi", "account": {"displayName": "Générale des Eaux"}}'
create '{"accountId": "other", "account": {"displayName": "Boulangerie Dupont"}}'

finds 'societe generale' EXACT
finds 'SOCIÉTÉ GÉNÉRALE' EXACT
finds 'societe gen' PREFIX
finds 'soc' PREFIX
finds 'CRM-00042' IDENTIFIER
finds 'sg' IDENTIFIER
finds 'sociéte génerale' EXACT
finds 'socitee generale' TYPO
finds 'societe generle' TYPO
finds 'societa generale' TYPO
