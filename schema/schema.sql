-- Moot Hall: the whole schema as it is today.  Upgrades from older ones: upgrades/NNN.sql.
-- Time is always a parameter (p_now), never now(): a test's clock rules here too.

CREATE TABLE schema_version (
	version		int NOT NULL,
	applied		timestamptz NOT NULL
);
COMMENT ON TABLE schema_version IS 'One row: the version of this schema. The programs refuse any other.';

CREATE TABLE setting (
	key		text PRIMARY KEY,
	value		text NOT NULL
);
COMMENT ON TABLE setting IS 'Small facts about the whole database; "generation" rises with every administrator''s write.';
INSERT INTO setting VALUES ('generation', '1');

CREATE TABLE process (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	component	text NOT NULL,
	epoch		bigint NOT NULL,
	host		text NOT NULL,
	pid		int NOT NULL,
	version		text NOT NULL,
	started		timestamptz NOT NULL,
	renewed		timestamptz NOT NULL,
	ended		timestamptz,
	stream		text NOT NULL DEFAULT 'down' CHECK (stream IN ('down', 'connecting', 'up')),
	stream_note	text NOT NULL DEFAULT '',
	rooms		int NOT NULL DEFAULT 0,
	rooms_live	int NOT NULL DEFAULT 0,
	generation	bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE process IS 'Running halls. `moothallctl check` reads this instead of shaking hands while a hall holds the lock.';
COMMENT ON COLUMN process.epoch IS 'Rises with every start; a room''s writes name it, so a hall that lost its rooms cannot write them.';
COMMENT ON COLUMN process.renewed IS 'The lease: 15 s after this the process counts as gone.';
COMMENT ON COLUMN process.generation IS 'The setting.generation that this process has loaded.';
CREATE SEQUENCE epoch;

-- ------------------------------------------------------------------ roster

CREATE TABLE unit (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	code		text NOT NULL UNIQUE,
	parent		int REFERENCES unit,
	kind		text NOT NULL CHECK (kind IN ('bureau', 'station', 'office')),
	name		text NOT NULL,
	zone		text NOT NULL DEFAULT '',
	calendar	text NOT NULL DEFAULT '',
	emergency	text NOT NULL DEFAULT '',
	ended		timestamptz
);
COMMENT ON TABLE unit IS 'The tree of offices, from roster.csv. A row that disappears from the file is ended, never deleted.';
COMMENT ON COLUMN unit.zone IS 'IANA time zone; empty: the parent''s.';
COMMENT ON COLUMN unit.calendar IS 'Duty hours as written: "24h" or "Mon-Fri 08:30-12:00 14:00-17:30; Sat 09:00-12:00"; empty: the parent''s.';
COMMENT ON COLUMN unit.emergency IS 'Numbers to call first: "police=110;fire=119;medical=120"; empty: the parent''s.';

CREATE TABLE unit_week (
	unit_id		int NOT NULL REFERENCES unit,
	dow		int NOT NULL CHECK (dow BETWEEN 1 AND 7),
	opens		time NOT NULL,
	closes		time NOT NULL,
	PRIMARY KEY (unit_id, dow, opens)
);
COMMENT ON TABLE unit_week IS 'unit.calendar, read: ISO weekday and local hours. A unit without rows of its own uses its parent''s.';

CREATE TABLE staff (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	address		text NOT NULL UNIQUE,
	unit_id		int NOT NULL REFERENCES unit,
	role		text NOT NULL CHECK (role IN ('officer', 'auxiliary', 'publicist', 'mediator', 'leader', 'arbiter', 'partner', 'auditor')),
	name		text NOT NULL,
	nick		text NOT NULL DEFAULT '',
	rooms		text[] NOT NULL DEFAULT '{}',
	from_date	date,
	until_date	date,
	ended		timestamptz
);
COMMENT ON TABLE staff IS 'Who has staff''s rights. Personal (name, address): they act in office, and the record must say who acted. Kept as long as the events that name them.';
COMMENT ON COLUMN staff.rooms IS 'Codes of the rooms this person works in; empty: every room of the unit and below.';

CREATE TABLE room (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	code		text NOT NULL UNIQUE,
	unit_id		int NOT NULL REFERENCES unit,
	title		text NOT NULL,
	topic		text NOT NULL DEFAULT '',
	tags		text[] NOT NULL DEFAULT '{}',
	lang		text NOT NULL DEFAULT 'zh-Hans',
	officer		int REFERENCES staff,
	mode		text NOT NULL DEFAULT 'normal' CHECK (mode IN ('normal', 'listen', 'addressed')),
	mode_by_hand	boolean NOT NULL DEFAULT false,
	ended		timestamptz,
	holder		int REFERENCES process,
	epoch		bigint,
	cursor		text,
	cursor_at	timestamptz,
	head_seq	bigint NOT NULL DEFAULT 0,
	head		bytea NOT NULL DEFAULT '\x'
);
COMMENT ON TABLE room IS 'One multi-user chat room and its desk. The code is the local part of both addresses.';
COMMENT ON COLUMN room.mode_by_hand IS 'Set by #mode or by self-restraint: an import of the roster then leaves the mode alone.';
COMMENT ON COLUMN room.holder IS 'The one process that hears this room, claims its due items and writes its events, under this epoch.';
COMMENT ON COLUMN room.cursor IS 'The last archive id (XEP-0313) up to which every line was taken; moves over contiguous pages only.';
COMMENT ON COLUMN room.head IS 'Hash of the newest event of this room: the ledger is chained per room.';

-- ------------------------------------------------------------------ kinds

CREATE TABLE kind (
	code		text PRIMARY KEY,
	work		text NOT NULL,
	private		boolean NOT NULL,
	urgent		boolean NOT NULL,
	duty_hours	boolean NOT NULL,
	first_answer	interval,
	finish		interval,
	keep_days	int NOT NULL,
	source		text NOT NULL,
	ended		timestamptz
);
COMMENT ON TABLE kind IS 'Kinds of request. `source` is the whole libconfuse file, which the hall parses; the other columns are read from it for SQL.';

-- ------------------------------------------------------------------ people and their matters

CREATE TABLE person (
	id		int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	address		text UNIQUE,
	erase_after	timestamptz NOT NULL
);
COMMENT ON TABLE person IS 'A resident who has a matter; nobody else is ever entered here.';
COMMENT ON COLUMN person.address IS 'Personal: needed to answer in private and to know the matter''s owner. NULL once erased.';

CREATE TABLE preference (
	digest		bytea PRIMARY KEY,
	quiet		boolean NOT NULL DEFAULT false,
	lang		text,
	declined	int NOT NULL DEFAULT 0,
	asked		timestamptz,
	erase_after	timestamptz NOT NULL
);
COMMENT ON TABLE preference IS 'What a resident asked of the desk (#quiet, #lang) or declined. Keyed by a salted digest, so that wishing to be left alone enrols nobody.';
COMMENT ON COLUMN preference.asked IS 'When the desk last asked "shall I register this?": at most once a person a week.';

-- What the hall's reader has learnt from being corrected.
CREATE TABLE lesson (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	room_id		int NOT NULL REFERENCES room,
	key		text NOT NULL,
	at		timestamptz NOT NULL,
	request		bigint NOT NULL,
	role		text NOT NULL CHECK (role IN ('staff', 'resident')),
	staff		int REFERENCES staff,
	what		text NOT NULL CHECK (what IN ('kind', 'drop', 'new')),
	from_kind	text,
	to_kind		text,
	features	text[] NOT NULL,
	undone		timestamptz,
	UNIQUE (room_id, key)
);
COMMENT ON TABLE lesson IS 'A correction (#kind, #drop, #new) as the reader learns it. Nothing personal: runs of words that the shipped weights hold already, never the line.';
COMMENT ON COLUMN lesson.key IS 'Of the message that corrected, as in inbox: a lesson is learnt once.';
COMMENT ON COLUMN lesson.from_kind IS 'What the matter was taken for; NULL: nothing was seen in it.';
COMMENT ON COLUMN lesson.to_kind IS 'What it is; NULL: no request.';
COMMENT ON COLUMN lesson.undone IS 'When an administrator took it back (moothallctl learn undo); it counts no more.';

CREATE SEQUENCE request_number;
CREATE TABLE request (
	number		bigint PRIMARY KEY DEFAULT nextval('request_number'),
	room_id		int NOT NULL REFERENCES room,
	kind		text NOT NULL,
	state		text NOT NULL CHECK (state IN ('open', 'asking', 'taken', 'answered', 'done', 'closed', 'cancelled', 'dropped')),
	band		text NOT NULL CHECK (band IN ('sure', 'likely', 'none', 'hand')),
	way		text NOT NULL CHECK (way IN ('room', 'private')),
	addressed	boolean NOT NULL,
	private		boolean NOT NULL,
	urgent		boolean NOT NULL,
	late		boolean NOT NULL,
	asker		int REFERENCES person,
	nick		text,
	source		text,
	sent		timestamptz NOT NULL,
	recorded	timestamptz NOT NULL,
	taken_by	int REFERENCES staff,
	taken_at	timestamptz,
	answered	text CHECK (answered IN ('weak', 'strong')),
	first_answer	timestamptz,
	answered_by	int REFERENCES staff,
	answer_source	text,
	asked_at	timestamptz,
	done_at		timestamptz,
	closed_at	timestamptz,
	closed_how	text CHECK (closed_how IN ('confirmed', 'thanks', 'time', 'cancelled', 'dropped')),
	reopened	int NOT NULL DEFAULT 0,
	rating		int CHECK (rating BETWEEN 1 AND 5),
	prior		jsonb,
	prior_by	int REFERENCES staff,
	prior_at	timestamptz,
	erased		boolean NOT NULL DEFAULT false,
	erase_after	timestamptz NOT NULL
);
CREATE INDEX request_room_open ON request (room_id) WHERE state NOT IN ('closed', 'cancelled', 'dropped');
CREATE INDEX request_asker ON request (asker);
CREATE INDEX request_erase ON request (erase_after) WHERE NOT erased;
COMMENT ON TABLE request IS 'A matter, written #number everywhere. The current state; its history is request_event.';
COMMENT ON COLUMN request.number IS 'From one sequence, unique in the database.';
COMMENT ON COLUMN request.nick IS 'Personal: the asker''s nickname when asking, so that the desk can address them. Erased with the words.';
COMMENT ON COLUMN request.source IS 'The room''s stanza-id of the asking line: what replies and reactions point at.';
COMMENT ON COLUMN request.sent IS 'When the line was sent: the clocks start here, not when the hall read it.';
COMMENT ON COLUMN request.first_answer IS 'When a strong or confirmed answer was first given; a weak one sets it only once confirmed.';
COMMENT ON COLUMN request.answer_source IS 'Stanza-id of the newest answering line: thanks that reply to it count.';
COMMENT ON COLUMN request.asked_at IS 'Set while the resident owes details (#ask): clocks stand still.';
COMMENT ON COLUMN request.prior IS 'The columns before the last staff act, for #undo within ten minutes.';

CREATE TABLE request_text (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	request		bigint NOT NULL REFERENCES request,
	role		text NOT NULL CHECK (role IN ('asked', 'corrected', 'added', 'answer', 'question', 'note', 'file')),
	said		timestamptz NOT NULL,
	salt		bytea NOT NULL,
	text		text NOT NULL,
	erase_after	timestamptz NOT NULL
);
CREATE INDEX request_text_request ON request_text (request);
CREATE INDEX request_text_erase ON request_text (erase_after);
COMMENT ON TABLE request_text IS 'The words of a matter, and only of matters: ordinary talk is never stored. Personal: without them nobody could answer. Deleted when erase_after has passed.';
COMMENT ON COLUMN request_text.salt IS 'Makes the digest in request_event unguessable; deleted with the words, so the digest then proves nothing about them.';

CREATE TABLE request_event (
	room_id		int NOT NULL REFERENCES room,
	seq		bigint NOT NULL,
	request		bigint NOT NULL REFERENCES request,
	what		text NOT NULL,
	detail		text NOT NULL DEFAULT '' CHECK (detail ~ '^[a-z0-9_:-]*$'),
	state		text NOT NULL,
	strength	text,
	at		timestamptz NOT NULL,
	recorded	timestamptz NOT NULL,
	role		text NOT NULL CHECK (role IN ('resident', 'staff', 'desk')),
	staff		int REFERENCES staff,
	released_by	int REFERENCES staff,
	person		int,
	digest		bytea,
	prev_hash	bytea NOT NULL,
	hash		bytea NOT NULL,
	PRIMARY KEY (room_id, seq)
);
CREATE INDEX request_event_request ON request_event (request);
COMMENT ON TABLE request_event IS 'The ledger: append-only, chained per room. No words and no addresses: ids, kinds, states, times and the salted SHA-256 of the text.';
COMMENT ON COLUMN request_event.staff IS 'Who acted or wrote the words.';
COMMENT ON COLUMN request_event.released_by IS 'Who released them, where that is another person than the writer.';
COMMENT ON COLUMN request_event.person IS 'person.id; no foreign key, so that erasing a person leaves the ledger alone.';

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'request_event is append-only';
END $$;
CREATE TRIGGER request_event_append_only BEFORE UPDATE OR DELETE ON request_event
	FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER request_event_no_truncate BEFORE TRUNCATE ON request_event
	FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- ------------------------------------------------------------------ taking, saying, waiting

CREATE TABLE inbox (
	room_id		int NOT NULL REFERENCES room,
	key		text NOT NULL,
	request		bigint,
	taken		timestamptz NOT NULL,
	PRIMARY KEY (room_id, key)
);
CREATE INDEX inbox_taken ON inbox (taken);
COMMENT ON TABLE inbox IS 'The gate: what was acted on, by the room''s stanza-id (or the digest of a private sender and id). A key is taken once. Emptied after 30 days, longer than any archive is kept.';

CREATE TABLE outbox (
	id		text PRIMARY KEY,
	room_id		int NOT NULL REFERENCES room,
	request		bigint,
	way		text NOT NULL CHECK (way IN ('room', 'desk', 'staff')),
	recipient	text,
	body		text NOT NULL,
	lang		text NOT NULL,
	reply_to	text,
	purpose		text NOT NULL,
	unasked		boolean NOT NULL,
	state		text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'delivered', 'failed')),
	created		timestamptz NOT NULL,
	sent		timestamptz,
	delivered	timestamptz,
	stanza_id	text,
	tries		int NOT NULL DEFAULT 0,
	erase_after	timestamptz NOT NULL
);
CREATE INDEX outbox_unsent ON outbox (room_id, created) WHERE state IN ('pending', 'sent');
CREATE INDEX outbox_unasked ON outbox (room_id, created) WHERE unasked;
CREATE INDEX outbox_request ON outbox (request);
CREATE INDEX outbox_erase ON outbox (erase_after);
COMMENT ON TABLE outbox IS 'What the desk says: written with the change that causes it, done only when the room has reflected it (or the server has answered the ping behind a private line). Personal (recipient, body): needed until delivered and for replies to it; emptied after 7 days. That something was said in the room about a matter is known until the matter ends.';
COMMENT ON COLUMN outbox.id IS 'Also the XMPP message id: sending again after a crash sends the same id.';
COMMENT ON COLUMN outbox.unasked IS 'Counts against the limits of the manners.';

