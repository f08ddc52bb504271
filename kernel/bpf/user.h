/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user that a command runs as.
 */
#ifndef TRAITS_USER_H
#define TRAITS_USER_H

struct passwd;

/* The name may be a number; NULL after the error has been printed. */
const struct passwd *user_find(const char *name);
/* Gives up the groups, the ids and the capabilities of this process, in this order. */
int user_become(const struct passwd *user);

#endif
