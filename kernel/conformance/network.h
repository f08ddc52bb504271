/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network namespaces of a case's own, with lo up, and their sysctls.
 */
#ifndef NETWORK_H
#define NETWORK_H

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

#include "sockets.h"

static inline void link_up(const char *name)
{
	const int fd = MUST(socket(AF_INET, SOCK_DGRAM, 0));
	struct ifreq request = { 0 };

	strcpy(request.ifr_name, name);
	MUST(ioctl(fd, SIOCGIFFLAGS, &request));
	request.ifr_flags |= IFF_UP;
	MUST(ioctl(fd, SIOCSIFFLAGS, &request));
	close(fd);
}

static inline void own_network(void)
{
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		printf("# root is needed, or user namespaces: %s\n", strerror(errno));
		exit(1);
	}
	link_up("lo");
}

static inline void sysctl(const char *path, const char *value)
{
	const int fd = MUST(open(path, O_WRONLY));

	MUST(write(fd, value, strlen(value)));
	close(fd);
}

#endif
