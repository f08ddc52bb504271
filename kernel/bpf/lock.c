// SPDX-License-Identifier: Apache-2.0
/*
 * The lock is the directory of all pins; it is removed when nothing is pinned any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "error.h"
#include "lock.h"
#include "pins.h"

bool bpffs_mounted(void)
{
	struct statfs fs;

	return !statfs(PIN_ROOT, &fs) && fs.f_type == BPF_FS_MAGIC;
}

static int mount_bpffs(void)
{
	if (bpffs_mounted())
		return 0;
	if (!mount("bpf", PIN_ROOT, "bpf", 0, "mode=0700"))
		return 0;
	return fail("no BPF file system on " PIN_ROOT " (%s); run: mount -t bpf bpf " PIN_ROOT, strerror(errno));
}

int lock_take(void)
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
	return fail("cannot lock " PIN_BASE ": %s", strerror(errno));
}

void lock_release(int lock)
{
	pins_unshare();
	rmdir(PIN_BASE); /* fails if anything is pinned */
	close(lock);
}
