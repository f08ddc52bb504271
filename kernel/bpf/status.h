/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRAITS_STATUS_H
#define TRAITS_STATUS_H

/* Prints the cgroup directory dir, or all directories and devices if dir is NULL. */
int status_print(const char *dir);

#endif
