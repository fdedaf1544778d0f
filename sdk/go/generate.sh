#!/usr/bin/env bash
# Generates what follows from the contract: the messages and stubs in foliov1, and the copy of the service configuration
# that is built in. Needs protoc and Go; the plugins are those that tools/go.sum pins.
set -euo pipefail
cd "$(dirname "$0")"

plugins=$(mktemp -d)
trap 'rm -rf "$plugins"' EXIT
(cd tools && GOBIN=$plugins go install tool)

mapping=()
for file in ../../proto/folio/v1/*.proto; do
  mapping+=("--go_opt=Mfolio/v1/${file##*/}=folio.example/sdk/go/foliov1"
    "--go-grpc_opt=Mfolio/v1/${file##*/}=folio.example/sdk/go/foliov1")
done
rm -rf foliov1
PATH=$plugins:$PATH protoc -I../../proto --go_out=. --go_opt=module=folio.example/sdk/go --go-grpc_out=. \
  --go-grpc_opt=module=folio.example/sdk/go "${mapping[@]}" ../../proto/folio/v1/*.proto
cp ../service_config.json .
