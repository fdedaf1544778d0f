# For tools/dev/test-sdk, which sources this file: the Go SDK, from its packed module in an empty one.

test_sdk() {
  need go 'it is what this SDK is for'
  need protoc 'it generates the messages'
  sdk/go/generate.sh
  (cd sdk/go && [[ -z $(gofmt -l -- *.go internal samples) ]] || fail 'gofmt would change files of sdk/go')
  (cd sdk/go && go vet ./... && go test ./...)

  # A version of its own for each content: Go never looks twice at what it has seen under a version.
  local version
  version=v0.1.0-pre.h$(find sdk/go -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-16)
  rm -rf "$build/proxy" "$build/empty"
  sdk/go/pack.py "$version" "$build/proxy"
  mkdir "$build/empty"
  (
    cd "$build/empty"
    export GOPROXY="file://$build/proxy,$(go env GOPROXY)" GONOSUMDB=folio.example/sdk/go GOFLAGS=-mod=mod
    go mod init empty
    go get "folio.example/sdk/go@$version"
    local program
    for program in internal/{driver,watches} samples/{portfolio_report,import_accounts,watch_changes,same_job}; do
      go build -o "$build/${program##*/}" "folio.example/sdk/go/$program"
    done
  )
  conform go "$build/driver"
  await_conformance
  start_foliod
  sample 'accounts, ARR' "$build/portfolio_report"
  sample 'rejected 1' "$build/import_accounts"
  sample 'CHANGE_TYPE_UPDATED' "$build/watch_changes"
  watches_over_restarts "$build/watches"
}
