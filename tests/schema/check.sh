# check: each thing that can be wrong, with what to do; beside a running hall no handshake.
share=$dir/installed
mkdir -p "$share/lang"
cp -r "$src/schema" "$src/share/kinds" "$share/"
cp "$build"/share/lang/*.res "$share/lang/" || not_ok "catalogues" "are not built in $build/share/lang"

# A port of this machine on which nothing listens.
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

db=checked
conf checked "$share"
echo "port = $port" >>"$dir/checked.conf"
does 1 'ok +configuration' check
does 1 'FAIL database: .*does not exist; create it with createdb' check
createdb checked
does 1 'ok +database' check
does 1 'FAIL schema: .*run .moothallctl db init' check
does 0 '' db init
does 1 'FAIL roster: no room .* roster import' check
does 1 'FAIL kinds: none .* kind load' check
does 0 '' roster import "$src/contrib/roster-sample.csv"
does 0 '' kind load
does 1 'ok +roster: 3 units, 3 rooms, 4 staff' check
does 1 'ok +catalogues' check
does 1 'ok +hall: none is running' check
does 1 "FAIL server: .*(start the XMPP server|refused|connect)" check
does 1 "FAIL rooms' service" check
does 1 '"ok":false,"checks":\[\{"what":"configuration","ok":true' check --json
check "the lock is given back" "" "$(ask "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")"

# Somebody holds the lock.
psql -X -qAt -d checked -c "SELECT pg_advisory_lock(hashtextextended('moothall:hall.example.org', 0))" -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 &
holder=$!
for _ in $(seq 100); do
	[ -z "$(ask "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")" ] || break
	sleep 0.1
done
does 1 'FAIL hall: .*no hall reports itself' check
hall() {
	ask "INSERT INTO process (component, epoch, host, pid, version, started, renewed, stream, stream_note, rooms, rooms_live, generation)
		VALUES ('hall.example.org', nextval('epoch'), 'here', 7, 'test', now(), now() - interval '$1 s', '$2', '$3', 3, $4,
		(SELECT value::bigint FROM setting WHERE key = 'generation') - $5)"
}
hall 1 up '' 3 0
does 0 'ok +hall: process 7 on here' check
does 0 'ok +server: the running hall' check
does 0 '3 of 3 are live' check
hall 100 up '' 3 0
does 1 'FAIL hall: .*it hangs' check
hall 1 down 'the secret is wrong' 3 0
does 1 "FAIL server: the running hall's stream is down: the secret is wrong" check
hall 1 up '' 2 0
does 1 'FAIL rooms: 2 of 3 are live' check
hall 1 up '' 3 1
does 1 'FAIL loaded: .*not loaded the newest' check
kill "$holder"
wait "$holder" 2>/dev/null
