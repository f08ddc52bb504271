// SPDX-License-Identifier: Apache-2.0
/*
 * Says what went wrong, and what is missing.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "pins.h"

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

static char libbpf_said[4096];

static int remember(enum libbpf_print_level level, const char *format, va_list args)
{
	const size_t used = strlen(libbpf_said);

	if (level == LIBBPF_WARN)
		vsnprintf(libbpf_said + used, sizeof(libbpf_said) - used, format, args);
	return 0;
}

void libbpf_listen(void)
{
	*libbpf_said = 0;
	libbpf_set_print(remember);
}

int explain(const char *what, int error)
{
	if (*libbpf_said)
		fputs(libbpf_said, stderr);
	fail("%s: %s", what, strerror(error));
	if (access("/sys/kernel/btf/vmlinux", R_OK))
		fail("this kernel has no BTF (/sys/kernel/btf/vmlinux); it needs CONFIG_DEBUG_INFO_BTF=y");
	if (error == EPERM || error == EACCES)
		explain_missing_privilege();
	return -1;
}