CREATE TABLE due (
	id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	room_id		int NOT NULL REFERENCES room,
	request		bigint NOT NULL REFERENCES request,
	what		text NOT NULL,
	at		timestamptz NOT NULL,
	claimed		bigint,
	UNIQUE (request, what)
);
CREATE INDEX due_at ON due (at);
COMMENT ON TABLE due IS 'What is to happen later to a matter: the end of the grace time, the check of a weak answer, closing by time.';
COMMENT ON COLUMN due.claimed IS 'Epoch of the process that has it in hand; another epoch may claim it again. The row goes away in the transaction that carries it out.';

-- ------------------------------------------------------------------ functions

CREATE FUNCTION generation_raise() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE g bigint;
BEGIN
	UPDATE setting SET value = (value::bigint + 1)::text WHERE key = 'generation' RETURNING value::bigint INTO g;
	PERFORM pg_notify('moothall', g::text);
	RETURN g;
END $$;
COMMENT ON FUNCTION generation_raise() IS 'Every administrator''s write ends with this; running halls then load anew.';

CREATE FUNCTION unit_lineage(p_unit int) RETURNS TABLE (depth int, id int) LANGUAGE sql STABLE AS $$
	WITH RECURSIVE up(depth, id, parent) AS (
		SELECT 0, u.id, u.parent FROM unit u WHERE u.id = p_unit
		UNION ALL
		SELECT up.depth + 1, u.id, u.parent FROM up JOIN unit u ON u.id = up.parent WHERE up.depth < 20)
	SELECT depth, id FROM up
