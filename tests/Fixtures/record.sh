#!/usr/bin/env bash
# Records what a version of the server leaves behind, so that tests can show that later versions open it. README.md says what is kept.
#   record.sh PUBLISHED VERSION
#     PUBLISHED  a folder made by 'dotnet publish src/OutageAggregator.Server'
#     VERSION    the name of the folder to make beside this file
# Needs curl, jq, tar, redis-server and redis-cli, and about a minute: the story is told on a clock that runs 60 times as fast as ours.
set -euo pipefail
published=$(cd "$1" && pwd)
fixture=$(cd "$(dirname "$0")" && pwd)/$2
work=$(mktemp -d)
secret=only-for-fixtures-of-the-tests
url='' server='' redis=''
finish() {
  for process in $server $redis; do kill -KILL "$process" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
[ ! -e "$fixture/sqlite" ] || { echo "$fixture was recorded before, and stays as it is." >&2; exit 2; }

# --- The server and Redis. $state is the folder that becomes a fixture: data/ of the server, and of Redis dump.rdb and expiry.txt.

# Starts the server and waits until it takes reports: serve CLOCK SPOOL [OPTION...]
serve() {
  jq -n --arg key "fixture ingest,admin key:$secret" --argjson spool "$2" \
    '{ Keys: [$key], Watching: { Shadow: "negative-binomial" }, Spool: { Enabled: $spool } }' >"$work/settings.json"
  : >"$work/server.log"
  url=''
  dotnet "$published/OutageAggregator.Server.dll" --urls http://127.0.0.1:0 --trust-proxy 127.0.0.1/32 \
    --settings "$work/settings.json" --data "$state/data" --clock "$1" "${@:3}" >"$work/server.log" 2>&1 &
  server=$!
  until [ -n "$url" ] && curl -sf "$url/readyz" >/dev/null; do
    url=$(sed -nE 's/^OutageAggregator is at ([^,]+),.*/\1/p' "$work/server.log")
    kill -0 "$server" || { cat "$work/server.log" >&2; exit 1; }
    sleep 0.1
  done
}

stop_server() {
  kill -TERM "$server"
  wait "$server" || { cat "$work/server.log" >&2; exit 1; }
  server=''
}

# Starts Redis on what dump.rdb holds, or empty, with the times to live that were noted beside it.
start_redis() {
  port=$((20000 + RANDOM % 2768))
  redis-server --port "$port" --bind 127.0.0.1 --dir "$state" --save '' >"$work/redis.log" 2>&1 &
  redis=$!
  # Not another one that had the port already.
  until redis-cli -p "$port" INFO server 2>/dev/null | grep -q "process_id:$redis"; do
    kill -0 "$redis" || { cat "$work/redis.log" >&2; exit 1; }
    sleep 0.1
  done
  if [ -f "$state/expiry.txt" ]; then redis-cli -p "$port" <"$state/expiry.txt" >/dev/null; fi
}

# Writes dump.rdb. A time to live ends at an instant of the real clock, and Redis drops a key that is past it when it reads the file.
# So the time that each key has left is noted as a command for later, and in the file all keys stay.
dump_redis() {
  : >"$state/expiry.txt"
  redis-cli -p "$port" --scan | sort | while read -r key; do
    left=$(redis-cli -p "$port" PTTL "$key" </dev/null)
    [ "$left" -lt 0 ] || echo "PEXPIRE $key $left" >>"$state/expiry.txt"
    redis-cli -p "$port" PERSIST "$key" </dev/null >/dev/null
  done
  redis-cli -p "$port" SAVE >/dev/null
}

kill_redis() {
  kill -KILL "$redis"
  wait "$redis" 2>/dev/null || true
  redis=''
}

# --- What people do.

# One person reports; answered with the receipt: report PERSON JSON
report() {
  curl -sf "$url/api/v1/reports" -H "X-Forwarded-For: 198.18.$(($1 / 256)).$(($1 % 256))" -H 'Content-Type: application/json' -d "$2"
}

# As many new people report a service in three countries at once, as a partner tells it: crowd SERVICE PEOPLE
crowd() {
  jq -nc --arg service "$1" --argjson first "$people" --argjson count "$2" \
    'range($count) | { service: $service, region: (["IT", "US", "DE"][. % 3]), problem: (["login", "unavailable", "errors", "slow"][. % 4]),
      surface: (["web", "ios", "android", "api", "desktop"][. % 5]), reporter: "person-\($first + .)" }' | send "crowd-$people"
  people=$((people + $2))
}

# Sends a batch, NDJSON from the input: send IDEMPOTENCY_KEY
send() {
  curl -sf "$url/api/v1/reports/batch" -H "Authorization: Bearer $secret" -H 'Content-Type: application/x-ndjson' \
    -H "Idempotency-Key: $1" --data-binary @-
}

