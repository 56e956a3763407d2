#!/usr/bin/env bash
# Ends with 0 where GET PATH on this machine's PORT answers 200, else with 1. The image has no curl: bash speaks TCP by itself.
# Usage: health.sh [PATH [PORT]]
set -u
path=${1:-/healthz}
port=${2:-8080}
# A refused connection ends an exec; the message is one line for "docker inspect".
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$path" >&3
if ! read -r -t 3 _ status _ <&3; then
  echo "$path on port $port did not answer within 3 s"
  exit 1
fi
[ "$status" = 200 ] && exit 0
echo "$path on port $port answers $status"
exit 1
