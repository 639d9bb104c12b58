# Every wrong start ends with what to do.
db=nowhere
conf nowhere "$src/share"
does 1 'database "nowhere" does not exist.*createdb' room list
sed 's/user=postgres/user=nobody-here/' "$dir/nowhere.conf" >"$dir/norole.conf"
db=norole
does 1 'role "nobody-here" does not exist.*createuser' room list
sed "s|host=[^ ]*|host=$dir/no-server|" "$dir/nowhere.conf" >"$dir/noserver.conf"
db=noserver
does 1 'no database: .*start PostgreSQL' room list
sed 's/dbname=nowhere/dbname/' "$dir/nowhere.conf" >"$dir/badconn.conf"
db=badconn
does 1 'libpq connection string' room list
db=not-there
does 1 'cannot read .*not-there.conf.*-c' room list
does 2 'there is no command "make tea"' make tea
does 2 'usage: .* request show NUMBER' request show
does 2 'usage: .* room list' room list --all
does 0 'roster import' --help