# Says of an incident what it was: review INCIDENT JSON
review() {
  curl -sf -X PUT "$url/api/v1/incidents/$1/review" -H "Authorization: Bearer $secret" \
    -H 'Content-Type: application/json' -d "$2" >/dev/null
}

read_api() { curl -sf "$url$1"; }

now() { read_api /api/v1/services/chatgpt | jq -r '.freshness.observedAt'; }

# The minute that lies so many minutes after an instant, and five seconds: after INSTANT MINUTES
after() { date -u -d "@$(($(date -u -d "$1" +%s) / 60 * 60 + $2 * 60 + 5))" +%Y-%m-%dT%H:%M:%SZ; }

state_of() { read_api "/api/v1/incidents?service=$1" | jq -r '.items[0].state'; }

# Notes for expected.json: note JQ_PROGRAM [JQ_OPTION...]
note() {
  jq "${@:2}" "$1" "$work/notes.json" >"$work/notes.new"
  mv "$work/notes.new" "$work/notes.json"
}

# Notes the report of a receipt as one to be taken back later: keep RECEIPT
keep() { note '.withdraw += [$receipt | { address: .withdraw, service }]' --argjson receipt "$1"; }

# An incident that opens, peaks, ends and is reviewed; another one that is open still; and all kinds of reports around them.
tell_story() {
  local early receipt
  early=$(now)
  people=100
  echo '{ "withdraw": [] }' >"$work/notes.json"
  keep "$(report 1 '{ "service": "chatgpt", "problem": "login", "surface": "web", "region": "IT",
    "comment": "It asks for the code again and again.", "wentTo": "claude" }')"
  report 1 '{ "service": "chatgpt", "region": "FR" }' >/dev/null # once more: a duplicate
  report 2 '{ "service": "chatgpt", "region": "IT", "kind": "back" }' >/dev/null
  report 3 '{ "service": "whatsapp", "problem": "missing-data", "surface": "android", "region": "DE",
    "comment": "Le foto non arrivano. 写真が届かない。" }' >/dev/null
  report 4 '{ "service": "whatsapp", "surface": "ios", "region": "US" }' >/dev/null
  report 5 '{ "service": "claude", "problem": "payment", "surface": "desktop" }' >/dev/null # of no known region
  for minutes in 12 12 75; do # late
    report $people "{ \"service\": \"whatsapp\", \"region\": \"DE\", \"occurredAt\": \"$(after "$early" -$minutes)\" }" >/dev/null
    people=$((people + 1))
  done

  until [ "$(state_of chatgpt)" = open ]; do crowd chatgpt 12 >/dev/null; sleep 1; done
  for size in 30 45 30; do crowd chatgpt $size >/dev/null; sleep 1; done # the peak
  receipt=$(report 6 '{ "service": "chatgpt", "region": "US", "problem": "errors", "surface": "api" }')
  curl -sf -X DELETE "$url$(jq -r .withdraw <<<"$receipt")"
  note '.withdrawn = $receipt.withdraw' --argjson receipt "$receipt"
  until [ "$(state_of chatgpt)" = resolved ]; do
    report $people '{ "service": "chatgpt", "kind": "back", "region": "DE" }' >/dev/null
    people=$((people + 1))
    sleep 2
  done
  review chatgpt-1 '{ "verdict": "unclear", "reason": "Nobody has said anything yet." }'
  review chatgpt-1 '{ "verdict": "confirmed", "reason": "The provider said so on its status page." }'

  until [ "$(state_of claude)" = open ]; do crowd claude 20 >/dev/null; sleep 1; done
  # A batch to be sent again: of two services, with a reporter who is named twice.
  jq -nc '{ service: ("whatsapp", "claude"), region: "IT", reporter: ("a", "b", "a"), comment: "As a partner was told." }' \
    >"$work/batch.ndjson"
  receipt=$(send sent-once-more <"$work/batch.ndjson")
  note '.repeated = { key: "sent-once-more", body: $body, answer: $answer }' \
    --rawfile body "$work/batch.ndjson" --argjson answer "$receipt"
  keep "$(jq -c '.receipts[1]' <<<"$receipt")"
  keep "$(report 7 '{ "service": "claude", "region": "US", "problem": "slow", "surface": "web" }')"
  report 8 '{ "service": "whatsapp", "region": "IT" }' >/dev/null
  note '.reporter = { address: "198.18.0.8", service: "whatsapp" }'
}

# --- What is kept: the folder, packed, and what the version itself answers when it is started on it again.

# Packs the folder: pack KIND
pack() {
  mkdir -p "$fixture/$1"
  tar -C "$state" --sort=name --owner=0 --group=0 --numeric-owner --mtime=2024-11-09 --format=ustar -c $(ls "$state") |
    gzip -9n >"$fixture/$1/state.tar.gz"
}

