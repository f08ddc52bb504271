/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRAITS_EXEC_H
#define TRAITS_EXEC_H

#include "trust.h"

struct passwd;

/*
 * Runs a command in a cgroup directory, in one of its own if dir is NULL, and as the user if that
 * is not NULL. Returns the exit status of this program.
 */
int exec_command(const char *dir, const struct trust *trust, const struct passwd *user, char **command);

#endif
