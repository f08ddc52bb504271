/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: traits-bpf COMMAND OPTION... [--] WORD...
 */
#ifndef TRAITS_ARGUMENTS_H
#define TRAITS_ARGUMENTS_H

#include <stdbool.h>

/* Each option takes a value. */
enum option { OPTION_CGROUP, OPTION_USER, OPTION_TRUST, OPTION_DEV, OPTION_COUNT };

struct arguments {
	const char *value[OPTION_COUNT]; /* NULL: not given */
	char **words;                    /* end with NULL */
	bool help;
};

/* What a command takes; sets of options have a bit for each. */
struct syntax {
	unsigned int required;
	unsigned int optional;
	bool words; /* one or more, which it runs as a command */
};

/* argv starts with the name of the command; on failure the error has been printed. */
int arguments_parse(struct arguments *arguments, const struct syntax *syntax, char **argv);

#endif
