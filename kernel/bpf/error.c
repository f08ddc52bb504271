// SPDX-License-Identifier: Apache-2.0
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "error.h"

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
	return -1;
}