$$;
COMMENT ON FUNCTION unit_lineage(int) IS 'The unit and those above it, nearest first.';

CREATE FUNCTION unit_zone(p_unit int) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT u.zone FROM unit_lineage(p_unit) l JOIN unit u USING (id)
		WHERE u.zone <> '' ORDER BY l.depth LIMIT 1), 'UTC')
$$;

CREATE FUNCTION unit_emergency(p_unit int) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT u.emergency FROM unit_lineage(p_unit) l JOIN unit u USING (id)
		WHERE u.emergency <> '' ORDER BY l.depth LIMIT 1), 'police=110;fire=119;medical=120')
$$;

CREATE FUNCTION unit_spans(p_unit int, p_from timestamptz, p_days int)
RETURNS TABLE (opens timestamptz, closes timestamptz) LANGUAGE sql STABLE AS $$
	WITH owner AS (
		SELECT l.id FROM unit_lineage(p_unit) l
		WHERE EXISTS (SELECT FROM unit_week w WHERE w.unit_id = l.id) ORDER BY l.depth LIMIT 1)
	SELECT (d.day + w.opens) AT TIME ZONE unit_zone(p_unit), (d.day + w.closes) AT TIME ZONE unit_zone(p_unit)
	FROM owner
	JOIN unit_week w ON w.unit_id = owner.id
	JOIN (SELECT (p_from AT TIME ZONE unit_zone(p_unit))::date + n AS day FROM generate_series(-1, p_days) n) d
		ON extract(isodow FROM d.day) = w.dow
	ORDER BY 1
