# A fresh schema = the oldest one and its upgrades.
same_dump() {
	local out
	if out=$(diff <(dump "$2") <(dump "$3")); then ok; else not_ok "$1" "$out"; fi
}

known=$(sed -n 's/.*SCHEMA_VERSION = \([0-9]*\).*/\1/p' "$src/src/store/admin.h")
check "schema.sql has the version that the programs know" "$known" "$(db=hall; ask 'SELECT version FROM schema_version')"
for v in $(seq 2 "$known"); do
	[ -f "$src/schema/upgrades/$(printf %03d "$v").sql" ] && ok || not_ok "upgrade to $v" "schema/upgrades/$(printf %03d "$v").sql is missing"
	[ -f "$here/old/$(printf %03d $((v - 1))).sql" ] && ok || not_ok "old schema $((v - 1))" "tests/schema/old/$(printf %03d $((v - 1))).sql is missing"
done
for old in "$src"/schema/schema.sql "$here"/old/*.sql; do
	[ -f "$old" ] || continue
	new_db "old_$(basename "$old" .sql)"
	q -f "$old" >/dev/null || not_ok "$old" "cannot be created"
	does 0 'version' db upgrade
	same_dump "$old and its upgrades are today's schema" hall "$db"
done

# The machinery, whatever upgrades there are: a made-up version before the first that lacks everything but its number.
share=$dir/made-up
mkdir -p "$share/schema/upgrades"
made_up() {
	new_db "$1" "$share"
	q -f "$dir/oldest.sql" >/dev/null || not_ok "the made-up version" "cannot be created"
}
sed '/^CREATE SEQUENCE epoch/,$d' "$src/schema/schema.sql" >"$dir/oldest.sql"
echo "INSERT INTO schema_version VALUES (0, 'epoch');" >>"$dir/oldest.sql"
sed -n '/^CREATE SEQUENCE epoch/,${/INTO schema_version/d;p}' "$src/schema/schema.sql" >"$share/schema/upgrades/001.sql"
cp "$src"/schema/upgrades/*.sql "$share/schema/upgrades/" 2>/dev/null

made_up first
does 1 'is old: version 0.*db upgrade' room list
does 0 'upgraded to version 1' db upgrade
does 0 'already at version' db upgrade
same_dump "an upgraded database is a fresh one" hall first
check "an upgrade is an administrator's write" 2 "$(generation)"
does 0 '' room list

made_up broken
{
	echo 'CREATE TABLE half (a int);'
	echo 'SELECT 1/0;'
} >"$share/schema/upgrades/001.sql"
does 1 '001.sql: .*division by zero' db upgrade
check "a failed upgrade leaves nothing" 0 "$(ask "SELECT version FROM schema_version WHERE to_regclass('half') IS NULL")"
echo 'CREATE TABEL half (a int);' >"$share/schema/upgrades/001.sql"
does 1 '001.sql:1: syntax error' db upgrade
rm "$share/schema/upgrades/001.sql"
does 1 '001.sql is not there' db upgrade

db=hall
ask "UPDATE schema_version SET version = $known + 8"
does 1 "is newer: version $((known + 8))" room list
does 1 "is newer: version $((known + 8))" db upgrade
ask "UPDATE schema_version SET version = $known"

made_up running
ask "INSERT INTO process (component, epoch, host, pid, version, started, renewed)
	VALUES ('hall.example.org', 1, 'here', 7, 'test', now(), now())"
echo 'SELECT 1;' >"$share/schema/upgrades/001.sql"
does 1 'a hall is running .hall.example.org on here, process 7.; stop it' db upgrade
