/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which segments carry traits, and whether they can be seen on the wire.
 */
#ifndef SEGMENT_CASES_H
#define SEGMENT_CASES_H

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>

#include "network.h"
#include "pair.h"

struct segment {
	__u8 bytes[2048];
	ssize_t len;
	const struct tcphdr *tcp;
	bool has_traits;
};

static int packet_socket(int type)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(type) };
	const int fd = MUST(socket(AF_PACKET, SOCK_DGRAM, htons(type)));

	at.sll_ifindex = if_nametoindex("lo");
	MUST(bind(fd, (struct sockaddr *)&at, sizeof(at)));
	return fd;
}

static bool carries_our_option(const struct segment *s)
{
	const __u8 *option = (const __u8 *)(s->tcp + 1), *end = (const __u8 *)s->tcp + s->tcp->doff * 4;

	while (option < end && *option) {
		if (*option == 1) {
			option++;
			continue;
		}
		if (option[0] == 254 && option[2] == 'T' && option[3] == 'R')
			return true;
		option += option[1];
	}
	return false;
}

/* A raw socket gets a copy of each segment, on a kernel with its traits. */
static bool read_segment(int raw, struct segment *s)
{
	char control[4096];
	struct iovec data = { s->bytes, sizeof(s->bytes) };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control,
			    .msg_controllen = sizeof(control) };

	s->len = recvmsg(raw, &m, MSG_DONTWAIT);
	if (s->len < 0)
		return false;
	s->tcp = (void *)(s->bytes + (s->bytes[0] & 15) * 4);
	s->has_traits = polyfill && carries_our_option(s);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_PKT_TRAITS)
			s->has_traits = true;
	return true;
}

static void only_the_syn_carries_traits(void)
{
	struct segment s;
	int raw, on = 1, syns = 0, others = 0;
	struct pair p;
	char byte;

	own_network();
	raw = MUST(socket(AF_INET, SOCK_RAW, IPPROTO_TCP));
	if (!polyfill)
		MUST(setsockopt(raw, SOL_SOCKET, SO_RCV_PKT_TRAITS, &on, sizeof(on)));
	p = connect_pair(loopback(), three, 3);
	CHECK(send(p.client, "x", 1, 0) == 1 && recv(p.accepted, &byte, 1, 0) == 1);
	CHECK(send(p.accepted, "x", 1, 0) == 1 && recv(p.client, &byte, 1, 0) == 1);
	CHECK(shutdown(p.client, SHUT_WR) == 0 && recv(p.accepted, &byte, 1, 0) == 0);
	CHECK(shutdown(p.accepted, SHUT_WR) == 0 && recv(p.client, &byte, 1, 0) == 0);
	while (read_segment(raw, &s)) {
		const bool syn = s.tcp->syn && !s.tcp->ack;

		CHECK(s.has_traits == syn);
		syns += syn;
		others += !syn;
	}
	CHECK(syns == 1 && others >= 6);
	close_pair(&p);
}

static ssize_t first_packet(int fd)
{
	const struct timeval limit = { .tv_sec = 10 };
	char packet[4096];

	MUST(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	return MUST(recv(fd, packet, sizeof(packet), 0));
}

static void syn_with_traits_is_no_longer(int type, const char *at)
{
	struct pkt_trait set[PKT_TRAIT_KEYS];
	ssize_t with, without;
	struct pair p;
	int fd;

	full_set(set);
	own_network();
	fd = packet_socket(type);
	p = connect_pair(address_of(at, 0), NULL, 0);
	without = first_packet(fd);
	close(fd);
	close_pair(&p);
	fd = packet_socket(type);
	p = connect_pair(address_of(at, 0), set, PKT_TRAIT_KEYS);
	with = first_packet(fd);
	if (polyfill) /* 14 bytes of ticket as a TCP option, and two of padding */
		CHECK(with == without + 16);
	else
		CHECK(with == without);
	close(fd);
	close_pair(&p);
}

#endif
