# Rosters: idempotent, all or nothing, ended and revived, a mode set by hand left alone.
new_db roster
does 0 '' db init
sample=$src/contrib/roster-sample.csv
state() { ask "SELECT (SELECT json_agg(u ORDER BY id) FROM unit u)::text || (SELECT json_agg(r ORDER BY id) FROM room r)::text ||
	(SELECT json_agg(s ORDER BY id) FROM staff s)::text || (SELECT json_agg(w ORDER BY unit_id, dow, opens) FROM unit_week w)::text"; }

does 0 'new +room +gate4' roster import "$sample" --dry-run
check "a dry run writes nothing" "0 1" "$(ask "SELECT (SELECT count(*) FROM unit) || ' ' || value FROM setting WHERE key = 'generation'")"
does 0 '10 changes written; generation 2' roster import "$sample"
before=$(state)
does 0 'nothing to change' roster import "$sample"
check "the second import changes nothing" "$before" "$(state)"
check "and is no news" 2 "$(generation)"
sed 's/^\xef\xbb\xbf//; 1s/^/\xef\xbb\xbf/; s/$/\r/' "$sample" >"$dir/bom.csv"
does 0 'nothing to change' roster import "$dir/bom.csv"
grep -v '^#' "$sample" | tac >"$dir/order.csv"
does 0 'nothing to change' roster import "$dir/order.csv"

check "weeks are read" "north 1 08:30:00-12:00:00" "$(ask "SELECT u.code || ' ' || dow || ' ' || opens || '-' || closes
	FROM unit_week w JOIN unit u ON u.id = w.unit_id WHERE u.code = 'north' ORDER BY dow, opens LIMIT 1")"
check "Chinese weeks too" "1,1,2,2,3,3,4,4,5,5,6,7" "$(ask "SELECT string_agg(dow::text, ',' ORDER BY dow)
	FROM unit_week w JOIN unit u ON u.id = w.unit_id WHERE u.code = 'hill'")"
check "24h is the whole week" "7 24:00:00" "$(ask "SELECT count(*) || ' ' || max(closes) FROM unit_week w JOIN unit u ON u.id = w.unit_id WHERE u.code = 'county'")"
check "the zone is the bureau's" Asia/Shanghai "$(ask "SELECT unit_zone(id) FROM unit WHERE code = 'north'")"

grep -v '^room,drivers' "$sample" | sed 's/,drivers;gate4/,gate4/; s/Sat 09:00-12:00/Sat 10:00-12:00/; s/鲍国,/鮑國,/' >"$dir/less.csv"
does 0 'ended +room +drivers' roster import "$dir/less.csv"
check "a room that is gone is ended, not deleted" 1 "$(ask "SELECT count(*) FROM room WHERE code = 'drivers' AND ended IS NOT NULL")"
check "what changed is changed" "鮑國 10:00:00" "$(ask "SELECT name || ' ' || (SELECT opens FROM unit_week w JOIN unit u ON u.id = w.unit_id
	WHERE u.code = 'north' AND dow = 6) FROM staff WHERE address = 'bao@example.org'")"
check "a write is news" 3 "$(generation)"
does 0 'revived +room +drivers' roster import "$sample"
check "back as it was" "$before" "$(state)"

ask "UPDATE room SET mode = 'addressed', mode_by_hand = true WHERE code = 'gate4'; UPDATE room SET mode = 'addressed' WHERE code = 'hill2'"
does 0 'changed +room +hill2 .mode' roster import "$sample"
check "a mode set by hand stays" "addressed normal" "$(ask "SELECT string_agg(mode, ' ' ORDER BY code) FROM room WHERE code IN ('gate4', 'hill2')")"
does 0 'nothing to change' roster import "$sample"

before=$(state)
cat >"$dir/bad.csv" <<-END
	unit,a,b,station,A,Asia/Nowhere,Mon 8-9,
	unit,b,a,station,B,,,
	room,x,nowhere,X,,,fr,,loud
	staff,Bao@Example.org,a,officer,Bao,,,,
	staff,bao@EXAMPLE.org,a,boss,Bao,,,,
END
does 1 'bad.csv:1: unit a is above itself' roster import "$dir/bad.csv"
does 1 'bad.csv:1: calendar: no hours' roster import "$dir/bad.csv"
does 1 'bad.csv:1: zone is "Asia/Nowhere"' roster import "$dir/bad.csv"
does 1 'bad.csv:2: unit b is above itself' roster import "$dir/bad.csv"
does 1 'bad.csv:3: unit is "nowhere"' roster import "$dir/bad.csv"
does 1 'bad.csv:3: lang is "fr"; write one of' roster import "$dir/bad.csv"
does 1 'bad.csv:3: mode is "loud"; write one of' roster import "$dir/bad.csv"
does 1 'bad.csv:5: staff bao@example.org stands on line 4' roster import "$dir/bad.csv"
does 1 'bad.csv:5: role is "boss"; write one of' roster import "$dir/bad.csv"
does 1 '"faults":\[\{"line":1' roster import --json "$dir/bad.csv"
printf 'unit,a,,station,A\nroom,x,a,"X\n' >"$dir/quote.csv"
does 1 'quote.csv: line 2: a quotation mark' roster import "$dir/quote.csv"
: >"$dir/empty.csv"
does 1 'no unit row' roster import "$dir/empty.csv"
does 1 'cannot read .*missing.csv' roster import "$dir/missing.csv"
check "bad files change nothing" "$before" "$(state)"

does 0 'gate4 .*bao@example.org' room list
does 0 '"units":.*"rooms":.*"staff":' roster show --json
check "--json is JSON" 3 "$(ctl roster show --json >"$dir/show.json"; ask "SELECT count(*) FROM json_object_keys(\$json\$$(cat "$dir/show.json")\$json\$)")"

# As large as a large prefecture.
awk 'BEGIN { print "unit,top,,bureau,Top,Asia/Shanghai,24h,"; for (i = 0; i < 10000; i++) {
	printf "room,r%d,top,Room %d,,a;b,zh-Hans,o%d@example.org,\n", i, i, i; printf "staff,o%d@example.org,top,officer,O %d,,r%d,,\n", i, i, i } }' >"$dir/large.csv"
new_db large
ctl db init >/dev/null
begun=$SECONDS
does 0 '20001 changes written' roster import "$dir/large.csv"
does 0 'nothing to change' roster import "$dir/large.csv"
[ $((SECONDS - begun)) -le 60 ] && ok || not_ok "10,000 rooms" "took $((SECONDS - begun)) s"
