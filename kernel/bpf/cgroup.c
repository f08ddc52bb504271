// SPDX-License-Identifier: Apache-2.0
/*
 * Directories of the cgroup v2 hierarchy, wherever it is mounted.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup.h"
#include "error.h"

#define FILEID_KERNFS 0xfe

int cgroup_mount(char path[PATH_MAX])
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t size = 0;
	int found = -1;

	while (f && found && getline(&line, &size, f) > 0) {
		char *type = strstr(line, " - ");

		if (type && !strncmp(type, " - cgroup2 ", 11) && sscanf(line, "%*s %*s %*s %*s %4095s", path) == 1)
			found = 0;
	}
	free(line);
	if (f)
		fclose(f);
	if (found)
		fail("no cgroup v2 hierarchy is mounted; run: mkdir -p /sys/fs/cgroup/unified && "
		     "mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified");
	return found;
}

int cgroup_open(struct cgroup *cg, const char *dir, bool create)
{
	char mount[PATH_MAX], path[2 * PATH_MAX];
	struct statfs fs;
	struct stat st;

	*cg = (struct cgroup){ .fd = -1 };
	if (cgroup_mount(mount))
		return -1;
	if (dir[0] == '/')
		snprintf(path, sizeof(path), "%s", dir);
	else
		snprintf(path, sizeof(path), "%s/%s", mount, dir);
	if (create && !mkdir(path, 0755))
		cg->created = true;
	else if (create && errno != EEXIST)
		return fail("cannot create %s: %s", path, strerror(errno));
	cg->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cg->fd < 0)
		return fail("%s: %s; cgroup v2 is mounted on %s, create the directory there: mkdir %s/NAME", path,
			    strerror(errno), mount, mount);
	if (fstatfs(cg->fd, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC) {
		if (cg->created)
			rmdir(path);
		cgroup_close(cg);
		return fail("%s is not a directory of cgroup v2, which is mounted on %s", path, mount);
	}
	if (fstat(cg->fd, &st) || !realpath(path, cg->path)) {
		cgroup_close(cg);
		return fail("%s: %s", path, strerror(errno));
	}
	cg->id = st.st_ino;
	return 0;
}

int cgroup_create(struct cgroup *cg, const char *name)
{
	char dir[NAME_MAX + 1];

	for (int i = 0; i < 1000; i++) {
		snprintf(dir, sizeof(dir), "%s-%d", name, i);
		if (cgroup_open(cg, dir, true))
			return -1;
		if (cg->created)
			return 0;
		cgroup_close(cg);
	}
	return fail("cannot create the cgroup directory %s: it exists", dir);
}

void cgroup_close(struct cgroup *cg)
{
	if (cg->fd >= 0)
		close(cg->fd);
	cg->fd = -1;
}

int cgroup_join(const struct cgroup *cg, int pid)
{
	int fd = openat(cg->fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0 || dprintf(fd, "%d", pid) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	return error ? fail("cannot move a process into %s: %s", cg->path, strerror(error)) : 0;
}

bool cgroup_populated(const struct cgroup *cg)
{
	char text[256] = "";
	int fd = openat(cg->fd, "cgroup.events", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = 0;
	close(fd);
	return strstr(text, "populated 1") != NULL;
}

static struct {
	bool (*visit)(const char *path, uint64_t id, void *arg);
	void *arg;
} walk;

static int walk_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	return type == FTW_D && walk.visit(path, st->st_ino, walk.arg);
}

bool cgroup_walk(const char *path, bool (*visit)(const char *path, uint64_t id, void *arg), void *arg)
{
	walk.visit = visit;
	walk.arg = arg;
	return nftw(path, walk_entry, 16, FTW_PHYS | FTW_MOUNT) == 1;
}

/* The kernel finds the directory by its id, so that a name given anew to another is no trap. */
bool cgroup_path(uint64_t id, char path[PATH_MAX])
{
	struct {
		struct file_handle head;
		uint64_t id;
	} handle = { .head = { .handle_bytes = sizeof(id), .handle_type = FILEID_KERNFS }, .id = id };
	char mount[PATH_MAX], link[64];
	ssize_t len = -1;
	int fd, root;

	if (cgroup_mount(mount))
		return false;
	root = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = open_by_handle_at(root, &handle.head, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		len = readlink(link, path, PATH_MAX - 1);
		close(fd);
	}
	if (root >= 0)
		close(root);
	if (len >= 0)
		path[len] = 0;
	return len >= 0;
}
