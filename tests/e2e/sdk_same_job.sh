#!/usr/bin/env bash
# One program in five languages does the same job on RavenStack's files (import, filter, explain, change and watch,
# compute, export), each through the SDK that tools/dev/test-sdk has built and on a server of its own: what they print
# is the same to the byte, and what they leave is what the command line imports with the mapping files.
source "$(dirname "$0")/server.sh"

data=$(shared_data ravenstack)
maps=$project/tests/data/ravenstack
build=${FOLIO_SDK_BUILD:-$project/build/release/sdk-packages}

begin() {
  start_foliod --now 2024-12-31T12:00:00Z --dev-currency USD --dev-time-zone UTC
}

end() {
  kill -TERM "$server_pid"
  wait "$server_pid"
  server_pid=
}

# What is stored, but for what names moments: etags and times.
state() {
  folio accounts export -o csv --fields name,display_name,sector,country_code,plan,seat_count,external_ids
  folio subscriptions list --all -o csv \
    --fields name,account,start_date,end_date,annual_amount,trial,plan,seat_count,billing_period,auto_renew
  folio facts list A-2e4581 -o jsonl | sed -E 's/"createTime":"[^"]*",*//; s/,"etag":"\\"[0-9a-f]*\\""//'
}

begin
{
  folio accounts import "$data/ravenstack_accounts.csv" --map "$maps/accounts.toml"
  folio subscriptions import "$data/ravenstack_subscriptions.csv" --map "$maps/subscriptions.toml"
  folio facts import ticket "$data/ravenstack_support_tickets.csv" --map "$maps/tickets.toml"
} >"$scratch/told" 2>&1
state >"$scratch/state" 2>"$scratch/told"
end

# same LANGUAGE NEEDED COMMAND...: runs the program, where the SDK has been built.
programs=0
same() {
  local language=$1 needed=$2
  shift 2
  if [[ ! -e $needed ]]; then
    [[ ${CI:-} == true ]] && fail "no $needed: tools/dev/test-sdk $language makes it"
    printf 'left out: %s: no %s, which tools/dev/test-sdk %s makes\n' "$language" "$needed" "$language"
    return
  fi
  begin
  "$@" "$data" >"$scratch/$language.json" || fail "the program in $language"
  state >"$scratch/$language.state" 2>"$scratch/told"
  end
  cmp "$scratch/state" "$scratch/$language.state" || fail "$language leaves something else than the command line"
  [[ -e $scratch/first.json ]] || cp "$scratch/$language.json" "$scratch/first.json"
  cmp "$scratch/first.json" "$scratch/$language.json" || fail "$language prints something else than the first"
  printf 'ok: %s: %s bytes\n' "$language" "$(wc -c <"$scratch/$language.json")"
  programs=$((programs + 1))
}

same cpp "$build/cpp/samples/same_job" "$build/cpp/samples/same_job"
same python "$build/python/latest/bin/python" \
  "$build/python/latest/bin/python" "$project/sdk/python/samples/same_job.py"
same go "$build/go/same_job" "$build/go/same_job"
same typescript "$build/typescript/empty/same_job.mjs" node "$build/typescript/empty/same_job.mjs"
same java "$build/java/empty/target/classes/SameJob.class" \
  java -cp "$build/java/empty/target/classes:$build/java/empty/target/lib/*" SameJob

if [[ $programs -lt 2 ]]; then
  printf 'skipped: fewer than two SDKs have been built\n' >&2
  exit 77
fi
"$project/tests/e2e/sdk_same_job_check.py" "$scratch/first.json"
