/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is pinned in the BPF file system, by path: a directory per cgroup, one per device, and one
 * for the maps that all of them share.
 */
#ifndef TRAITS_PINS_H
#define TRAITS_PINS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "maps.h"

#define PIN_ROOT "/sys/fs/bpf"
#define PIN_BASE PIN_ROOT "/pkttraits"
#define PIN_SHARED PIN_BASE "/shared-" TRAITS_SHARED_LAYOUT

/* Markers: the instance, and its directory, are removed with the last `exec`. */
#define MARK_EXEC "by-exec"
#define MARK_CREATED "created"

void pin_path(char path[PATH_MAX], uint64_t id, const char *name);
bool pin_exists(uint64_t id, const char *name);
int pin_mark(uint64_t id, const char *name);
void pin_unmark(uint64_t id, const char *name);
void pins_remove(uint64_t id);
int pins_each(int (*visit)(uint64_t id, void *arg), void *arg);

/* A device is known by its network namespace (inode number) and its index in there. */
struct device {
	uint64_t netns;
	uint32_t ifindex;
};

void pins_of_device(char path[PATH_MAX], const struct device *device, const char *name);
void pins_remove_device(const struct device *device);
int pins_each_device(int (*visit)(const struct device *device, void *arg), void *arg);

/* Makes the directory of the shared maps; -1 and errno if that fails. */
int pins_share(void);
/* Removes the shared maps if no cgroup and no device uses them. */
void pins_unshare(void);

#endif
