# For tools/dev/test-sdk, which sources this file: the Java SDK, from a repository of its own in an empty project.

# quietly ARGUMENT...: Maven without its chatter; what it said is shown where it fails.
quietly() {
  mvn -B -ntp "$@" >"$scratch/maven" 2>&1 || fail "mvn $*: $(grep -E 'ERROR|WARN' "$scratch/maven" | head -40)"
}

test_sdk() {
  need javac 'it is what this SDK is for'
  need mvn 'it builds this SDK'
  rm -rf "$build/repository" "$build/empty"
  quietly -f sdk/java deploy -DaltDeploymentRepository="built::file://$build/repository" -Dmaven.install.skip=true
  local form
  for form in '' -sources -javadoc; do
    compgen -G "$build/repository/example/folio/folio-client/*/folio-client-*$form.jar" >/dev/null || fail "no$form jar"
  done

  local main=$build/empty/src/main/java
  mkdir -p "$main"
  cp sdk/java/tests/pom.xml "$build/empty"
  cp sdk/java/tests/*.java sdk/java/samples/*.java "$main"
  quietly -f "$build/empty" -U process-classes -Dfolio.repository="file://$build/repository"
  local run=(java -XX:TieredStopAtLevel=1 -cp "$build/empty/target/classes:$build/empty/target/lib/*")
  conform java "${run[@]}" Driver
  await_conformance
  sample 'tried again' "${run[@]}" example.folio.ConnectionIsLost
  start_foliod
  sample 'as it should' "${run[@]}" Endings
  sample 'accounts, ARR' "${run[@]}" PortfolioReport
  sample 'rejected 1' "${run[@]}" ImportAccounts
  sample 'CHANGE_TYPE_UPDATED' "${run[@]}" WatchChanges
  watches_over_restarts "${run[@]}" Watches
}
