# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: Apache-2.0
# `traits-bpf exec`, in the directory $lone and in one of its own.

# exec_leaves_nothing OPTION...
exec_leaves_nothing() {
	"$traits" exec --cgroup "$lone" "$@" -- true || return 1
	[ ! -e "$lone" ] || { echo "$lone is still there"; return 1; }
	! "$traits" status | grep -q "$lone" || { "$traits" status; return 1; }
}

execs_at_once() {
	local pids=() i
	for i in 1 2 3 4 5 6; do
		"$traits" exec --cgroup "$lone" -- sh -c "sleep 0.$((i % 3)); exec '$out/conformance' --case abi_version_is_1" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || { echo "one of them failed"; return 1; }
	done
	[ ! -e "$lone" ]
}

launcher=()
exec_forwards_term() {
	local pid status=0
	: >"$tmp/up"
	"${launcher[@]}" "$traits" exec --cgroup "$lone" "$@" -- sh -c 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done' >"$tmp/up" &
	pid=$!
	until [ -s "$tmp/up" ]; do
		kill -0 $pid 2>/dev/null || { echo "it has ended"; return 1; }
		sleep 0.01
	done
	kill -TERM $pid
	wait $pid || status=$?
	[ $status -eq 9 ] && [ ! -e "$lone" ]
}

# Of a user with capabilities in place of root: the command is another user's by then.
capabilities_forward_term() {
	local caps=+bpf,+net_admin,+perfmon,+dac_override,+dac_read_search,+setuid,+setgid,+kill
	local launcher=(setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups --inh-caps "$caps" --ambient-caps "$caps")
	exec_forwards_term --user daemon
}

exec_dies_as_its_command() {
	local status=0
	"$traits" exec --cgroup "$lone" "$@" -- sh -c 'kill -KILL $$' || status=$?
	[ $status -eq 137 ]
}

exec_makes_a_directory() {
	local dir
	dir=$("$traits" exec -- sh -c '"$0" --case abi_version_is_1 >&2 && sed -n s/^0:://p /proc/self/cgroup' "$out/conformance") || return 1
	[[ $dir == /traits-bpf-* && ! -e $mount$dir ]] || { echo "it was in $dir"; return 1; }
}

# as_nobody COMMAND...: exec --user by a root that has groups of its own, on a system where nobody is in a second group.
as_nobody() {
	sed '$a traits-bpf-test:x:64321:nobody' /etc/group >"$tmp/group"
	unshare -m sh -c 'mount --bind "$0" /etc/group && exec "$@"' "$tmp/group" setpriv --groups 0,64320 --inh-caps +net_raw \
		"$traits" exec --cgroup "$lone" --user nobody -- "$@"
}

user_has_ids_and_groups() {
	local uid gid ids
	uid=$(id -u nobody) gid=$(id -g nobody)
	ids=$(as_nobody sh -c 'grep -E "^[UG]id:" /proc/self/status | tr -s "\t" " "; id -G') || return 1
	[ "$ids" = "Uid: $uid $uid $uid $uid
Gid: $gid $gid $gid $gid
$gid 64321" ] || { echo "$ids"; return 1; }
}

user_has_no_capability() {
	local capabilities
	capabilities=$(as_nobody grep -E '^Cap(Inh|Prm|Eff|Amb):' /proc/self/status | tr -s '\t' ' ')
	[ "$capabilities" = "CapInh: 0000000000000000
CapPrm: 0000000000000000
CapEff: 0000000000000000
CapAmb: 0000000000000000" ] || { echo "$capabilities"; return 1; }
}

unknown_user_attaches_nothing() {
	answers 1 "no such user" "$traits" exec --cgroup "$lone" --user "$id-unknown" -- touch "$tmp/ran" || return 1
	answers 1 "no such user" "$traits" exec --cgroup "$lone" --user 4294967294 -- touch "$tmp/ran" || return 1
	[ ! -e "$tmp/ran" ] && [ ! -e "$lone" ] || return 1
	! "$traits" status | grep -q "$lone"
}

exec_cases() {
	check "exec leaves nothing behind" exec_leaves_nothing
	check "exec passes the exit status on" answers 7 "" "$traits" exec --cgroup "$lone" -- sh -c 'echo; exit 7'
	check "exec of an unknown command" answers 127 "No such file" "$traits" exec --cgroup "$lone" -- "$tmp/nothing"
	check "exec forwards SIGTERM" exec_forwards_term
	check "exec dies as its command" exec_dies_as_its_command
	check "several exec at once" execs_at_once
	check "exec without --cgroup" exec_makes_a_directory

	check "exec --user: ids and groups" user_has_ids_and_groups
	check "exec --user: a number" answers 0 "^$(id -u nobody)$" "$traits" exec --cgroup "$lone" --user "$(id -u nobody)" -- id -u
	check "exec --user: no capability remains" user_has_no_capability
	check "exec --user: environment" answers 0 "^$(getent passwd nobody | cut -d: -f6) nobody nobody$" \
		"$traits" exec --cgroup "$lone" --user nobody -- sh -c 'echo $HOME $USER $LOGNAME'
	check "exec --user: conformance" on "$id-one" "$traits" exec --cgroup "$lone" --user nobody -- "$out/conformance"
	check "exec --user passes the exit status on" answers 7 "" "$traits" exec --cgroup "$lone" --user nobody -- sh -c 'echo; exit 7'
	check "exec --user forwards SIGTERM" exec_forwards_term --user nobody
	check "exec --user forwards SIGTERM with capabilities" capabilities_forward_term
	check "exec --user dies as its command" exec_dies_as_its_command --user nobody
	check "exec --user: a command that the user may not run" answers 126 "Permission denied" \
		"$traits" exec --cgroup "$lone" --user nobody -- "$tmp/conformance"
	check "exec --user leaves nothing behind" exec_leaves_nothing --user nobody
	check "exec --user: an unknown user" unknown_user_attaches_nothing
}
