/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test Anything Protocol: a case is a function; what it expects is said by CHECK.
 */
#ifndef TAP_H
#define TAP_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int tap_case, tap_failed, tap_case_failed;
static const char *tap_only; /* run the cases of this function alone */

#define CHECK(condition) do { \
	if (!(condition)) { \
		printf("# %s:%d: not so: %s (errno %d: %s)\n", __FILE__, __LINE__, #condition, errno, strerror(errno)); \
		tap_case_failed = 1; \
	} \
} while (0)

/* The call fails with that errno. */
#define CHECK_ERRNO(call, error) do { \
	const int tap_result = (errno = 0, (call)); \
	if (tap_result != -1 || errno != (error)) { \
		printf("# %s:%d: %s answered %d, errno %d (%s), not %s\n", __FILE__, __LINE__, #call, tap_result, \
		       errno, strerror(errno), #error); \
		tap_case_failed = 1; \
	} \
} while (0)

#define RUN(function, ...) do { \
	if (tap_only && strcmp(tap_only, #function)) \
		break; \
	tap_case_failed = 0; \
	function(__VA_ARGS__); \
	tap_result(#function " " #__VA_ARGS__); \
} while (0)

static inline void tap_result(const char *name)
{
	printf("%sok %d - %s\n", tap_case_failed ? "not " : "", ++tap_case, name);
	tap_failed += tap_case_failed;
	fflush(stdout);
}

static inline int tap_end(void)
{
	printf("1..%d\n", tap_case);
	return tap_failed || !tap_case;
}

#endif
