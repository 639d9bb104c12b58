-- pgbench's script: writes what one "#new ..." line makes the hall write, by the same
-- functions, on rooms that no other client writes to.
--   -D rooms=N -D clients=C    the rooms in the database; pgbench's own -c
--   -D marks=0|1               1: the receipt's way through the outbox too, unbatched
\set room 1 + :client_id + :clients * random(0, :rooms / :clients - 1)
\set n random(1, 4000000000000000000)
SELECT * FROM request_open(1, (SELECT epoch FROM process WHERE id = 1), clock_timestamp(), :room, 'k' || :n, 'enquiry', 'hand', 'room',
	true, false, false, false, 'k' || :n, clock_timestamp(), 'r' || :room || '-u' || mod(:n::bigint, 5) || '@example.org', 'nick-1',
	'#new I need a copy of paper number ' || :n || ' for the school', '{}', '\x00112233445566778899aabbccddeeff', 'resident', NULL,
	('[{"id":"b' || :n || '","way":"desk","to":"r1-u1@example.org","body":"Noted as #x. The officer has it on the list.",'
	'"lang":"en","reply": null,"purpose":"receipt","unasked": false}]')::jsonb,
	'[]'::jsonb);
\if :marks
UPDATE outbox SET state = 'sent', sent = clock_timestamp(), tries = tries + 1 WHERE id = ANY (ARRAY['b' || :n]) AND state IN ('pending', 'sent');
UPDATE outbox SET state = 'delivered', delivered = clock_timestamp() WHERE id = 'b' || :n AND state <> 'delivered';
\endif
