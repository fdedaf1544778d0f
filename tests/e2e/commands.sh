#!/usr/bin/env bash
# Commands of upkeep, of settings and of single facts against a real server: what each answers.
source "$(dirname "$0")/server.sh"

# says TEXT COMMAND...: the command succeeds, and its answer holds the text.
says() {
  local text=$1
  shift
  folio "$@" >"$scratch/answer" 2>"$scratch/said" || fail "folio $* -> $(cat "$scratch/said")"
  grep -qF -- "$text" "$scratch/answer" || fail "folio $* does not say '$text': $(cat "$scratch/answer")"
  printf 'ok: folio %s\n' "$*"
}

start_foliod --now 2024-12-31T12:00:00Z
says workspaces/dev server info
says 'Europe/Paris' workspaces get dev
says 'Two' workspaces update dev --set display_name=Two
says 'acme' accounts create acme --set display_name=Acme

says 'customFields/region' custom-fields create region --set collection=accounts --set display_name=Region \
  --set type=choice --set choices=EMEA,APAC
says 'EMEA, APAC' custom-fields list
says 'EMEA' accounts update acme --set custom_fields.region=EMEA
says 'Région' custom-fields update region --set 'display_name=Région'

cat >"$scratch/facts.json" <<'JSON'
[{"account": "acme", "event_time": "2024-12-01T10:00:00Z", "source": "crm", "source_id": "7", "usage": {"count": 3}}]
JSON
says '"created_count": 1' facts upsert --json "$scratch/facts.json" -o json --dry-run
says '"created_count": 1' facts upsert --json "$scratch/facts.json" -o json
says '"unchanged_count": 1' facts upsert --json "$scratch/facts.json" -o json
says 'facts/usage~crm~7' facts list acme --fields name
says 'accounts/acme' facts get usage~crm~7
folio facts delete usage~crm~7 2>"$scratch/said"
expect_error NOT_FOUND -- "$bin/folio" facts get usage~crm~7

# The same change of several, by name and from standard input.
says 'b,Lyon' accounts create b --set display_name=B --set city=Lyon -o csv --fields id,city
folio accounts list --fields id --no-headers >"$scratch/ids"
says 'b,Nice' accounts update - --set city=Nice -o csv --fields id,city <"$scratch/ids"
ends_with 3 "$bin/folio" accounts update b nobody --set city=Rome
[[ $(folio accounts get b -o json --fields city) == *Rome* ]] || fail 'the first of two was not changed'

says 'OR binds tighter' portfolio parse-filter 'health < 50 OR sector = A AND size = small'
says 'healthModelVersions/default~1' models version default 1
expect_error NOT_FOUND -- "$bin/folio" health override acme
says '40' health override acme --score 40 --reason 'They said so' --until 2025-03-01
says 'They said so' health override acme

says 'succeeded' server verify --wait
says 'VerifyStorage' operations list
operation=$(folio operations list --fields id --no-headers | head -n 1)
says 'succeeded' operations get "$operation"
says 'succeeded' server compact "$(revision)" --wait
says '"calls": 20' bench --rate 200 --duration 0.1 --warm-up 0 -o json
expect_error '--yes' -- "$bin/folio" bench AccountService.CreateAccount -d '{"account": {"display_name": "N{n}"}}'
says '"failed": 0' bench AccountService.CreateAccount -d '{"account": {"display_name": "N{n}"}}' --rate 100 \
  --duration 0.1 --warm-up 0 -o json --yes

# adds TEXT COMMAND...: beside its answer, the command says the text.
adds() {
  local text=$1
  shift
  folio "$@" >/dev/null 2>"$scratch/said" || fail "folio $* -> $(cat "$scratch/said")"
  grep -qF -- "$text" "$scratch/said" || fail "folio $* does not add '$text': $(cat "$scratch/said")"
  printf 'ok: folio %s\n' "$*"
}
adds '3 of ' portfolio list --limit 3
adds 'More rows follow; --all' accounts list --limit 3
adds 'More rows follow; --all' operations list --limit 1
folio operations list --all >/dev/null 2>"$scratch/said"
[ ! -s "$scratch/said" ] || fail "a whole list is not whole: $(cat "$scratch/said")"
