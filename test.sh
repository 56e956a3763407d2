#!/usr/bin/env bash
# Builds everything with warnings as errors, checks the format, runs every test project and counts. What CI runs.
# The last line is "N passed, N failed, N skipped", alone; the exit code is 0 only where nothing failed.
# Needs the .NET SDK. Chromium (browser tests), Redis, HAProxy and nginx are installed where that is possible, and named where it is not.
set -u -o pipefail
cd "$(dirname "$0")" || exit 1
# What runs for seconds never gets back what the compiler spends on watching it.
export DOTNET_TieredPGO=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
results=$PWD/TestResults
failures=()
rm -rf "$results"

say() { printf '\n== %s\n' "$*"; }

finish() {
  local counts
  counts=$(count)
  reasons
  for failure in ${failures[@]+"${failures[@]}"}; do echo "FAILED: $failure"; done
  printf '\n%s passed, %s failed, %s skipped\n' $counts
  read -r _ failed _ <<<"$counts"
  [ "$failed" -eq 0 ] && [ ${#failures[@]} -eq 0 ]
  exit
}

# Sums the counters of all trx files; a project that left none is among the failures already.
count() {
  local passed=0 failed=0 skipped=0 line
  for trx in "$results"/*.trx; do
    [ -f "$trx" ] || continue
    line=$(grep -o '<Counters [^>]*>' "$trx" | head -n 1)
    # Broken off: the project is named among the failures.
    [ -n "$line" ] || continue
    value() { sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p" <<<"$line"; }
    passed=$((passed + $(value passed)))
    failed=$((failed + $(value failed) + $(value error) + $(value timeout) + $(value aborted)))
    skipped=$((skipped + $(value total) - $(value executed)))
  done
  # A step that broke without a test result (build, format, a crashed host) counts as one failure, so that "0 failed" is never wrong.
  echo "$passed $((failed + (failed == 0 ? ${#failures[@]} : 0))) $skipped"
}

# Which tests failed, and the first words of why: of a long log often only the end is kept.
reasons() {
  for trx in "$results"/*.trx; do
    [ -f "$trx" ] || continue
    # One result a line: the writer puts many of them on one.
    sed 's/<UnitTestResult /\n&/g; s/<\/UnitTestResult>/&\n/g' "$trx" | awk '
      function tell() { if (name != "") { if (++told <= 12) print name ":" why; name = "" } }
      /<UnitTestResult / { tell(); name = /outcome="(Failed|Error|Timeout|Aborted)"/ && match($0, /testName="[^"]*"/) ? substr($0, RSTART + 10, RLENGTH - 11) : ""; why = ""; lines = 0 }
      name != "" && sub(/.*<Message>/, "") { lines = 1 }
      name != "" && lines > 0 { why = why " " $0; if (lines++ == 4 || /<\/Message>/) tell() }
      /<\/UnitTestResult>/ { tell() }
      END { if (told > 12) print "and " told - 12 " more" }'
  done | sed 's/<\/Message>.*//; s/&#xD;//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' | cut -c 1-500
}

# Installs a Debian package for a command that is missing; says so where it can't.
want() {
  local command=$1 package=$2 what_for=$3
  command -v "$command" >/dev/null 2>&1 && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing $package ($what_for)"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1
  fi
  command -v "$command" >/dev/null 2>&1 || echo "$command is missing and could not be installed here ($what_for): install the package '$package'."
}

if ! command -v dotnet >/dev/null 2>&1; then
  echo "The .NET SDK is missing: https://dotnet.microsoft.com/download (version $(sed -nE 's/.*"version": "([^"]+)".*/\1/p' global.json) or newer)."
  failures+=("no .NET SDK")
  finish
fi
mkdir -p "$results"

# The one without a window's parts takes half the time; not every system has it.
want chromium-headless-shell chromium-headless-shell "tests of the pages in a browser, fast"
command -v chromium-headless-shell >/dev/null 2>&1 || want chromium chromium "tests of the pages in a browser"
want redis-server redis-server "tests of the counts in Redis"
want haproxy haproxy "tests of the load balancer"
want nginx nginx "tests of the site behind a proxy"

# Runs a step over the whole solution, and names the projects in which it failed.
over_all() {
  local step=$1 log=$results/$1.txt project
  shift
  say "$step"
  "$@" 2>&1 | tee "$log" && return
  for project in $(grep -o '\[[^][]*csproj' "$log" | sed 's|.*/||; s|\.csproj$||' | sort -u); do failures+=("$step of $project"); done
  [ ${#failures[@]} -gt 0 ] || failures+=("$step")
  finish
}

over_all restore dotnet restore --verbosity quiet
# One compiler for all projects, whatever the machine prefers: twice as fast. It would stay.
over_all build dotnet build --no-restore --verbosity quiet --nologo -p:UseSharedCompilation=true
dotnet build-server shutdown --vbcscompiler >/dev/null

say "Format"
# White space, of all C# files. Style is what the build warns of, and the order of imported namespaces is a test.
dotnet format whitespace . --folder --verify-no-changes --verbosity quiet || failures+=("format: run 'dotnet format whitespace . --folder' and look at what it changed")

# Runs test projects one after the other, at a priority, and shows what each printed when it is over.
row() {
  local niceness=$1 project name tiering
  shift
  for project in "$@"; do
    name=$(basename "$project" .csproj)
    # Methods that are called often are compiled again, with more effort. It pays only where tests calculate for long (Replay.Tests takes 23 s
    # of processor with it and 89 without) or start demos, whose history takes a core for a minute and a half without it (Server.Tests).
    # Web.Tests takes 138 s with it and 102 without. The nodes of Cluster.Tests go without it, too: what they are held to is easier as shipped.
    [[ $name =~ \.(Core|Runtime|Replay|Server)\.Tests$ ]] && tiering=1 || tiering=0
    DOTNET_TC_CallCounting=$tiering nice -n "$niceness" dotnet test --project "$project" --no-build --no-progress --minimum-expected-tests 1 --results-directory "$results" --report-xunit-trx --report-xunit-trx-filename "$name.trx" >"$results/$name.txt" 2>&1 \
      || echo "$name" >>"$results/failed.txt"
    cat <(say "$name") "$results/$name.txt"
  done
}

# Tests of clusters and of whole servers keep a pace, measure for how long a fault is felt, and wait for most of their time. All others take what
# they leave of the machine.
paced=(tests/*.Cluster.Tests/*.csproj tests/*.Server.Tests/*.csproj)
others=()
for project in tests/*.Tests/*.csproj; do
  [[ " ${paced[*]} " == *" $project "* ]] || others+=("$project")
done
: >"$results/failed.txt"
# A row in the background would go on when this is interrupted.
trap 'trap - TERM; kill 0' INT
row 19 "${others[@]}" &
row 0 "${paced[@]}"
wait
while read -r name; do failures+=("$name"); done <"$results/failed.txt"

finish
