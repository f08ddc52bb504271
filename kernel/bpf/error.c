// SPDX-License-Identifier: Apache-2.0
/*
 * Says what went wrong, and what is missing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader.h"

int fail(const char *format, ...)
{
	va_list args;

	fputs("traits-bpf: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -1;
}

static uint64_t effective_capabilities(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long long caps = 0;
	char line[256];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	if (f)
		fclose(f);
	return caps;
}

void explain_missing_privilege(void)
{
	static const struct {
		int bit;
		const char *name;
	} needed[] = { { 39, "CAP_BPF" }, { 12, "CAP_NET_ADMIN" }, { 38, "CAP_PERFMON" } };
	const uint64_t caps = effective_capabilities(), sys_admin = 1ULL << 21;
	char missing[64] = "";

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (caps & (1ULL << needed[i].bit) || (caps & sys_admin && needed[i].bit != 12))
			continue;
		if (*missing)
			strcat(missing, ", ");
		strcat(missing, needed[i].name);
	}
	if (*missing)
		fail("this process lacks %s; run it as root: sudo traits-bpf ...", missing);
	else if (geteuid() != 0)
		fail("this process is not root and may not write to " PIN_ROOT "; run: sudo traits-bpf ...");
}
