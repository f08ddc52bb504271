// SPDX-License-Identifier: Apache-2.0
/*
 * What is pinned under bpffs: a directory per instance, named after the cgroup's id, one per
 * device, and one for what all of them share, which goes with the last of either kind. Markers are
 * empty directories, the only files that bpffs lets us make.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "loader.h"

bool pins_mounted(void)
{
	struct statfs fs;

	return !statfs(PIN_ROOT, &fs) && fs.f_type == BPF_FS_MAGIC;
}

static int mount_bpffs(void)
{
	if (pins_mounted())
		return 0;
	if (!mount("bpf", PIN_ROOT, "bpf", 0, "mode=0700"))
		return 0;
	fail("no BPF file system on " PIN_ROOT " (%s); run: mount -t bpf bpf " PIN_ROOT, strerror(errno));
	explain_missing_privilege();
	return -1;
}

int pins_lock(void)
{
	struct stat held, there;

	if (mount_bpffs())
		return -1;
	for (;;) {
		int fd;

		if (mkdir(PIN_BASE, 0700) && errno != EEXIST)
			break;
		fd = open(PIN_BASE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue;
		if (fd < 0)
			break;
		if (flock(fd, LOCK_EX)) {
			close(fd);
			break;
		}
		/* The last user may have removed it while we waited. */
		if (!fstat(fd, &held) && !stat(PIN_BASE, &there) && held.st_ino == there.st_ino)
			return fd;
		close(fd);
	}
	fail("cannot lock " PIN_BASE ": %s", strerror(errno));
	explain_missing_privilege();
	return -1;
}

static void remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char name[PATH_MAX + 256];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (unlink(name))
			rmdir(name);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

void pin_path(char path[PATH_MAX], uint64_t id, const char *name)
{
	snprintf(path, PATH_MAX, PIN_BASE "/%" PRIu64 "%s%s", id, *name ? "/" : "", name);
}

bool pin_exists(uint64_t id, const char *name)
{
	char path[PATH_MAX];

	pin_path(path, id, name);
	return !access(path, F_OK);
}

int pin_mark(uint64_t id, const char *name)
{
	char path[PATH_MAX];

	pin_path(path, id, name);
	return mkdir(path, 0700) && errno != EEXIST ? fail("%s: %s", path, strerror(errno)) : 0;
}

void pin_unmark(uint64_t id, const char *name)
{
	char path[PATH_MAX];

	pin_path(path, id, name);
	rmdir(path);
}

void pins_remove(uint64_t id)
{
	char path[PATH_MAX];

	pin_path(path, id, "");
	remove_dir(path);
}

int pins_each(int (*visit)(uint64_t id, void *arg), void *arg)
{
	DIR *dir = opendir(PIN_BASE);
	struct dirent *entry;
	int result = 0;

	while (dir && !result && (entry = readdir(dir))) {
		char *end;
		const uint64_t id = strtoull(entry->d_name, &end, 10);

		if (id && !*end)
			result = visit(id, arg);
	}
	if (dir)
		closedir(dir);
	return result;
}

/* The kernel detaches the programs when their cgroup is removed; the pins stay. */
static int remove_if_stale(uint64_t id, void *arg)
{
	char path[PATH_MAX];

	(void)arg;
	if (!cgroup_path(id, path) && errno == ESTALE)
		pins_remove(id);
	return 0;
}

void pins_remove_stale(void)
{
	pins_each(remove_if_stale, NULL);
	devices_remove_stale();
}

int pins_share(void)
{
	return mkdir(PIN_SHARED, 0700) && errno != EEXIST ? -1 : 0;
}

void pins_of_device(char path[PATH_MAX], const struct device *device, const char *name)
{
	snprintf(path, PATH_MAX, PIN_BASE "/dev-%" PRIu64 "-%" PRIu32 "%s%s", device->netns, device->ifindex,
		 *name ? "/" : "", name);
}

void pins_remove_device(const struct device *device)
{
	char path[PATH_MAX];

	pins_of_device(path, device, "");
	remove_dir(path);
}

int pins_each_device(int (*visit)(const struct device *device, void *arg), void *arg)
{
	DIR *dir = opendir(PIN_BASE);
	struct dirent *entry;
	int result = 0;

	while (dir && !result && (entry = readdir(dir))) {
		struct device device;

		if (sscanf(entry->d_name, "dev-%" SCNu64 "-%" SCNu32, &device.netns, &device.ifindex) == 2)
			result = visit(&device, arg);
	}
	if (dir)
		closedir(dir);
	return result;
}

static int any(uint64_t id, void *arg)
{
	(void)id;
	(void)arg;
	return 1;
}

static int any_device(const struct device *device, void *arg)
{
	(void)device;
	(void)arg;
	return 1;
}

void pins_unlock(int lock)
{
	if (!pins_each(any, NULL) && !pins_each_device(any_device, NULL)) {
		remove_dir(PIN_SHARED);
		rmdir(PIN_BASE);
	}
	close(lock);
}
