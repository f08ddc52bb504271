/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two network namespaces and a veth pair between them: `near`, where the case is, and `far`.
 */
#ifndef VETH_H
#define VETH_H

#include <linux/if_link.h>
#include <linux/ipv6.h>
#include <linux/veth.h>

#include "netlink.h"
#include "network.h"

#define NEAR_4 "10.8.0.1"
#define FAR_4 "10.8.0.2"
#define NEAR_6 "fd08::1"
#define FAR_6 "fd08::2"

struct veth {
	int near, far;
};

/* Both ends are called `veth`. */
static inline void make_veth(int peer_namespace)
{
	const struct ifinfomsg none = { 0 };
	struct request r = request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &none, sizeof(none));
	struct rtattr *info, *data, *peer;

	attribute(&r, IFLA_IFNAME, "veth", 5);
	info = attribute(&r, IFLA_LINKINFO, NULL, 0);
	attribute(&r, IFLA_INFO_KIND, "veth", 4);
	data = attribute(&r, IFLA_INFO_DATA, NULL, 0);
	peer = attribute(&r, VETH_INFO_PEER, &none, sizeof(none));
	attribute(&r, IFLA_IFNAME, "veth", 5);
	attribute(&r, IFLA_NET_NS_FD, &peer_namespace, sizeof(peer_namespace));
	attribute_end(&r, peer);
	attribute_end(&r, data);
	attribute_end(&r, info);
	ask(&r, "veth");
}

static inline void address_veth(const char *v4, const char *v6)
{
	const int fd4 = MUST(socket(AF_INET, SOCK_DGRAM, 0)), fd6 = MUST(socket(AF_INET6, SOCK_DGRAM, 0));
	struct ifreq request = { .ifr_name = "veth" };
	struct in6_ifreq request6 = { .ifr6_prefixlen = 64, .ifr6_ifindex = MUST((int)if_nametoindex("veth")) };
	const struct address a4 = address_of(v4, 0), mask = address_of("255.255.255.0", 0), a6 = address_of(v6, 0);

	memcpy(&request.ifr_addr, &a4.v4, sizeof(a4.v4));
	MUST(ioctl(fd4, SIOCSIFADDR, &request));
	memcpy(&request.ifr_netmask, &mask.v4, sizeof(mask.v4));
	MUST(ioctl(fd4, SIOCSIFNETMASK, &request));
	memcpy(&request6.ifr6_addr, &a6.v6.sin6_addr, sizeof(request6.ifr6_addr));
	MUST(ioctl(fd6, SIOCSIFADDR, &request6));
	close(fd4);
	close(fd6);
}

static inline void enter(int namespace)
{
	MUST(setns(namespace, CLONE_NEWNET));
}

static inline int this_namespace(void)
{
	/* The search for duplicates takes more than a second. */
	sysctl("/proc/sys/net/ipv6/conf/all/accept_dad", "0");
	sysctl("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
	return MUST(open("/proc/self/ns/net", O_RDONLY));
}

/* An IPv6 address is there for others somewhat after it was given. */
static inline void await_address(const char *host)
{
	const struct address a = address_of(host, 0);
	const int fd = MUST(socket(a.any.sa_family, SOCK_DGRAM, 0));

	while (bind(fd, &a.any, a.len)) {
		if (errno != EADDRNOTAVAIL)
			MUST(-1);
		usleep(1000);
	}
	close(fd);
}

static inline struct veth own_veth(void)
{
	struct veth v;

	own_network();
	v.far = this_namespace();
	own_network();
	v.near = this_namespace();
	make_veth(v.far);
	address_veth(NEAR_4, NEAR_6);
	link_up("veth");
	enter(v.far);
	address_veth(FAR_4, FAR_6);
	link_up("veth");
	await_address(FAR_6);
	enter(v.near);
	await_address(NEAR_6);
	return v;
}

#endif