$$;
COMMENT ON FUNCTION unit_spans(int, timestamptz, int) IS 'Duty hours as instants, so that nothing outside PostgreSQL knows time zones. No rows: on duty around the clock.';

CREATE FUNCTION zone_offsets(p_zone text, p_from timestamptz, p_days int)
RETURNS TABLE (since timestamptz, seconds int) LANGUAGE sql STABLE AS $$
	SELECT t, s FROM (
		SELECT t, s, lag(s) OVER (ORDER BY t) AS before FROM (
			SELECT t, extract(epoch FROM (t AT TIME ZONE p_zone) - (t AT TIME ZONE 'UTC'))::int AS s
			FROM generate_series(date_trunc('hour', p_from) - interval '1 day',
				p_from + make_interval(days => p_days), interval '30 min') t) a) b
	WHERE before IS DISTINCT FROM s ORDER BY t
$$;
COMMENT ON FUNCTION zone_offsets(text, timestamptz, int) IS 'Offsets from UTC and since when each holds.';

-- Appends one event to the room's chain. Only the room's holder calls it, so the head has one writer.
CREATE FUNCTION event_append(p_room int, p_request bigint, p_what text, p_detail text, p_state text, p_strength text,
	p_at timestamptz, p_now timestamptz, p_role text, p_staff int, p_released int, p_person int, p_digest bytea)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_seq bigint;
	v_prev bytea;
	v_hash bytea;
