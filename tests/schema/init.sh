# db init on an empty database only, and nothing without it.
new_db hall
does 1 'is empty; run `moothallctl db init`' room list
does 1 'is empty; run `moothallctl db init`' db upgrade
does 0 'version [0-9]+' db init
before=$(dump hall)
does 1 'has a schema of Moot Hall already' db init
check "a refused init changes nothing" "$before" "$(dump hall)"
does 0 'already at version' db upgrade
does 0 '"schema_version":[0-9]+' db upgrade --json
check "one row says the version" 1 "$(ask 'SELECT count(*) FROM schema_version')"
check "when it was applied" t "$(ask "SELECT applied > now() - interval '1 hour' FROM schema_version")"
check "nothing but the schema was created" "0 0 0" \
	"$(ask "SELECT concat_ws(' ', (SELECT count(*) FROM unit), (SELECT count(*) FROM room), (SELECT count(*) FROM kind))")"
check "every table has a comment" "" \
	"$(ask "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
		AND obj_description(oid, 'pg_class') IS NULL")"
check "what is personal has an end" 5 \
	"$(ask "SELECT count(*) FROM pg_attribute WHERE attname = 'erase_after' AND attnotnull
		AND attrelid IN ('person'::regclass, 'preference'::regclass, 'request'::regclass, 'request_text'::regclass, 'outbox'::regclass)")"

new_db other
ask 'CREATE TABLE theirs (a int)'
does 1 'is not empty: it has theirs' db init
check "a foreign database is left alone" 1 "$(ask "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")"
