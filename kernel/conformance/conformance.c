// SPDX-License-Identifier: Apache-2.0
/*
 * The socket API of packet traits, statement by statement. Runs against a kernel that has the API
 * with the numbers of the RFC (TCP and UDP), or against the BPF polyfill (TCP); where the polyfill
 * cannot do the same, the case says what it does instead, and docs/carriers.md why.
 */
#include "bpf_cases.h"
#include "polyfill_cases.h"
#include "tcp_cases.h"
#include "udp_cases.h"

static void boot_parameters_can_be_read(void)
{
	CHECK(strchr("YN", parameter("writeback")) && strchr("as", parameter("cmsg")));
}

static int usage(const char *program)
{
	fprintf(stderr, "usage: %s [--numbers polyfill|rfc] [--writeback 0|1] [--cmsg array|store] [--case NAME]\n"
			"A kernel that tells how it was booted (/sys/module/pkt_traits/parameters) is asked first.\n",
		program);
	return 2;
}

/* Returns whether option and value are known. */
static bool option(const char *name, const char *value)
{
	if (!strcmp(name, "--case") && *value)
		tap_only = value;
	else if (!strcmp(name, "--numbers") && !strcmp(value, "rfc"))
		subject_is_a_kernel();
	else if (!strcmp(name, "--writeback") && (!strcmp(value, "0") || !strcmp(value, "1")))
		writeback = *value == '1';
	else if (!strcmp(name, "--cmsg") && (!strcmp(value, "array") || !strcmp(value, "store")))
		store = *value == 's';
	else
		return !strcmp(name, "--numbers") && !strcmp(value, "polyfill");
	return true;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i += 2)
		if (!option(argv[i], i + 1 < argc ? argv[i + 1] : ""))
			return usage(argv[0]);
	run_tcp_cases();
	if (polyfill) {
		CASE(abi_version_is_1);
		CASE(flag_arrives);
		CASE(flag_takes_no_room);
		CASE(get_reads_keys_only_where_they_are);
		CASE(applications_own_saved_syn_is_left_alone);
		CASE(other_options_behave_as_ever);
	} else {
		CASE(boot_parameters_can_be_read);
		run_udp_cases();
		run_bpf_cases();
	}
	return tap_end();
}
