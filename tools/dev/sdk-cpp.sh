# For tools/dev/test-sdk, which sources this file: the C++ SDK, by the driver that the build made, and from its package,
# installed into an empty folder, by samples that are a project of their own.

test_sdk() {
  conform cpp "$bin/folio_sdk_driver"
  rm -rf "$build/prefix"
  cmake --install "$(dirname "$bin")" --component sdk --prefix "$build/prefix" >/dev/null
  local launcher
  launcher=$(command -v ccache || true)
  cmake -S sdk/cpp/samples -B "$build/samples" -G Ninja --log-level=WARNING -DCMAKE_PREFIX_PATH="$build/prefix" \
    ${launcher:+-DCMAKE_CXX_COMPILER_LAUNCHER=$launcher} >"$scratch/cmake" 2>&1 || fail "$(cat "$scratch/cmake")"
  cmake --build "$build/samples" >"$scratch/cmake" 2>&1 || fail "$(tail -n 40 "$scratch/cmake")"
  await_conformance
  start_foliod
  sample 'accounts, ARR' "$build/samples/portfolio_report"
  sample 'rejected 1' "$build/samples/import_accounts"
  sample 'CHANGE_TYPE_UPDATED' "$build/samples/watch_changes"
  watches_over_restarts "$bin/folio_sdk_watches"
}
