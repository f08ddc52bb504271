/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The traits that the programs send, and the namespaces they send them through.
 */
#ifndef STACK_H
#define STACK_H

#include <fcntl.h>
#include <sched.h>

#include "datagram.h"

static char payload[65000];

static struct pkt_trait some[3];

static inline void stack_begin(void)
{
	setbuf(stdout, NULL);
	MUST(unshare(CLONE_NEWNET));
	run("ip link set lo up");
	some[0] = trait(3, 4, bytes);
	some[1] = trait(7, 8, bytes + 2);
	some[2] = trait(63, 2, bytes + 5);
}

/* The namespace `far` with 10.9.0.2, behind a veth; this one has 10.9.0.1. */
static inline void far_make(void)
{
	run("ip netns del far 2>/dev/null; ip netns add far && ip link add v0 type veth peer name v1 netns far && "
	    "ip addr add 10.9.0.1/24 dev v0 && ip link set v0 up && "
	    "ip -n far addr add 10.9.0.2/24 dev v1 && ip -n far link set v1 up && ip -n far link set lo up");
}

/* Enters it; the result is what far_leave needs to come back. */
static inline int far_enter(void)
{
	const int home = MUST(open("/proc/self/ns/net", O_RDONLY)), there = MUST(open("/run/netns/far", O_RDONLY));

	MUST(setns(there, CLONE_NEWNET));
	close(there);
	return home;
}

static inline void far_leave(int home)
{
	MUST(setns(home, CLONE_NEWNET));
	close(home);
}

static inline void far_remove(void)
{
	run("ip netns del far");
}

static inline void close_three(int a, int b, int c)
{
	close(a);
	close(b);
	close(c);
}

#endif
