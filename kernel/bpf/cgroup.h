/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directories of the cgroup v2 hierarchy.
 */
#ifndef TRAITS_CGROUP_H
#define TRAITS_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct cgroup {
	int fd;
	bool created;
	uint64_t id;
	char path[PATH_MAX];
};

int cgroup_mount(char path[PATH_MAX]);
int cgroup_open(struct cgroup *cg, const char *dir, bool create);
/* Creates a directory that did not exist, below the mount point. */
int cgroup_create(struct cgroup *cg, const char *name);
void cgroup_close(struct cgroup *cg);
int cgroup_join(const struct cgroup *cg, int pid);
bool cgroup_populated(const struct cgroup *cg);
/* Finds the path of the directory with that id; false and errno if there is none. */
bool cgroup_path(uint64_t id, char path[PATH_MAX]);
/* Calls visit for the directory and all below it, until it returns true. */
bool cgroup_walk(const char *path, bool (*visit)(const char *path, uint64_t id, void *arg), void *arg);

#endif