BEGIN
	SELECT head_seq + 1, head INTO v_seq, v_prev FROM room WHERE id = p_room FOR UPDATE;
	v_hash := sha256(v_prev || convert_to(concat_ws('|', p_room, v_seq, p_request, p_what, coalesce(p_detail, ''), p_state,
		coalesce(p_strength, ''), (extract(epoch FROM p_at) * 1000000)::bigint, (extract(epoch FROM p_now) * 1000000)::bigint,
		p_role, coalesce(p_staff, 0), coalesce(p_released, 0), coalesce(p_person, 0),
		coalesce(encode(p_digest, 'hex'), '')), 'UTF8'));
	INSERT INTO request_event VALUES (p_room, v_seq, p_request, p_what, coalesce(p_detail, ''), p_state, p_strength, p_at, p_now,
		p_role, p_staff, p_released, p_person, p_digest, v_prev, v_hash);
	UPDATE room SET head_seq = v_seq, head = v_hash WHERE id = p_room;
END $$;

CREATE FUNCTION ledger_check(p_room int) RETURNS TABLE (seq bigint, fault text) LANGUAGE sql STABLE AS $$
	SELECT e.seq, CASE WHEN e.prev_hash IS DISTINCT FROM coalesce(e.before, '\x') THEN 'chain broken' ELSE 'row changed' END
	FROM (SELECT x.*, lag(x.hash) OVER (ORDER BY x.seq) AS before FROM request_event x WHERE x.room_id = p_room) e
	WHERE e.prev_hash IS DISTINCT FROM coalesce(e.before, '\x')
	   OR e.hash <> sha256(e.prev_hash || convert_to(concat_ws('|', e.room_id, e.seq, e.request, e.what, e.detail, e.state,
		coalesce(e.strength, ''), (extract(epoch FROM e.at) * 1000000)::bigint, (extract(epoch FROM e.recorded) * 1000000)::bigint,
		e.role, coalesce(e.staff, 0), coalesce(e.released_by, 0), coalesce(e.person, 0),
		coalesce(encode(e.digest, 'hex'), '')), 'UTF8'))
	UNION ALL
	SELECT r.head_seq, 'end missing' FROM room r WHERE r.id = p_room AND r.head IS DISTINCT FROM
		coalesce((SELECT x.hash FROM request_event x WHERE x.room_id = p_room ORDER BY x.seq DESC LIMIT 1), '\x')
	ORDER BY 1
$$;
COMMENT ON FUNCTION ledger_check(int) IS 'An auditor''s question: which events of this room do not fit the chain? None, if all is well.';

-- Words of a matter and the digest for its event.
CREATE FUNCTION words_add(p_request bigint, p_role text, p_said timestamptz, p_text text, p_links text[], p_salt bytea, p_erase timestamptz)
RETURNS bytea LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO request_text (request, role, said, salt, text, erase_after)
		SELECT p_request, 'file', p_said, p_salt, l, p_erase FROM unnest(p_links) l;
	IF p_text IS NULL THEN
		RETURN NULL;
	END IF;
	INSERT INTO request_text (request, role, said, salt, text, erase_after)
		VALUES (p_request, p_role, p_said, p_salt, p_text, p_erase);
	RETURN sha256(p_salt || convert_to(p_text, 'UTF8'));
END $$;

