-- Moot Hall beside Prosody 0.12.  Put this file into /etc/prosody/conf.d/ (Debian's prosody.cfg.lua
-- includes what is there), replace example.org by your domain and the secret by your own, and
-- restart Prosody.  README in this directory tells why each line is there.

Component "rooms.example.org" "muc"
	name = "Rooms"
	modules_enabled = { "muc_mam" }
	muc_log_by_default = true
	muc_log_expires_after = "1w"
	muc_room_cache_size = 20000
	restrict_room_creation = false
	storage = "sql"
	sql = { driver = "SQLite3", database = "rooms.sqlite" }

Component "hall.example.org"
	component_secret = "change me"
	component_conflict_resolve = "kick_old"
	validate_from_addresses = true
