# For tools/dev/test-sdk, which sources this file: the Python SDK, from its wheel in empty environments.

# environment NAME CONSTRAINTS REQUIREMENT...: a virtual environment with just that.
environment() {
  local folder=$build/$1 constraints=$2
  shift 2
  rm -rf "$folder"
  python3 -m venv "$folder"
  PIP_CONSTRAINT=$constraints "$folder/bin/pip" install -q --disable-pip-version-check "$@"
}

test_sdk() {
  need python3 'it is what this SDK is for'
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail 'Python 3.11 or later is needed'
  rm -rf "$build"/*.whl sdk/python/build
  PIP_CONSTRAINT=$project/sdk/python/constraints-build.txt python3 -m pip wheel -q --disable-pip-version-check \
    --no-deps -w "$build" sdk/python
  local wheel
  wheel=$(echo "$build"/*.whl)
  environment latest "$project/sdk/python/constraints.txt" "$wheel[pandas,arrow]" mypy
  environment floor "$project/sdk/python/constraints-floor.txt" "$wheel"

  conform python "$build/latest/bin/python" sdk/python/tests/driver.py
  conform python-async "$build/latest/bin/python" sdk/python/tests/driver.py --async
  conform python-floor "$build/floor/bin/python" sdk/python/tests/driver.py
  await_conformance

  "$build/latest/bin/mypy" --config-file sdk/python/pyproject.toml --cache-dir "$build/mypy" -p folio
  start_foliod
  local environment
  for environment in latest floor; do
    "$build/$environment/bin/python" sdk/python/tests/test_package.py
  done
  sample 'accounts, ARR' "$build/latest/bin/python" sdk/python/samples/portfolio_report.py
  sample 'rejected 1' "$build/latest/bin/python" sdk/python/samples/import_accounts.py
  sample 'CHANGE_TYPE_UPDATED' "$build/latest/bin/python" sdk/python/samples/watch_changes.py
  watches_over_restarts "$build/latest/bin/python" sdk/python/tests/watches.py
  watches_over_restarts "$build/latest/bin/python" sdk/python/tests/watches.py --async
}
