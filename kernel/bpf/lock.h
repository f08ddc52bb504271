/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One traits-bpf process at a time changes what is pinned.
 */
#ifndef TRAITS_LOCK_H
#define TRAITS_LOCK_H

#include <stdbool.h>

bool bpffs_mounted(void);
/* Mounts the BPF file system if needed, waits for other processes; a file descriptor, or -1. */
int lock_take(void);
/* Removes the shared maps if they are unused. */
void lock_release(int lock);

#endif
