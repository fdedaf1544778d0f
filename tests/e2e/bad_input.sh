#!/usr/bin/env bash
# Bad input gets a typed error that names the field, column or row, and leaves nothing half-written.
source "$(dirname "$0")/server.sh"

revision() {
  folio api call AdminService.GetServerInfo '{}' -o json |
    python3 -c 'import json, sys; print(json.load(sys.stdin).get("revision", 0))'
}

# writes_nothing COMMAND...: whatever the command says, the workspace stays as it was.
writes_nothing() {
  local before after
  before=$(revision)
  "$@"
  after=$(revision)
  [[ $before == "$after" ]] || fail "wrote something (revision $before, then $after): $*"
}

start_foliod
folio api call AccountService.CreateAccount '{"accountId": "acme", "account": {"displayName": "Acme"}}' >/dev/null

cat >"$scratch/accounts.toml" <<'TOML'
[fields]
id = { column = "id" }
display_name = { column = "name" }
employee_count = { column = "staff" }
TOML

# Files.
printf 'id,name,staff\na1,"never closed,5\na2,Fine,6\n' >"$scratch/malformed.csv"
printf 'id,name,staff\na1,Fine,5\na2,Wrong,many\na3,"Also fine",7\n' >"$scratch/wrong_type.csv"
printf 'id,title\na1,Fine\n' >"$scratch/no_column.csv"
writes_nothing expect_error 'line' -- folio accounts import "$scratch/malformed.csv" --map "$scratch/accounts.toml"
writes_nothing expect_error 'staff' 'row 2' -- \
  folio accounts import "$scratch/wrong_type.csv" --map "$scratch/accounts.toml" --dry-run
writes_nothing expect_error 'name' 'title' -- \
  folio accounts import "$scratch/no_column.csv" --map "$scratch/accounts.toml"
printf '[fields]\nid = { column = "id" }\ndisplay_nam = { column = "name" }\n' >"$scratch/bad_map.toml"
writes_nothing expect_error 'display_nam' 'display_name' -- \
  folio accounts import "$scratch/wrong_type.csv" --map "$scratch/bad_map.toml"

# Filters and orders.
expect_error 'sectr' 'sector' -- folio portfolio list --filter 'sectr = "FinTech"'
expect_error 'health' -- folio portfolio list --filter 'health < "low"'
expect_error 'position' -- folio portfolio list --filter 'sector = AND'
expect_error 'arrr' 'arr' -- folio portfolio list --order-by 'arrr desc'

# Messages.
writes_nothing expect_error 'account.display_name' -- folio api call AccountService.CreateAccount '{"account": {}}'
writes_nothing expect_error 'account.country_code' -- \
  folio api call AccountService.CreateAccount '{"account": {"displayName": "X", "countryCode": "France"}}'
writes_nothing expect_error 'unknownField' -- \
  folio api call AccountService.CreateAccount '{"account": {"displayName": "X", "unknownField": 1}}'
python3 -c 'import json; print(json.dumps({"account": {"displayName": "X", "notes": "x" * (2 << 20)}}))' \
  >"$scratch/big.json"
writes_nothing expect_error 'larger' -- folio api call AccountService.CreateAccount "@$scratch/big.json"

# Keys, and other workspaces.
expect_error 'key' -- env FOLIO_KEY=folio_wrong "$bin/folio" accounts list
expect_error 'key' -- env FOLIO_KEY= "$bin/folio" accounts list
folio api call AdminService.CreateWorkspace \
  '{"workspaceId": "other", "workspace": {"displayName": "Other", "currencyCode": "EUR"}}' >/dev/null
other_key=$(folio api call AdminService.CreateApiKey \
  '{"apiKey": {"workspace": "workspaces/other", "role": "ROLE_READER"}}' -o json |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["secret"])')
expect_error 'accounts/acme' -- env FOLIO_KEY="$other_key" "$bin/folio" accounts get acme
expect_error 'role' -- env FOLIO_KEY="$other_key" "$bin/folio" \
  api call AccountService.CreateAccount '{"account": {"displayName": "X"}}'
expect_error 'role' -- env FOLIO_KEY="$other_key" "$bin/folio" api call AdminService.ListApiKeys '{}'
