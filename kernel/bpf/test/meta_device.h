/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The device whose XDP program is told what to put before packets, and the connections over it.
 */
#ifndef META_DEVICE_H
#define META_DEVICE_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sched.h>
#include <stdint.h>

#include "../../conformance/sockets.h"
#include "../../conformance/tap.h"
#include "../maps.h"
#include "meta.h"

#define PINS "/sys/fs/bpf/pkttraits/"

#define V1 PKT_TRAIT_LAYOUT_RFC_V1
#define V2 PKT_TRAIT_LAYOUT_RFC_V2
#define TALK PKT_TRAIT_LAYOUT_TALK

static const struct numbers n = { TCP_SAVE_SYN_TRAITS, TCP_SYN_TRAITS };
static int meta_map, counters_map, device_map, here, there;

static const __u8 value[16] = { 0xa0, 0xb1, 0xc2, 0xd3, 0xe4, 0xf5, 0x16, 0x27,
				0x38, 0x49, 0x5a, 0x6b, 0x7c, 0x8d, 0x9e, 0xaf };

static uint64_t counter(int map, uint32_t cause)
{
	uint64_t values[1024] = { 0 }, sum = 0;

	MUST(libbpf_num_possible_cpus() > 1024 ? -1 : 0);
	MUST(bpf_map_lookup_elem(map, &cause, values));
	for (int i = 0; i < libbpf_num_possible_cpus(); i++)
		sum += values[i];
	return sum;
}

static void meta_set(const void *bytes, size_t size, uint32_t port_word)
{
	const __u32 zero = 0;
	struct meta m = { .size = size, .port = port_word };

	if (size)
		memcpy(m.words, bytes, size);
	MUST(bpf_map_update_elem(meta_map, &zero, &m, BPF_ANY));
}

static uint32_t meta_refused(void)
{
	const __u32 zero = 0;
	struct meta m;

	MUST(bpf_map_lookup_elem(meta_map, &zero, &m));
	return m.refused;
}

/* A client's socket is one of the other network namespace. */
static int client_socket(int family)
{
	int fd;

	MUST(setns(there, CLONE_NEWNET));
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	MUST(setns(here, CLONE_NEWNET));
	return MUST(fd);
}

static int accepted_by(const char *on, const char *to, int client)
{
	struct address at = address_of(on, 0), target;
	const int listener = saving_listener(&at, &n);
	int accepted;

	target = address_of(to, ntohs(at.v4.sin_port)); /* v4 and v6 have it in the same place */
	MUST(connect(client, &target.any, target.len));
	accepted = MUST(accept(listener, NULL, NULL));
	close(client);
	close(listener);
	return accepted;
}

static int accepted(void)
{
	return accepted_by("10.8.0.2", "10.8.0.2", client_socket(AF_INET));
}

/* The accepted socket has exactly these traits, in key order. */
static void check_traits(int fd, const struct pkt_trait *expected, size_t count)
{
	struct pkt_trait got[PKT_TRAIT_KEYS];
	size_t present = 0;

	CHECK(get_all(fd, &n, got) == 0);
	for (int key = 0; key < PKT_TRAIT_KEYS; key++) {
		if (!got[key].len)
			continue;
		if (present < count)
			CHECK(!memcmp(&got[key], &expected[present], sizeof(*expected)));
		present++;
	}
	CHECK(present == count);
	close(fd);
}

#endif
