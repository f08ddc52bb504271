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

exec_forwards_term() {
	local pid status=0
	: >"$tmp/up"
	"$traits" exec --cgroup "$lone" "$@" -- sh -c 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done' >"$tmp/up" &
	pid=$!
	until [ -s "$tmp/up" ]; do sleep 0.01; done
	kill -TERM $pid
	wait $pid || status=$?
	[ $status -eq 9 ] && [ ! -e "$lone" ]
}

exec_dies_as_its_command() {
	local status=0
	"$traits" exec --cgroup "$lone" "$@" -- sh -c 'kill -KILL $$' || status=$?
	[ $status -eq 137 ]
}

exec_cases() {
	check "exec leaves nothing behind" exec_leaves_nothing
	check "exec passes the exit status on" answers 7 "" "$traits" exec --cgroup "$lone" -- sh -c 'echo; exit 7'
	check "exec of an unknown command" answers 127 "No such file" "$traits" exec --cgroup "$lone" -- "$tmp/nothing"
	check "exec forwards SIGTERM" exec_forwards_term
	check "exec dies as its command" exec_dies_as_its_command
	check "several exec at once" execs_at_once
}
