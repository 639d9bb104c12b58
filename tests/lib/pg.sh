# A private PostgreSQL for tests, to be sourced by bash:
#
#	. "$abs_top_srcdir/tests/lib/pg.sh"
#	dir=$(mktemp -d /tmp/mh.XXXXXX)
#	trap 'stop_pg "$dir"; rm -rf "$dir"' EXIT
#	start_pg "$dir"			# exports PGHOST (the socket's directory), PGPORT, PGUSER
#	createdb hall; psql -d hall ...
#
# It listens on a Unix socket only and lives in DIR/pgdata. PostgreSQL refuses to run
# as root, so root becomes the user `postgres` (or $PG_AS) for the server alone.
# Started again on the same DIR, it finds its data again.
#
# PG_OPTIONS	more options for the server ("-c max_connections=200")
# PG_FSYNC	"on" for measurements and crash tests; "off" otherwise

pg_bindir() {
	local b
	b=$(pg_config --bindir 2>/dev/null)
	if [ ! -x "$b/initdb" ]; then
		b=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
	fi
	if [ ! -x "$b/initdb" ]; then
		echo "pg.sh: no PostgreSQL server found: install the package postgresql" >&2
		return 1
	fi
	printf '%s\n' "$b"
}

# Runs a command as the server's user, in the server's directory: pg_as DIR COMMAND...
pg_as() {
	local dir=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		(cd "$dir/pgdata" && exec setpriv --reuid="${PG_AS:-postgres}" --regid="${PG_AS:-postgres}" --init-groups "$@")
	else
		(cd "$dir/pgdata" && exec "$@")
	fi
}

start_pg() {
	local dir=$1 bin host
	bin=$(pg_bindir) || return 1
	mkdir -p "$dir/pgdata" || return 1
	if [ "$(id -u)" = 0 ]; then
		chmod a+x "$dir"
		chown "${PG_AS:-postgres}:" "$dir/pgdata" || return 1
	fi
	chmod 700 "$dir/pgdata"
	if ! pg_as "$dir" true 2>/dev/null; then
		echo "pg.sh: the server's user cannot enter $dir: use a directory under /tmp" >&2
		return 1
	fi
	# The name of a socket has room for 107 bytes.
	host=$dir/pgdata
	if [ ${#host} -gt 80 ]; then
		host=$(cat "$dir/pgsocket" 2>/dev/null || mktemp -d /tmp/mh-pg.XXXXXX)
		printf '%s\n' "$host" >"$dir/pgsocket"
		mkdir -p -m 700 "$host"
		[ "$(id -u)" != 0 ] || chown "${PG_AS:-postgres}:" "$host"
	fi
	if [ ! -f "$dir/pgdata/PG_VERSION" ]; then
		# The socket's directory is closed to everybody else, so trust is enough.
		pg_as "$dir" "$bin/initdb" -D "$dir/pgdata" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 -N \
			>"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; return 1; }
	fi
	pg_as "$dir" "$bin/pg_ctl" -D "$dir/pgdata" -l "$dir/pgdata/server.log" -w -t 60 -s \
		-o "-c listen_addresses='' -c unix_socket_directories='$host' -c port=5432 -c fsync=${PG_FSYNC:-off} ${PG_OPTIONS:-}" \
		start >/dev/null || { tail -n 20 "$dir/pgdata/server.log" >&2; return 1; }
	unset PGPASSWORD PGSERVICE PGDATABASE PGHOSTADDR
	export PGHOST=$host PGPORT=5432 PGUSER=postgres
	export PATH="$PATH:$bin"
}

# stop_pg DIR [smart|fast|immediate]: immediate is what a crash looks like to the clients.
stop_pg() {
	local dir=$1 bin
	[ -f "$dir/pgdata/postmaster.pid" ] || return 0
	bin=$(pg_bindir) || return 1
	pg_as "$dir" "$bin/pg_ctl" -D "$dir/pgdata" -m "${2:-fast}" -w -s stop >/dev/null
	[ ! -f "$dir/pgsocket" ] || rmdir "$(cat "$dir/pgsocket")" 2>/dev/null || :
}
