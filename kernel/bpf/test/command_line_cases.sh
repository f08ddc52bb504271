# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: Apache-2.0
# What traits-bpf answers to its command line, and to a process that may not run it.

version_is_that_of_the_project() {
	local version
	# The project's own version is the first in the file.
	version=$(sed -n 's|.*<version>\(.*\)</version>.*|\1|p' "$here/../../../pom.xml" | head -n 1)
	[ -n "$version" ] && answers 0 "^traits-bpf $version\$" "$traits" --version
}

# usage_error TEXT WORD...: the first line says the text, the usage follows, and nothing is on standard output.
usage_error() {
	local text=$1 status=0
	shift
	"$traits" "$@" >"$tmp/stdout" 2>"$tmp/said" || status=$?
	cat "$tmp/said"
	[ $status -eq 2 ] && [ ! -s "$tmp/stdout" ] || { echo "exit status $status"; return 1; }
	head -n 1 "$tmp/said" | grep -qxF -- "traits-bpf: $text" || { echo "does not begin with: $text"; return 1; }
	sed -n 2p "$tmp/said" | grep -q '^usage: traits-bpf '
}

# refused TEXT [AS...] traits-bpf WORD...: one line, with the text and the command that would help.
refused() {
	local text=$1
	shift
	answers 1 "$text" "$@" || return 1
	[ "$(wc -l <"$tmp/said")" -eq 1 ] || { echo "more than one line"; return 1; }
	[ ! -e "$lone" ] || { echo "$lone is there"; return 1; }
}

unprivileged() {
	setpriv --reuid nobody --clear-groups --inh-caps -all --bounding-set -all "$traits" "$@"
}

# with_capabilities COMMAND...: of a user who has what `up` needs, and is not root.
with_capabilities() {
	local needed=+bpf,+net_admin,+perfmon,+dac_override,+dac_read_search
	setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups --inh-caps $needed --ambient-caps $needed "$@"
}

capabilities_do_for_root() {
	with_capabilities "$traits" up --cgroup "$lone" || return 1
	with_capabilities "$traits" status --cgroup "$lone" | grep -qx state=up || return 1
	with_capabilities "$traits" down --cgroup "$lone" && rmdir "$lone"
}

command_line_cases() {
	local load="CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON"
	check "--version" version_is_that_of_the_project
	check "--help" answers 0 "^usage: traits-bpf up" "$traits" --help
	check "no command" usage_error "no command is given"
	check "unknown command" usage_error "unknown command: upp" upp --cgroup "$lone"
	check "unknown option" usage_error "unknown option: --cgruop" up --cgruop "$lone"
	check "unknown option with a value" usage_error "unknown option: --cgruop=x" up --cgruop=x
	check "unknown option before the command" usage_error "unknown option: --cgroup" --cgroup "$lone" up
	check "option of another command" usage_error "attach does not take --cgroup" attach --dev lo --cgroup "$lone"
	check "option without a value" usage_error "--cgroup needs a value: --cgroup DIR" up --cgroup --trust 10.0.0.0/8
	check "option with an empty value" usage_error "--cgroup needs a value: --cgroup DIR" up --cgroup ""
	check "option given twice" usage_error "--trust is given twice" up --cgroup "$lone" --trust ::1 --trust ::2
	check "missing option" usage_error "down needs --cgroup DIR" down
	check "exec of nothing" usage_error "exec needs a command to run: exec ... -- COMMAND" exec --cgroup "$lone"
	check "argument too many" usage_error "status does not take the argument $lone" status "$lone"
	check "malformed CIDR" usage_error "--trust: 10.0.0.0/33 is not a network such as 10.0.0.0/8 or 2001:db8::/32" \
		up --cgroup "$lone" --trust 10.0.0.0/33
	check "CIDR with host bits" usage_error "--trust: 10.0.0.1/8 has bits set beyond its prefix" \
		up --cgroup "$lone" --trust 10.0.0.1/8

	# For as long as a directory is up, there is something to read.
	"$traits" up --cgroup "$server"
	check "up without privilege" refused "up needs root: this process lacks $load; run: sudo $traits up --cgroup $lone$" \
		unprivileged up --cgroup "$lone"
	check "exec without privilege" refused "lacks $load; run: sudo $traits exec -- echo 'it'.''s'$" unprivileged exec -- echo "it's"
	check "exec --user without privilege" refused "lacks $load, CAP_KILL, CAP_SETGID, CAP_SETUID; run: sudo " \
		unprivileged exec --user nobody -- true
	check "attach without privilege" refused "lacks $load; run: sudo $traits attach --dev lo$" unprivileged attach --dev lo
	check "detach without privilege" refused "lacks CAP_NET_ADMIN; run: sudo $traits detach --dev lo$" unprivileged detach --dev lo
	check "down without privilege" refused "may not write to /sys/fs/bpf; run: sudo $traits down " unprivileged down --cgroup "$server"
	check "status without privilege" refused "may not read /sys/fs/bpf; run: sudo $traits status$" unprivileged status
	check "root without a capability" refused "up needs CAP_BPF, which root lacks here; run outside of this container" \
		setpriv --inh-caps -bpf --bounding-set -bpf,-sys_admin "$traits" up --cgroup "$lone"
	check "root of a user namespace" refused "status needs root of the host, and this is a user namespace" unshare -r "$traits" status
	check "status that cannot find the cgroup" answers 0 "^state=unknown$" \
		setpriv --inh-caps -dac_read_search --bounding-set -dac_read_search "$traits" status --cgroup "$server"
	"$traits" down --cgroup "$server"
	check "capabilities instead of root" capabilities_do_for_root
}
