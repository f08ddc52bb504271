/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case in a process of its own, so that one that hangs, dies or moves to another network
 * namespace is no trouble to the next.
 */
#ifndef ALONE_H
#define ALONE_H

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockets.h"
#include "tap.h"

#define CASE_SECONDS 120

/* As CHECK; what follows makes no sense without it. */
#define NEED(condition) do { \
	CHECK(condition); \
	if (tap_case_failed) \
		exit(1); \
} while (0)

#define CASE(function, ...) do { \
	if (tap_only && strcmp(tap_only, #function)) \
		break; \
	if (!alone_begin()) { \
		function(__VA_ARGS__); \
		exit(tap_case_failed); \
	} \
	tap_result(#function " " #__VA_ARGS__); \
} while (0)

/* Returns 0 in the case's process, and in the caller when that has ended. */
static inline int alone_begin(void)
{
	const pid_t child = MUST(fork());
	int status;

	tap_case_failed = 0;
	if (!child) {
		setvbuf(stdout, NULL, _IOLBF, 0);
		must_says = "#";
		alarm(CASE_SECONDS);
		return 0;
	}
	MUST(waitpid(child, &status, 0));
	tap_case_failed = status != 0;
	if (WIFSIGNALED(status))
		printf("# ended by signal %d%s\n", WTERMSIG(status), WTERMSIG(status) == SIGALRM ? ": it hung" : "");
	return child;
}

#endif
