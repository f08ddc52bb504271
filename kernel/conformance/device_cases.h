/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traits that XDP or TC gives to a packet, as the socket gets them.
 */
#ifndef DEVICE_CASES_H
#define DEVICE_CASES_H

#include "helper_cases.h"

enum place { XDP_NATIVE, XDP_GENERIC, TC_INGRESS, TC_EGRESS };

/* Each packet to `far` is given `three`. */
static void give_traits(const struct veth *v, enum place where)
{
	struct program p = program(where <= XDP_GENERIC ? XDP : TC);
	int fd;

	for (int i = 0; i < 3; i++)
		set(&p, three[i].key, three[i].len, three[i].val);
	load(&p, BPF_REG_0, where <= XDP_GENERIC ? XDP_PASS : TC_ACT_OK);
	fd = load_program(&p);
	enter(where == TC_EGRESS ? v->near : v->far);
	if (where <= XDP_GENERIC)
		attach_xdp(fd, where == XDP_NATIVE ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE);
	else
		attach_tc(fd, where == TC_INGRESS ? TC_H_MIN_INGRESS : TC_H_MIN_EGRESS);
	enter(v->near);
	close(fd);
}

static void accepted_socket_gets_what_the_device_gave(enum place where, const char *at)
{
	const struct veth v = own_veth();
	struct pair p;

	give_traits(&v, where);
	enter(v.far);
	p = listen_pair(address_of(at, 0), 1);
	close(p.client);
	enter(v.near);
	p.client = tcp_socket(p.at.any.sa_family);
	join_pair(&p);
	CHECK(has(p.accepted, 1, 8, bytes) && has(p.accepted, 30, 4, bytes) && has(p.accepted, 60, 2, bytes));
	CHECK(has(p.accepted, 2, 0, NULL));
	close_pair(&p);
}

static void datagram_brings_what_the_device_gave(enum place where, const char *at)
{
	const struct veth v = own_veth();
	struct udp u = udp_across(&v, at, at);
	const struct datagram *d;

	give_traits(&v, where);
	NEED(send_plain(u.out, &u.at, "payload") == 7);
	d = receive(u.in);
	CHECK(says(d, "payload") && brings(d, three, 3));
	close_udp(&u);
}

static void device_adds_to_what_was_sent(enum place where)
{
	const struct pkt_trait sent[] = { trait(0, 2, bytes), trait(30, 4, bytes + 4) };
	const struct pkt_trait expected[] = { sent[0], three[0], three[1], three[2] };
	const struct veth v = own_veth();
	struct udp u = udp_across(&v, FAR_4, FAR_4);

	give_traits(&v, where);
	NEED(send_traits(u.out, &u.at, "payload", sent, 2) == 7);
	CHECK(brings(receive(u.in), expected, 4));
	close_udp(&u);
}

#endif
