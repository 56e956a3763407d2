#!/usr/bin/env bash
# Makes the password of Redis, once, as the two files that docker-compose.yml (profile "cluster") hands to Redis and to the nodes.
# No password then stands in docker-compose.yml, in an environment or in a command line, where "docker inspect" and "ps" would show it.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)/secrets
if [ -e "$folder/redis-auth.conf" ] || [ -e "$folder/node-settings.json" ]; then
  echo "There are secrets in $folder already. To change the password, stop the cluster, delete the folder and run this again." >&2
  exit 1
fi
# The folder keeps others on this machine out; the files may be read by the users of the containers, which are not ours.
mkdir -p -m 700 "$folder"
password=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
printf 'requirepass %s\n' "$password" > "$folder/redis-auth.conf"
printf '{ "Redis": { "Connection": "redis:6379,password=%s" } }\n' "$password" > "$folder/node-settings.json"
chmod 644 "$folder/redis-auth.conf" "$folder/node-settings.json"
echo "Made $folder/redis-auth.conf and $folder/node-settings.json."
