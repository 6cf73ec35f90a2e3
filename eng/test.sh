#!/usr/bin/env bash
# Builds, runs every test project and ends with `N passed, N failed, N skipped`, counted from the TRX files.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
configuration=${CONFIGURATION:-Release}
results=$PWD/artifacts/test-results
rm -rf "$results" && mkdir -p "$results"

eng/packages.sh
if ! dotnet build Cutover.slnx -c "$configuration" --nologo -v quiet; then
  echo "The build failed, so no test ran."
  echo "0 passed, 1 failed" | tee "$results/totals.txt"
  exit 1
fi

crashed=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  program=$project/bin/$configuration/net10.0/$name
  trx=$results/$name.trx
  echo "== $name"
  "$program" --results-directory "$results" --report-trx --report-trx-filename "$name.trx" --no-progress --no-ansi \
    >"$results/$name.log" 2>&1
  code=$?
  grep -E '^(failed|skipped|  *(from|at) )|^Test run summary|error|total:|failed:|succeeded:|duration:' "$results/$name.log" | head -60
  # 8 is "no test ran". A crash leaves a TRX that says 0 failed, or none at all: it counts as one failed test.
  failed=$(grep -o '<Counters [^>]*' "$trx" 2>/dev/null | grep -o 'failed="[0-9]*"' | tr -dc 0-9)
  if [ "$code" -ne 0 ] && [ "${failed:-0}" = 0 ]; then
    echo "$name ended with code $code without a failed test:"
    tail -20 "$results/$name.log"
    crashed=$((crashed + 1))
  fi
done

sum() { cat "$results"/*.trx 2>/dev/null | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{s+=$1} END {print s+0}'; }
passed=$(sum passed)
failed=$(($(sum failed) + crashed))
skipped=$(($(sum total) - $(sum executed)))
[ "$passed" -eq 0 ] && [ "$failed" -eq 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped" | tee "$results/totals.txt"
[ "$failed" -eq 0 ]