-- What is said because of it: [{"id","way","to","body","lang","reply","purpose","unasked"}].
-- U+FFFC in a body stands for the number, which the sequence has only just given.
CREATE FUNCTION lines_add(p_room int, p_request bigint, p_now timestamptz, p_lines jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO outbox (id, room_id, request, way, recipient, body, lang, reply_to, purpose, unasked, created, erase_after)
	SELECT l.id, p_room, p_request, l.way, l."to", replace(l.body, U&'\FFFC', coalesce(p_request::text, '')), l.lang, l.reply, l.purpose,
		l.unasked, p_now, p_now + interval '7 days'
	FROM jsonb_to_recordset(p_lines) AS l(id text, way text, "to" text, body text, lang text, reply text, purpose text, unasked boolean)
	ON CONFLICT (id) DO NOTHING
$$;

-- What is due later because of it: [{"what","at"}]; p_undue names what no longer is ('*': nothing is).
CREATE FUNCTION dues_set(p_room int, p_request bigint, p_dues jsonb, p_undue text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF p_undue <> '{}' THEN
		DELETE FROM due WHERE request = p_request AND (what = ANY (p_undue) OR '*' = ANY (p_undue));
	END IF;
	IF p_dues <> '[]' THEN
		INSERT INTO due (room_id, request, what, at)
			SELECT p_room, p_request, d.what, d.at FROM jsonb_to_recordset(p_dues) AS d(what text, at timestamptz)
			ON CONFLICT (request, what) DO UPDATE SET at = excluded.at, claimed = NULL;
	END IF;
END $$;

CREATE FUNCTION person_number(p_address text, p_erase timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE v int;
BEGIN
	IF p_address IS NULL THEN
		RETURN NULL;
	END IF;
	UPDATE person SET erase_after = greatest(erase_after, p_erase) WHERE address = p_address RETURNING id INTO v;
	IF v IS NULL THEN
		INSERT INTO person (address, erase_after) VALUES (p_address, p_erase)
			ON CONFLICT (address) DO UPDATE SET erase_after = greatest(person.erase_after, p_erase) RETURNING id INTO v;
	END IF;
	RETURN v;
END $$;

-- A key that names a person (where the room gave no stanza-id, in private and from forms) is kept as its digest.
CREATE FUNCTION inbox_key(p_key text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN p_key ~ '[ @]' THEN encode(sha256(convert_to(p_key, 'UTF8')), 'hex') ELSE p_key END
$$;

-- Every write of a room locks its row first: what is asked a second time while the first still runs (its
-- connection was given up) waits and then finds the key taken, and a newer hall waits for the last write of the older.
-- outcome: done; again (this key was taken before; number says as what); lost (another process holds the room).
CREATE FUNCTION request_open(p_process int, p_epoch bigint, p_now timestamptz, p_room int, p_key text,
	p_kind text, p_band text, p_way text, p_addressed boolean, p_private boolean, p_urgent boolean, p_late boolean,
	p_source text, p_sent timestamptz, p_asker text, p_nick text, p_text text, p_links text[], p_salt bytea,
	p_role text, p_staff int, p_lines jsonb, p_dues jsonb)
RETURNS TABLE (outcome text, number bigint) LANGUAGE plpgsql AS $$
DECLARE
	v_number bigint;
	v_person int;
	v_erase timestamptz := p_now + interval '400 days';
	v_digest bytea;
BEGIN
	p_key := inbox_key(p_key);
	PERFORM FROM room r WHERE r.id = p_room AND r.holder = p_process AND r.epoch = p_epoch FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN QUERY SELECT 'lost', NULL::bigint;
		RETURN;
	END IF;
	INSERT INTO inbox (room_id, key, taken) VALUES (p_room, p_key, p_now) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN QUERY SELECT 'again', i.request FROM inbox i WHERE i.room_id = p_room AND i.key = p_key;
		RETURN;
	END IF;
	v_person := person_number(p_asker, v_erase);
	INSERT INTO request (room_id, kind, state, band, way, addressed, private, urgent, late, asker, nick, source, sent, recorded, erase_after)
		VALUES (p_room, p_kind, 'open', p_band, p_way, p_addressed, p_private, p_urgent, p_late, v_person, p_nick, p_source, p_sent, p_now, v_erase)
		RETURNING request.number INTO v_number;
	UPDATE inbox SET request = v_number WHERE room_id = p_room AND key = p_key;
	v_digest := words_add(v_number, 'asked', p_sent, p_text, p_links, p_salt, v_erase);
	PERFORM event_append(p_room, v_number, 'opened', p_kind, 'open', NULL, p_sent, p_now, p_role, p_staff, NULL, v_person, v_digest);
	PERFORM lines_add(p_room, v_number, p_now, p_lines);
	PERFORM dues_set(p_room, v_number, p_dues, '{}');
	RETURN QUERY SELECT 'done', v_number;
END $$;
COMMENT ON FUNCTION request_open IS 'Registers a matter, gated by its message''s key: called twice it leaves the database as after once.';

-- How long after its end a matter's words are kept.
CREATE FUNCTION keep_until(p_kind text, p_end timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT p_end + make_interval(days => coalesce((SELECT keep_days FROM kind WHERE code = p_kind), 180))
$$;

-- Two lines said within seven days and dropped as "not a request": the room goes into addressed mode.
CREATE FUNCTION restrain(p_room int, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n int;
BEGIN
	SELECT count(DISTINCT e.request) INTO n FROM request_event e
	WHERE e.room_id = p_room AND e.what = 'dropped' AND e.at > p_now - interval '7 days'
	  AND EXISTS (SELECT FROM outbox o WHERE o.request = e.request AND o.way = 'room' AND o.unasked);
	IF n < 2 THEN
		RETURN false;
	END IF;
	UPDATE room SET mode = 'addressed', mode_by_hand = true WHERE id = p_room AND mode = 'normal';
	RETURN FOUND;
END $$;

-- outcome: done; again; lost; clash (its state does not allow it; nothing was written, the key is free); absent.
CREATE FUNCTION request_change(p_process int, p_epoch bigint, p_now timestamptz, p_room int, p_key text, p_number bigint,
	p_from text[], p_what text, p_detail text, p_to text, p_strength text, p_at timestamptz,
	p_role text, p_staff int, p_released int, p_person text, p_target int, p_rating int, p_source text,
	p_text_role text, p_text text, p_links text[], p_salt bytea,
	p_lines jsonb, p_dues jsonb, p_undue text[])
RETURNS TABLE (outcome text, restrained boolean) LANGUAGE plpgsql AS $$
DECLARE
	r request;
	v_digest bytea;
	v_restrained boolean := false;
	v_ended boolean;
	v_was_ended boolean;
BEGIN
	p_key := inbox_key(p_key);
	PERFORM FROM room x WHERE x.id = p_room AND x.holder = p_process AND x.epoch = p_epoch FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN QUERY SELECT 'lost', false;
		RETURN;
	END IF;
	PERFORM FROM inbox i WHERE i.room_id = p_room AND i.key = p_key;
	IF FOUND THEN
		RETURN QUERY SELECT 'again', false;
		RETURN;
	END IF;
	SELECT * INTO r FROM request q WHERE q.number = p_number AND q.room_id = p_room;
	IF NOT FOUND THEN
		RETURN QUERY SELECT 'absent', false;
		RETURN;
	END IF;
	IF NOT r.state = ANY (p_from) OR (p_what = 'undone' AND
	    (r.prior IS NULL OR r.prior_by IS DISTINCT FROM p_staff OR r.prior_at < p_now - interval '10 minutes')) THEN
		RETURN QUERY SELECT 'clash', false;
		RETURN;
	END IF;
	INSERT INTO inbox (room_id, key, request, taken) VALUES (p_room, p_key, p_number, p_now);
	v_was_ended := r.state IN ('closed', 'cancelled', 'dropped');
	IF p_what = 'undone' THEN
		r := jsonb_populate_record(r, r.prior);
		r.prior := NULL;
	ELSIF p_role = 'staff' AND p_what NOT IN ('noted', 'asked_weak') THEN
		r.prior := to_jsonb(r) - '{number,room_id,prior,prior_by,prior_at,nick,asker,source,sent,recorded,erased,erase_after}'::text[];
		r.prior_by := p_staff;
		r.prior_at := p_now;
	END IF;
	r.state := coalesce(p_to, r.state);
	CASE p_what
	WHEN 'taken', 'assigned' THEN
		r.taken_by := coalesce(p_target, p_staff);
		r.taken_at := p_at;
	WHEN 'answered' THEN
		IF p_strength = 'strong' THEN
			r.answered := 'strong';
			r.first_answer := coalesce(r.first_answer, p_at);
			r.answered_by := coalesce(p_staff, r.answered_by);
		ELSIF r.answered IS NULL THEN
			r.answered := 'weak';
			r.answered_by := p_staff;
		END IF;
		r.answer_source := coalesce(p_source, r.answer_source);
		r.asked_at := NULL;
	WHEN 'confirmed' THEN
		r.answered := 'strong';
		r.first_answer := coalesce(r.first_answer, (SELECT max(e.at) FROM request_event e
			WHERE e.request = p_number AND e.what = 'answered'), p_at);
	WHEN 'unanswered' THEN
		r.answered := NULL;
		r.answered_by := NULL;
	WHEN 'asked' THEN
		r.asked_at := p_at;
	WHEN 'added' THEN
		r.asked_at := NULL;
	WHEN 'done' THEN
		r.done_at := p_at;
		r.answered := 'strong';
		r.first_answer := coalesce(r.first_answer, p_at);
		r.answered_by := coalesce(r.answered_by, p_staff);
	WHEN 'reopened' THEN
		r.reopened := r.reopened + 1;
		r.closed_at := NULL;
		r.closed_how := NULL;
		r.done_at := NULL;
	WHEN 'rated' THEN
		r.rating := p_rating;
	WHEN 'kind' THEN
		r.kind := p_detail;
	ELSE
		NULL;
	END CASE;
	v_ended := r.state IN ('closed', 'cancelled', 'dropped');
	IF v_ended AND r.closed_at IS NULL THEN
		r.closed_at := p_at;
		r.closed_how := CASE r.state WHEN 'closed' THEN coalesce(nullif(p_detail, ''), 'confirmed') ELSE r.state END;
		-- Thanks or a rating confirm a weak answer.
		IF r.state = 'closed' AND r.answered = 'weak' THEN
			r.answered := 'strong';
			r.first_answer := coalesce(r.first_answer, (SELECT max(e.at) FROM request_event e
				WHERE e.request = p_number AND e.what = 'answered'));
		END IF;
		r.erase_after := keep_until(r.kind, p_now);
		UPDATE request_text t SET erase_after = r.erase_after WHERE t.request = p_number;
	ELSIF NOT v_ended AND v_was_ended THEN
		r.erase_after := greatest(r.erase_after, p_now + interval '400 days');
		UPDATE request_text t SET erase_after = r.erase_after WHERE t.request = p_number;
		UPDATE person p SET erase_after = greatest(p.erase_after, r.erase_after) WHERE p.id = r.asker;
	END IF;
	UPDATE request q SET state = r.state, kind = r.kind, taken_by = r.taken_by, taken_at = r.taken_at, answered = r.answered,
		first_answer = r.first_answer, answered_by = r.answered_by, answer_source = r.answer_source, asked_at = r.asked_at,
		done_at = r.done_at, closed_at = r.closed_at, closed_how = r.closed_how, reopened = r.reopened, rating = r.rating,
		prior = r.prior, prior_by = r.prior_by, prior_at = r.prior_at, erase_after = r.erase_after
		WHERE q.number = p_number;
	v_digest := words_add(p_number, p_text_role, p_at, p_text, p_links, p_salt, r.erase_after);
	PERFORM event_append(p_room, p_number, p_what, p_detail, r.state, p_strength, p_at, p_now, p_role, p_staff, p_released,
		person_number(p_person, r.erase_after), v_digest);
	PERFORM lines_add(p_room, p_number, p_now, p_lines);
	PERFORM dues_set(p_room, p_number, p_dues, CASE WHEN v_ended THEN '{*}' ELSE p_undue END);
	IF p_what = 'dropped' THEN
		v_restrained := restrain(p_room, p_now);
	END IF;
	RETURN QUERY SELECT 'done', v_restrained;
END $$;
COMMENT ON FUNCTION request_change IS 'Every later change of a matter: its state, its event, its words, what is said and what is due, in one transaction behind one key.';

-- Something is said and nothing changes (lists, help, refusals). outcome as above.
CREATE FUNCTION say(p_process int, p_epoch bigint, p_now timestamptz, p_room int, p_key text, p_request bigint, p_lines jsonb, p_dues jsonb, p_undue text[])
RETURNS TABLE (outcome text) LANGUAGE plpgsql AS $$
BEGIN
	p_key := inbox_key(p_key);
	PERFORM FROM room r WHERE r.id = p_room AND r.holder = p_process AND r.epoch = p_epoch FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RETURN QUERY SELECT 'lost';
		RETURN;
	END IF;
	INSERT INTO inbox (room_id, key, request, taken) VALUES (p_room, p_key, p_request, p_now) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN QUERY SELECT 'again';
		RETURN;
	END IF;
	PERFORM lines_add(p_room, p_request, p_now, p_lines);
	IF p_request IS NOT NULL THEN
		PERFORM dues_set(p_room, p_request, p_dues, p_undue);
	END IF;
	RETURN QUERY SELECT 'done';
END $$;

CREATE FUNCTION hall_start(p_component text, p_host text, p_pid int, p_version text, p_now timestamptz)
RETURNS TABLE (process int, epoch bigint) LANGUAGE plpgsql AS $$
DECLARE
	v_process int;
	v_epoch bigint := nextval('epoch');
BEGIN
	UPDATE process p SET ended = p_now, stream = 'down', stream_note = 'replaced by a newer process'
		WHERE p.component = p_component AND p.ended IS NULL;
	INSERT INTO process (component, epoch, host, pid, version, started, renewed)
		VALUES (p_component, v_epoch, p_host, p_pid, p_version, p_now, p_now) RETURNING id INTO v_process;
	UPDATE room r SET holder = v_process, epoch = v_epoch WHERE r.ended IS NULL;
	RETURN QUERY SELECT v_process, v_epoch;
END $$;
COMMENT ON FUNCTION hall_start IS 'Called under the advisory lock of the component: this process now holds every room.';

-- Nobody holds a room that has ended: whoever is here erases it.
-- One job empties every table that holds something personal. Returns how many matters lost their words.
CREATE FUNCTION erase_due(p_process int, p_epoch bigint, p_now timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	q record;
	n int := 0;
BEGIN
	FOR q IN SELECT DISTINCT r.number, r.room_id, r.state FROM request r JOIN room o ON o.id = r.room_id
		WHERE r.erase_after < p_now AND NOT r.erased
		  AND (o.ended IS NOT NULL OR (o.holder = p_process AND o.epoch = p_epoch))
		ORDER BY 1 LIMIT 500
	LOOP
		UPDATE request SET nick = NULL, prior = NULL, erased = true WHERE number = q.number AND NOT erased;
		CONTINUE WHEN NOT FOUND;
		DELETE FROM request_text t WHERE t.request = q.number;
		PERFORM event_append(q.room_id, q.number, 'erased', '', q.state, NULL, p_now, p_now, 'desk', NULL, NULL, NULL, NULL);
		n := n + 1;
	END LOOP;
	DELETE FROM request_text WHERE erase_after < p_now;
	UPDATE person SET address = NULL WHERE erase_after < p_now AND address IS NOT NULL;
	DELETE FROM preference WHERE erase_after < p_now;
	UPDATE outbox o SET body = '' WHERE erase_after < p_now AND state IN ('delivered', 'failed') AND body <> ''
		AND way = 'room' AND EXISTS (SELECT FROM request r WHERE r.number = o.request AND r.state NOT IN ('closed', 'cancelled', 'dropped'));
	DELETE FROM outbox o WHERE erase_after < p_now AND NOT (state IN ('delivered', 'failed')
		AND way = 'room' AND EXISTS (SELECT FROM request r WHERE r.number = o.request AND r.state NOT IN ('closed', 'cancelled', 'dropped')));
	DELETE FROM inbox WHERE taken < p_now - interval '30 days';
	RETURN n;
END $$;

CREATE VIEW book AS
	SELECT u.code AS unit, m.code AS room, date_trunc('month', q.sent) AS month, k.work, q.kind,
		count(*) AS asked, count(q.first_answer) AS answered, count(*) FILTER (WHERE q.state = 'closed') AS closed,
		count(*) FILTER (WHERE q.reopened > 0) AS reopened,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY q.first_answer - q.sent) AS median_first_answer,
		max(q.first_answer - q.sent) AS worst_first_answer, avg(q.rating)::numeric(3, 2) AS rating
	FROM request q JOIN room m ON m.id = q.room_id JOIN unit u ON u.id = m.unit_id LEFT JOIN kind k ON k.code = q.kind
	WHERE q.state <> 'dropped'
	GROUP BY 1, 2, 3, 4, 5;
COMMENT ON VIEW book IS 'The month''s book: what was asked, by unit, room and kind of work, and how it was answered.';

INSERT INTO schema_version VALUES (1, 'epoch');
