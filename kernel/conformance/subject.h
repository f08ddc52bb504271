/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is tested: which numbers, which side answers, and how a kernel that has the choice was booted.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <stdbool.h>
#include <stdio.h>

#include "sockets.h"

#define SO_RCV_PKT_TRAITS 82
#define SCM_PKT_TRAITS 83

static struct numbers n = { TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS };
static bool polyfill = true;
static bool writeback; /* a set writes io_err into the caller's buffer */
static bool store;     /* datagrams bring the raw trait store; no 16-byte values */

/* First character, or a question mark. */
static inline char parameter(const char *name)
{
	char path[128], value = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/pkt_traits/parameters/%s", name);
	file = fopen(path, "r");
	if (!file)
		return value;
	if (fread(&value, 1, 1, file) != 1)
		value = '?';
	fclose(file);
	return value;
}

static inline void subject_is_a_kernel(void)
{
	polyfill = false;
	n = (struct numbers){ 44, 45 };
	writeback = parameter("writeback") == 'Y';
	store = parameter("cmsg") == 's';
}

#endif
