// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "pins.h"
#include "privilege.h"

#define BIT(capability) (1ULL << (capability))

static const struct {
	int capability;
	const char *name;
	uint64_t instead; /* the kernel accepts these as well */
} names[] = {
	{ CAP_BPF, "CAP_BPF", BIT(CAP_SYS_ADMIN) },
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN", 0 },
	{ CAP_PERFMON, "CAP_PERFMON", BIT(CAP_SYS_ADMIN) },
	{ CAP_KILL, "CAP_KILL", 0 },
	{ CAP_SETGID, "CAP_SETGID", 0 },
	{ CAP_SETUID, "CAP_SETUID", 0 },
};

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

/* Only the initial user namespace maps all ids; the capabilities of another do not count for BPF. */
static bool in_user_namespace(void)
{
	FILE *f = fopen("/proc/self/uid_map", "re");
	unsigned long inside = 0, outside = 0, count = 4294967295;

	if (f && fscanf(f, "%lu %lu %lu", &inside, &outside, &count) != 3)
		count = 0;
	if (f)
		fclose(f);
	return inside || outside || count != 4294967295;
}

static void append(char *text, size_t size, const char *more)
{
	const size_t used = strlen(text);

	snprintf(text + used, size - used, "%s", more);
}

/* As a shell reads it. */
static void append_word(char *text, size_t size, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
	const bool quote = !*word || word[strspn(word, plain)];

	append(text, size, quote ? " '" : " ");
	for (; *word; word++)
		append(text, size, *word == '\'' ? "'\\''" : (char[]){ *word, 0 });
	append(text, size, quote ? "'" : "");
}

static bool may_access(const char *path, int mode)
{
	return !faccessat(AT_FDCWD, path, mode, AT_EACCESS) || (errno != EACCES && errno != EPERM);
}

int privilege_check(uint64_t capabilities, int access_mode, char **argv)
{
	const uint64_t effective = effective_capabilities();
	char missing[128] = "", command_line[4096] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(capabilities & BIT(names[i].capability)) ||
		    effective & (BIT(names[i].capability) | names[i].instead))
			continue;
		append(missing, sizeof(missing), *missing ? ", " : "");
		append(missing, sizeof(missing), names[i].name);
	}
	for (char **word = argv; *word; word++)
		append_word(command_line, sizeof(command_line), *word);
	if (in_user_namespace())
		return fail("%s needs root of the host, and this is a user namespace; run outside of it: sudo%s", argv[1],
			    command_line);
	if (*missing && !geteuid())
		return fail("%s needs %s, which root lacks here; run outside of this container or service:%s", argv[1],
			    missing, command_line);
	if (*missing)
		return fail("%s needs root: this process lacks %s; run: sudo%s", argv[1], missing, command_line);
	if (!may_access(PIN_ROOT, access_mode | X_OK) || !may_access(PIN_BASE, access_mode | X_OK))
		return fail("%s needs root: this process may not %s " PIN_ROOT "; run: sudo%s", argv[1],
			    access_mode & W_OK ? "write to" : "read", command_line);
	return 0;
}
