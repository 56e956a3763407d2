#!/usr/bin/env bash
# Makes what only the containers of docker-compose.yml (profile "cluster") may know, once, in deploy/secrets:
#
#   redis-auth.conf      the password of Redis, as Redis reads it
#   node-settings.json   the same, as the nodes read it
#   reporter.key         what all nodes turn addresses into reporters with; one that lies there already is kept (data/store/reporter.key
#                        of an embedded node, so that its reporters and withdrawals are known on)
#
# So no password stands in docker-compose.yml, in an environment or in a command line, where "docker inspect" and "ps" would show it.
# Keep a copy of the folder away from the copies of Redis: together they tell who reported.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)/secrets
if [ -e "$folder/redis-auth.conf" ] || [ -e "$folder/node-settings.json" ]; then
  echo "There are secrets in $folder already. For another password stop the cluster, delete redis-auth.conf and node-settings.json there, and run this again." >&2
  exit 1
fi
# The folder keeps others on this machine out; the files are read by the users of the containers, which are not ours.
mkdir -p "$folder"
chmod 700 "$folder" # Docker may have made it, open to all, as a container asked for a file that was not there.
password=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
printf 'requirepass %s\n' "$password" > "$folder/redis-auth.conf"
printf '{ "Redis": { "Connection": "redis:6379,password=%s" } }\n' "$password" > "$folder/node-settings.json"
[ -e "$folder/reporter.key" ] || head -c 32 /dev/urandom > "$folder/reporter.key"
chmod 644 "$folder/redis-auth.conf" "$folder/node-settings.json" "$folder/reporter.key"
echo "Made the secrets of the cluster in $folder."
