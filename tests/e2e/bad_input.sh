#!/usr/bin/env bash
# Bad input gets a typed error that names the field, column or row, and leaves nothing half-written.
source "$(dirname "$0")/server.sh"

# refused TEXT... -- COMMAND...: as expect_error, and the workspace stays as it was.
refused() {
  local before
  before=$(revision)
  expect_error "$@"
  [[ $(revision) == "$before" ]] || fail "wrote something: $*"
}

start_foliod
folio accounts create acme --set display_name=Acme >"$scratch/created"

# Files.
cat >"$scratch/map.toml" <<'TOML'
[fields]
id = "id"
display_name = "name"
employee_count = "staff"
TOML
sed 's/display_name/display_nam/' "$scratch/map.toml" >"$scratch/wrong_map.toml"
printf 'id,name,staff\na1,"never closed,5\na2,Fine,6\n' >"$scratch/malformed.csv"
printf 'id,title,staff\na1,Fine,5\n' >"$scratch/no_name.csv"
printf 'id,name,staff,shoes\na1,Fine,5,6\n' >"$scratch/unknown.csv"
printf 'id,name,staff\na1,Fine,5\na2,Wrong,many\na3,Also fine,7\n' >"$scratch/one_wrong.csv"
import=(folio accounts import --map "$scratch/map.toml")
refused 'line 2' 'quotation mark' -- "${import[@]}" "$scratch/malformed.csv"
refused "column 'name'" -- "${import[@]}" "$scratch/no_name.csv"
refused 'shoes' -- "${import[@]}" "$scratch/unknown.csv"
refused 'display_nam' "'display_name'" -- \
  folio accounts import --map "$scratch/wrong_map.toml" "$scratch/one_wrong.csv"
refused 'rejected 1' -- "${import[@]}" "$scratch/one_wrong.csv" --dry-run

# Of a file with one wrong row the others are written, and that row goes to a file that says what is wrong with it.
expect_error 'created 2' 'rejected 1' 'one_wrong.rejected.csv' -- "${import[@]}" "$scratch/one_wrong.csv"
grep -q "^a2,Wrong,many,3,employee_count,NUMBER_MALFORMED,'many' is not a number" "$scratch/one_wrong.rejected.csv" ||
  fail "the rejected row is not explained: $(cat "$scratch/one_wrong.rejected.csv")"
expect_error 'accounts/a2' NOT_FOUND -- folio accounts get a2

# Filters and orders.
refused "'sectr'" "'sector'" FILTER_COLUMN_UNKNOWN -- folio portfolio list --filter 'sectr = "FinTech"'
refused "'health'" 'character 11' FILTER_TYPE -- folio portfolio list --filter 'health < "low"'
refused 'character 10' FILTER_SYNTAX -- folio portfolio list --filter 'sector = AND'
refused "'arrr'" "'arr'" ORDER_COLUMN_UNKNOWN -- folio portfolio list --order-by 'arrr desc'

# What is wrong ends with 2, whichever side finds it; what cannot be done now with 1; what was done in part with 3.
ends_with 2 folio portfolio list --filter 'sectr = 1'
ends_with 2 folio portfolio list --fitler x
ends_with 2 folio accounts update acme --set country_code=France
ends_with 2 folio accounts update acme --set employee_count=many
ends_with 1 folio models delete default --yes
ends_with 3 "${import[@]}" "$scratch/one_wrong.csv"
ends_with 5 folio accounts get nobody

# Messages.
create=(folio api call AccountService.CreateAccount -d)
refused 'account.display_name' FIELD_REQUIRED -- "${create[@]}" '{"account": {}}'
refused 'account.country_code' -- "${create[@]}" '{"account": {"displayName": "X", "countryCode": "France"}}'
refused 'unknownField' -- "${create[@]}" '{"account": {"displayName": "X", "unknownField": 1}}'
python3 -c 'import json; print(json.dumps({"account": {"displayName": "X", "notes": "x" * (2 << 20)}}))' \
  >"$scratch/big.json"
refused '1048576' MESSAGE_TOO_LARGE -- "${create[@]}" "@$scratch/big.json"

# Keys, roles, and the other side of the wall between two workspaces.
as() {
  FOLIO_KEY=$1 folio "${@:2}"
}
refused KEY_MISSING -- as '' accounts list
refused KEY_MALFORMED -- as folio_wrong accounts list
folio workspaces create other --currency EUR >"$scratch/created"
reader=$(folio keys create --workspace workspaces/other --role reader -o json |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["secret"])')
[[ $(as "$reader" accounts list -o json | tr -d '[:space:]') == '[]' ]] || fail 'it shows the accounts of another'
refused 'accounts/acme' NOT_FOUND -- as "$reader" accounts get acme
refused ROLE_EDITOR PERMISSION_DENIED -- as "$reader" accounts create mine --set display_name=Mine
refused ROLE_ADMINISTRATOR PERMISSION_DENIED -- as "$reader" keys list
