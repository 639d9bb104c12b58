# The ledger: append-only, chained, without words; and each function taken once by its key.
db=hall
hold="(SELECT max(id) FROM process), (SELECT max(epoch) FROM process), '2026-11-23 09:00Z'"
ask "INSERT INTO unit (code, kind, name) VALUES ('u', 'station', 'U');
	INSERT INTO room (code, unit_id, title) SELECT 'r', id, 'R' FROM unit;
	INSERT INTO room (code, unit_id, title) SELECT 'r2', id, 'R2' FROM unit" >/dev/null
ask "SELECT hall_start('hall.example.org', 'here', 7, 'test', '2026-11-23 09:00Z')" >/dev/null
open() {
	ask "SELECT outcome FROM request_open($hold, (SELECT id FROM room WHERE code = 'r'), '$1', 'lost_item', 'sure', 'room', false, false, false, false,
		'$1', '2026-11-23 09:00Z', 'ann@example.org', 'Ann', 'my schoolbag is lost', '{}', '\\x01', 'resident', NULL, '[]', '[]')"
}
change() {
	ask "SELECT outcome FROM request_change($hold, (SELECT id FROM room WHERE code = 'r'), '$1', $2, '{open,answered,done}', '$3', '', $4, NULL,
		'2026-11-23 09:01Z', 'resident', NULL, NULL, 'ann@example.org', NULL, NULL, NULL, 'added', 'a red one', '{}', '\\x02', '[]', '[]', '{}')"
}
check "a matter is opened" done "$(open k1)"
check "the same line again opens nothing" again "$(open k1)"
check "another line does" done "$(open k2)"
n=$(ask 'SELECT min(number) FROM request')
check "a change" done "$(change k3 "$n" added NULL)"
check "the same change again" again "$(change k3 "$n" added NULL)"
check "its end" done "$(change k4 "$n" closed "'closed'")"
check "no change after the end" clash "$(change k5 "$n" added NULL)"
check "no such matter" absent "$(change k6 9999 added NULL)"
check "events" "opened opened added closed" "$(ask "SELECT string_agg(what, ' ' ORDER BY seq) FROM request_event")"
check "the chain holds" "" "$(ask "SELECT * FROM ledger_check((SELECT id FROM room WHERE code = 'r'))")"
check "no words and no address in the ledger" 0 \
	"$(ask "SELECT count(*) FROM request_event e WHERE e::text ~* 'schoolbag|red one|ann@|Ann'")"

refuses "an event is not changed" "UPDATE request_event SET what = 'x'" 'append-only'
refuses "an event is not deleted" "DELETE FROM request_event" 'append-only'
refuses "events are not emptied" "TRUNCATE request_event CASCADE" 'append-only'
refuses "words do not fit into an event" "INSERT INTO request_event SELECT room_id, 99, request, what, 'my bag', state, strength, at, recorded,
	role, staff, released_by, person, digest, prev_hash, hash FROM request_event LIMIT 1" 'check constraint'

tampered() {
	check "$1" "$3" "$(ask "BEGIN; ALTER TABLE request_event DISABLE TRIGGER USER; $2;
		SELECT string_agg(seq || ' ' || fault, ', ') FROM ledger_check((SELECT id FROM room WHERE code = 'r')); ROLLBACK")"
}
tampered "nothing done, nothing found" "SELECT 1 WHERE false" ""
tampered "a changed time is found" "UPDATE request_event SET at = at - interval '1 hour' WHERE seq = 2" "2 row changed"
tampered "a changed digest is found" "UPDATE request_event SET digest = NULL WHERE seq = 1" "1 row changed"
tampered "a missing row is found" "DELETE FROM request_event WHERE seq = 2" "3 chain broken"
tampered "a row that hashes itself anew is found" "UPDATE request_event e SET state = 'closed',
	hash = sha256(prev_hash || 'x') WHERE seq = 2" "2 row changed, 3 chain broken"

does 0 'my schoolbag is lost' request show "$n"
does 0 '"events":\[.*"words":\[.*schoolbag' request show "$n" --json
does 0 '"closed_how":"confirmed"' request list --all --json
does 1 'no matter #9999' request show 9999
ask "UPDATE request SET erase_after = '2026-11-01Z' WHERE number = $n; UPDATE person SET erase_after = '2026-11-01Z'"
check "words are erased" 1 "$(ask "SELECT erase_due($hold)")"
check "only those of the matter" "0 1" "$(ask "SELECT (SELECT count(*) FROM request_text WHERE request = $n) || ' ' ||
	(SELECT count(*) FROM request_text WHERE request <> $n)")"
check "and the address" 1 "$(ask 'SELECT count(*) FROM person WHERE address IS NULL')"
check "the chain holds without the words" "" "$(ask "SELECT * FROM ledger_check((SELECT id FROM room WHERE code = 'r'))")"
check "twice erases nothing more" 0 "$(ask "SELECT erase_due($hold)")"
if ctl request show "$n" | grep -q schoolbag; then not_ok "an erased matter shows no words"; else ok; fi

# Another hall starts: the first holds nothing any more.
ask "SELECT hall_start('hall.example.org', 'there', 8, 'test', '2026-11-23 09:30Z')" >/dev/null
hold="(SELECT min(id) FROM process), (SELECT min(epoch) FROM process), '2026-11-23 09:31Z'"
check "the old holder cannot write" lost "$(open k9)"
