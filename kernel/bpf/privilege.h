/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks the privileges of this process before a command starts.
 */
#ifndef TRAITS_PRIVILEGE_H
#define TRAITS_PRIVILEGE_H

#include <stdint.h>

/*
 * capabilities has a bit for each that the command needs, besides access (R_OK, W_OK) to what is
 * pinned. argv, with the command in argv[1], is for the remedy.
 */
int privilege_check(uint64_t capabilities, int access_mode, char **argv);

#endif