# Writes expected.json, one answer a line: expect KIND INSTANT
# Left out are words, which may be said better later, and how fresh an answer is. Points of a series are written as columns, without their
# times, which follow from 'from' and 'step'.
expect() {
  local from=2024-11-08T22:00:00Z to=${2:0:17}00Z facts id address service region step
  state=$work/expected-$1
  mkdir "$state"
  tar -C "$state" -xzf "$fixture/$1/state.tar.gz"
  open "$1" "$2@1"
  until ! read_api /metrics | grep -E '^outage_spool_waiting_reports' | grep -vq ' 0$'; do sleep 0.1; done

  local addresses=("/api/v1/incidents?limit=100" /api/v1/track-record /api/v1/shadow)
  for id in $(read_api '/api/v1/incidents?limit=100' | jq -r '.items[].id'); do addresses+=("/api/v1/incidents/$id"); done
  for service in chatgpt claude whatsapp; do
    for region in world IT US DE; do
      for step in 1m 1h; do addresses+=("/api/v1/services/$service/series?region=$region&step=$step&from=$from&to=$to"); done
    done
    addresses+=("/api/v1/services/$service/series?problem=login&surface=web&step=1h&from=$from&to=$to")
  done

  facts='walk(if type == "object" then del(.freshness, .sentence, .label) else . end)
    | if .points then .points |= (. as $points | .[0] | del(.t) | with_entries(.key as $name | .value = [$points[][$name]])) else . end'
  note '.clock = $clock | .answers = {} | .withdraw[] |= { address, series: "/api/v1/services/\(.service)/series?\($query)" }' \
    --arg clock "$2@1" --arg query "step=1h&from=$from&to=$to"
  for address in "${addresses[@]}"; do
    read_api "$address" | jq -c "$facts" >"$work/answer.json"
    note '.answers[$address] = $answer[0]' --arg address "$address" --slurpfile answer "$work/answer.json"
  done
  jq -r 'def lines: "{\n" + (to_entries | map("\(.key | tojson): \(.value | tojson)") | join(",\n")) + "\n}";
    (.answers | lines) as $answers | (del(.answers) | lines)[:-2] + ",\n\"answers\": " + $answers + "\n}"' \
    "$work/notes.json" >"$fixture/$1/expected.json"
  close "$1"
}

# Starts what a kind consists of, and ends it: open KIND CLOCK
open() {
  if [ "$1" = sqlite ]; then
    serve "$2" false
  else
    start_redis
    serve "$2" "$([ "$1" = spool ] && echo true || echo false)" --storage redis --redis "127.0.0.1:$port"
  fi
}

close() {
  stop_server
  [ -z "$redis" ] || kill_redis
}

# --- The three fixtures.

for kind in sqlite redis; do
  echo "$kind: the story"
  state=$work/$kind
  mkdir "$state"
  open $kind 2024-11-08T23:50:00Z@60
  tell_story
  last=$(now)
  stop_server
  [ -z "$redis" ] || { dump_redis; kill_redis; }
  pack $kind
  echo "$kind: what it answers after a restart"
  expect $kind "$(after "$last" 5)"
done

# Goes on over what the second one left: reports that came while Redis was away, and were answered 202.
echo "spool: the reports"
state=$work/redis
echo '{ "withdraw": [] }' >"$work/notes.json"
open spool "$(after "$last" 10)@1"
report 20 '{ "service": "chatgpt", "region": "IT" }' >/dev/null
dump_redis
kill_redis
report 20 '{ "service": "chatgpt", "region": "US" }' >/dev/null # counted before Redis went, which nobody can know now
for person in 21 22 23 24 24; do
  report $person '{ "service": "chatgpt", "region": "IT", "problem": "login", "surface": "web",
    "comment": "Nothing loads.", "wentTo": "claude" }' >/dev/null
done
report 25 '{ "service": "whatsapp", "region": "DE", "kind": "back" }' >/dev/null
report 26 "{ \"service\": \"whatsapp\", \"region\": \"DE\", \"occurredAt\": \"$(after "$last" 0)\" }" >/dev/null
keep "$(report 27 '{ "service": "whatsapp", "region": "US", "surface": "ios" }')"
receipt=$(report 28 '{ "service": "whatsapp", "region": "US", "surface": "ios" }')
jq -e .provisional <<<"$receipt" >/dev/null || { echo "The report was not spooled: $receipt" >&2; exit 1; }
curl -sf -X DELETE "$url$(jq -r .withdraw <<<"$receipt")"
note '.withdrawn = $receipt.withdraw' --argjson receipt "$receipt"
note '.reporter = { address: "198.18.0.27", service: "whatsapp" }'
stop_server
pack spool
echo "spool: what it answers when Redis is back"
expect spool "$(after "$last" 15)"
du -sh "$fixture"
