/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRAITS_EXEC_H
#define TRAITS_EXEC_H

#include "trust.h"

/* Runs a command in a cgroup directory; returns the exit status of this program. */
int exec_command(const char *dir, const struct trust *trust, char **command);

#endif
