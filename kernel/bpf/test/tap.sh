# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: Apache-2.0
# Test Anything Protocol. Needs the folder $tmp.
cases=0 failed=0

bail() {
	echo "Bail out! $*"
	exit 1
}

# Runs a command as a case; what it said is shown if it failed.
check() {
	local name=$1
	shift
	cases=$((cases + 1))
	if "$@" >"$tmp/out" 2>&1; then
		echo "ok $cases - $name"
	else
		sed 's/^/# /' "$tmp/out"
		echo "not ok $cases - $name"
		failed=$((failed + 1))
	fi
}

# answers STATUS TEXT COMMAND: it exits with that status and says the text.
answers() {
	local status=$1 text=$2 got=0
	shift 2
	"$@" >"$tmp/said" 2>&1 || got=$?
	cat "$tmp/said"
	[ $got -eq "$status" ] || { echo "exit status $got, not $status"; return 1; }
	grep -q -- "$text" "$tmp/said" || { echo "does not say: $text"; return 1; }
}

tap_end() {
	echo "1..$cases"
	echo "$((cases - failed)) passed, $failed failed"
	[ $failed -eq 0 ]
}
