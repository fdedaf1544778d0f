# For tools/dev/test-sdk, which sources this file: the TypeScript SDK, from its package in an empty folder.

test_sdk() {
  need npm 'it builds this SDK'
  need protoc 'it generates the messages'
  rm -rf "$build/empty" "$build"/*.tgz
  mkdir -p "$build/empty"
  (
    cd sdk/typescript
    if ! cmp -s package-lock.json node_modules/.installed; then
      npm ci --no-audit --no-fund --loglevel=error
      cp package-lock.json node_modules/.installed
    fi
    npm pack --loglevel=error --pack-destination "$build"
  )
  cp sdk/typescript/tests/{driver,watches,endings}.mjs sdk/typescript/samples/*.mjs "$build/empty"
  for form in mts cts; do cp sdk/typescript/tests/consumer.ts "$build/empty/consumer.$form"; done
  (
    cd "$build/empty"
    echo '{"private": true}' >package.json
    npm install --no-audit --no-fund --loglevel=error "$build"/*.tgz
    "$project/sdk/typescript/node_modules/.bin/tsc" --noEmit --strict --exactOptionalPropertyTypes \
      --target es2022 --module nodenext --skipLibCheck consumer.mts consumer.cts
  )
  conform typescript node "$build/empty/driver.mjs"
  conform typescript-cjs node "$build/empty/driver.mjs" --cjs
  await_conformance
  start_foliod
  sample 'as it should' node "$build/empty/endings.mjs"
  sample 'accounts, ARR' node "$build/empty/portfolio_report.mjs"
  sample 'rejected 1' node "$build/empty/import_accounts.mjs"
  sample 'CHANGE_TYPE_UPDATED' node "$build/empty/watch_changes.mjs"
  watches_over_restarts node "$build/empty/watches.mjs"
}
