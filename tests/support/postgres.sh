#!/bin/sh
# A private PostgreSQL server for tests, on a loopback port, in a folder of its own.
#
#   tests/support/postgres.sh start DIR   starts it and prints the address for VRS_TEST_POSTGRES
#   tests/support/postgres.sh stop DIR    stops it and removes DIR
#
# PostgreSQL refuses to run as root; then the server runs as the user "nobody". Durability is switched to the cheapest
# level that our own check at opening accepts: a test database may be lost, but it must look like a real one.
set -eu

usage() { echo "usage: $0 start|stop DIR" >&2; exit 2; }
[ $# -eq 2 ] || usage
dir=$2

# The newest installed server; Debian keeps its programs outside the search path.
bin=$(dirname "$(command -v initdb 2>/dev/null || ls -1 /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL is not installed (Debian: apt-get install postgresql)" >&2; exit 1; }
bin=$(dirname "$(readlink -f "$bin/initdb")")

# Runs a command as the user who owns the server.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        # From a folder that this user may enter.
        (cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=/nonexistent "$@")
    else
        "$@"
    fi
}

case $1 in
start)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    [ ! -e "$dir/data" ] || { echo "$dir: a server was started here before; stop it first" >&2; exit 1; }
    [ "$(id -u)" -ne 0 ] || chown nobody:nogroup "$dir"
    as_owner "$bin/initdb" --pgdata "$dir/data" --username vrs --auth trust --encoding UTF8 --locale C.UTF-8 \
        --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
    # A free port: tried until the server starts, because another program may take it meanwhile.
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        port=$(( 20000 + ($$ + attempt * 977) % 20000 ))
        if as_owner "$bin/pg_ctl" start --pgdata "$dir/data" --wait --timeout 60 --silent --log "$dir/log" \
            -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off \
                -c full_page_writes=off -c synchronous_commit=on -c max_connections=200" >/dev/null 2>&1; then
            echo "postgres://vrs@127.0.0.1:$port"
            exit 0
        fi
    done
    echo "the server did not start:" >&2
    tail -n 20 "$dir/log" >&2 || true
    exit 1
    ;;
stop)
    [ -d "$dir/data" ] || { echo "$dir: no server was started here" >&2; exit 1; }
    dir=$(cd "$dir" && pwd)
    as_owner "$bin/pg_ctl" stop --pgdata "$dir/data" --mode immediate --wait --silent || true
    rm -rf "$dir"
    ;;
*) usage ;;
esac
