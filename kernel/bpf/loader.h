/* SPDX-License-Identifier: Apache-2.0 */
/*
 * traits-bpf: what its parts know of each other. Functions return 0, or -1 after they said on
 * standard error what went wrong and what would help.
 */
#ifndef TRAITS_LOADER_H
#define TRAITS_LOADER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "maps.h"

/* error.c */
int fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void explain_missing_privilege(void);

/* cgroup.c: a directory of the cgroup v2 hierarchy. */
struct cgroup {
	int fd;
	bool created;
	uint64_t id;
	char path[PATH_MAX];
};

int cgroup_mount(char path[PATH_MAX]);
int cgroup_open(struct cgroup *cg, const char *dir, bool create);
void cgroup_close(struct cgroup *cg);
int cgroup_join(const struct cgroup *cg, int pid);
bool cgroup_populated(const struct cgroup *cg);
/* Path of the directory with that id; false if there is none. */
bool cgroup_path(uint64_t id, char path[PATH_MAX]);
/* Calls visit for the directory and all below it, until it returns true. */
bool cgroup_walk(const char *path, bool (*visit)(const char *path, uint64_t id, void *arg), void *arg);

/* trust.c: who may send traits inline. Loopback always may. */
struct trust {
	bool given;
	size_t count;
	struct trust_key keys[1024];
};

int trust_parse(struct trust *trust, const char *list);
int trust_store(const struct trust *trust, int map);
void trust_print(int map);

/* pins.c: what is pinned under bpffs. */
#define PIN_ROOT "/sys/fs/bpf"
#define PIN_BASE PIN_ROOT "/pkttraits"
#define PIN_SHARED PIN_BASE "/shared-" TRAITS_SHARED_LAYOUT

/* Waits for other traits-bpf processes; pins_unlock removes what serves nobody any more. */
int pins_lock(void);
void pins_unlock(int lock);
void pin_path(char path[PATH_MAX], uint64_t id, const char *name);
bool pin_exists(uint64_t id, const char *name);
int pin_mark(uint64_t id, const char *name);
void pin_unmark(uint64_t id, const char *name);
void pins_remove(uint64_t id);
void pins_remove_stale(void);
int pins_each(int (*visit)(uint64_t id, void *arg), void *arg);

/* Pinned last, so that its presence means that all of it is there. */
#define PIN_COMPLETE "sockops"
/* Markers: the instance, and its directory, go away with the last `exec`. */
#define MARK_EXEC "by-exec"
#define MARK_CREATED "created"

/* instance.c: the programs on one cgroup directory. All of these need the lock. */
bool instance_is_up(uint64_t id);
/* Id of the instance that serves the directory, its own or an ancestor's; 0 if none. */
uint64_t instance_serving(const struct cgroup *cg);
int instance_up(const struct cgroup *cg, const struct trust *trust);
int instance_set_trust(uint64_t id, const struct trust *trust);

/* status.c */
int status_print(const char *dir);

/* exec.c */
int exec_command(const char *dir, const struct trust *trust, char **command);

#endif
