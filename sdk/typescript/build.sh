#!/usr/bin/env bash
# Generates the messages from the contract and compiles the package, as ES modules and as CommonJS. Needs protoc.
set -euo pipefail
cd "$(dirname "$0")"

rm -rf src/gen dist
mkdir -p src/gen
PATH=$PWD/node_modules/.bin:$PATH protoc -I../../proto --es_out=src/gen --es_opt=target=ts,import_extension=js \
  ../../proto/folio/v1/*.proto ../../proto/google/{api,rpc,type}/*.proto
{
  echo '// Every message and service of the contract.'
  for file in src/gen/folio/v1/*_pb.ts; do
    echo "export * from './folio/v1/$(basename "${file%.ts}").js';"
  done
} >src/gen/index.ts
node_modules/.bin/tsc --outDir dist/esm
node_modules/.bin/tsc --outDir dist/cjs --module commonjs --moduleResolution node10 --ignoreDeprecations 6.0
echo '{"type": "commonjs"}' >dist/cjs/package.json
cp ../../LICENSE .
