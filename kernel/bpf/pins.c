// SPDX-License-Identifier: Apache-2.0
/*
 * The directory of a cgroup is named after the cgroup's id, the directory of a device after its
 * network namespace and index. Markers are empty directories: bpffs lets us make no other files.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "pins.h"

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
	/* access() would ignore the capabilities of a user other than root. */
	return !faccessat(AT_FDCWD, path, F_OK, AT_EACCESS);
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

void pins_unshare(void)
{
	if (!pins_each(any, NULL) && !pins_each_device(any_device, NULL))
		remove_dir(PIN_SHARED);
}
