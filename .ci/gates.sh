# Sourced by run and nightly: counts the gates that pass and those that fail.
export CI=true TURBO_TELEMETRY_DISABLED=1 NO_COLOR=1

passed=0
failed=0
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# gate NAME COMMAND...: prints one line for a gate that passes, and the whole output of one that fails.
gate() {
  local name=$1 start=$SECONDS output
  shift
  if output=$("$@" 2>&1 </dev/null); then
    passed=$((passed + 1))
    echo "ok      $name ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    printf '%s\n' "$output"
    echo "FAILED  $name ($((SECONDS - start)) s)"
  fi
}

# tests NAME COMMAND...: runs tests through vitest and counts each; a file that does not load counts as one failure.
tests() {
  local name=$1 start=$SECONDS status ok bad
  shift
  : >"$results"
  "$@" --reporter=default --reporter=json --outputFile.json="$results" </dev/null
  status=$?
  read -r ok bad < <(node -p 'const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")); `${r.numPassedTests} ${r.numFailedTests}`' "$results" || echo "0 1")
  [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  passed=$((passed + ok))
  failed=$((failed + bad))
  echo "$name: $ok passed, $bad failed ($((SECONDS - start)) s)"
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}
