#!/bin/sh
# Writes what PHP serialises and what a Redis server saves: database-fixtures.sh FOLDER
# Needs php and redis-server. Tests put tokens in the place of the markers, which are as long.
set -eu
mkdir -p "$1"
folder=$(cd "$1" && pwd)
marker() { printf 'placeholderforatokenoffortyhexadecimal_%s' "$1"; }
php -n -r 'echo serialize(["user" => "bob", "smtp_password" => $argv[1], "n" => [1, 2.5, null, true, "api_key" => $argv[2]]]);' \
  "$(marker 0)" "$(marker 1)" > "$folder/array.serialized"
work=$(mktemp -d)
redis-server --port 0 --unixsocket "$work/socket" --dir "$work" --save '' --appendonly yes \
  --aof-use-rdb-preamble no > "$work/log" &
sleep 1
client() { redis-cli -s "$work/socket" "$@" > "$work/answer"; }
client SET smtp_password "$(marker 0)"
client HSET config host localhost db_password "$(marker 1)"
client SET app:api_token "$(marker 2)" EX 9999999
# A session in JSON, a text that is compressed, a table too large to be packed, one that is compressed.
client SET session:1 '{"user":"bob","password":"Pelican-58-Otter"}'
client SET page "$(seq 1 300 | tr '\n' ' ') password: Kestrel-41-Lagoon"
client HSET large $(seq 1 600 | sed 's/.*/field& &/') client_secret "$(marker 3)"
client HSET packed $(seq 1 60 | sed 's/.*/field& value/') ftp_password Lagoon-73-Kestrel
client RPUSH list 1 2 300 70000 5000000000 -7
client SADD numbers 1 2 3
client ZADD ranks 1.5 one 2 two
cp "$work"/appendonlydir/*.incr.aof "$folder/appendonly.aof"
client SAVE
cp "$work/dump.rdb" "$folder/dump.rdb"
client SHUTDOWN NOSAVE || true
rm -r "$work"
