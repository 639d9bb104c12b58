# Installs what is missing, to be sourced by bash: need_packages NAME...
#
# Servers that apt-get would start at once are not started: everything here runs private
# servers of its own, on free ports. A policy-rc.d that was there before is put back.

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "$0: run it as root, or install sudo: it has to install packages" >&2
		return 1
	fi
}

need_packages() {
	local missing=() name policy=/usr/sbin/policy-rc.d kept="" status=0
	for name in "$@"; do
		case $(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null) in
		installed) ;;
		*) missing+=("$name") ;;
		esac
	done
	[ ${#missing[@]} != 0 ] || return 0
	echo "installing: ${missing[*]}"
	if [ ! -e "$policy" ]; then
		kept=no
		printf '#!/bin/sh\n# moothall: no service starts while packages are installed\nexit 101\n' |
			as_root sh -c "cat >$policy && chmod 755 $policy" || return 1
	elif ! grep -q 'exit 101' "$policy"; then
		kept=yes
		as_root mv "$policy" "$policy.moothall" || return 1
		printf '#!/bin/sh\nexit 101\n' | as_root sh -c "cat >$policy && chmod 755 $policy" || return 1
	fi
	{
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
			install --no-install-recommends "${missing[@]}" >/dev/null
	} || status=1
	case $kept in
	no) as_root rm -f "$policy" ;;
	yes) as_root mv -f "$policy.moothall" "$policy" ;;
	esac
	[ $status = 0 ] || echo "$0: apt-get could not install ${missing[*]}" >&2
	return $status
}

BUILD_PACKAGES="gcc libc6-dev make autoconf automake pkg-config libstrophe-dev libexpat1-dev libevent-dev
	libpq-dev libicu-dev icu-devtools libconfuse-dev libsystemd-dev"
RUN_PACKAGES="postgresql postgresql-client prosody lua-dbi-sqlite3 openssl python3 python3-slixmpp util-linux procps"
TEST_PACKAGES="clang libcmocka-dev ejabberd prosody-modules mandoc xz-utils"
