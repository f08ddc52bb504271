/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which SYN a set belongs to.
 */
#ifndef META_SYN_CASES_H
#define META_SYN_CASES_H

#include <fcntl.h>
#include <linux/ip.h>
#include <linux/tcp.h>

#include "meta_device.h"

/* 1,000 SYNs before the first accept; each has its source port as the value of key 5. */
static void connections_are_not_mixed_up(void)
{
	static const __u8 store[24] = { 32, [16] = 0, 0, 0, 0, 20, V1, 'T', 'R' };
	struct address at = address_of("10.8.0.2", 0), target;
	const int listener = bound_socket(&at);
	int clients[1000], wrong = 0;

	MUST(set_save(listener, &n, 1));
	MUST(listen(listener, 1000));
	target = address_of("10.8.0.2", ntohs(at.v4.sin_port));
	meta_set(store, sizeof(store), 4);
	for (int i = 0; i < 1000; i++) {
		clients[i] = client_socket(AF_INET);
		MUST(fcntl(clients[i], F_SETFL, O_NONBLOCK));
		CHECK_ERRNO(connect(clients[i], &target.any, target.len), EINPROGRESS);
	}
	for (int i = 0; i < 1000; i++) {
		struct address peer = { .len = sizeof(peer.v6) };
		const int fd = MUST(accept(listener, &peer.any, &peer.len));
		struct pkt_trait t = trait(5, 0, NULL);
		__u32 port;

		MUST(get_traits(fd, &n, &t, 1));
		memcpy(&port, t.val, sizeof(port));
		wrong += t.len != 4 || port != ntohs(peer.v4.sin_port);
		close(fd);
	}
	CHECK(wrong == 0);
	for (int i = 0; i < 1000; i++)
		close(clients[i]);
	close(listener);
}

/* A SYN without a store that has the numbers of an earlier one with a store. */
static void syn_without_a_store_has_nothing_of_an_earlier_one(void)
{
	const struct syn_key key = { .src = { [10] = 0xff, 0xff, 10, 8, 0, 1 }, .isn = htonl(0x01020304),
				     .port = htons(0x0506) };
	const int xdp = MUST(bpf_obj_get(PINS "shared-" TRAITS_SHARED_LAYOUT "/xdp"));
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} syn = { { .version = 4, .ihl = 5, .protocol = IPPROTO_TCP, .ttl = 64, .saddr = inet_addr("10.8.0.1"),
		    .daddr = inet_addr("10.8.0.2") },
		  { .source = key.port, .dest = htons(9), .seq = key.isn, .doff = 5, .syn = 1 } };
	struct address to = address_of("10.8.0.2", 0);
	struct trait_set set = { 0 };
	int raw;

	meta_set(NULL, 0, 0);
	MUST(bpf_map_update_elem(xdp, &key, &set, BPF_ANY));
	MUST(setns(there, CLONE_NEWNET));
	raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	MUST(setns(here, CLONE_NEWNET));
	syn.tcp.ack = 1; /* this one is no SYN of a new connection */
	MUST(sendto(raw, &syn, sizeof(syn), 0, &to.any, to.len));
	check_traits(accepted(), NULL, 0); /* it has passed, so has what was sent before it */
	CHECK(bpf_map_lookup_elem(xdp, &key, &set) == 0);
	syn.tcp.ack = 0;
	MUST(sendto(raw, &syn, sizeof(syn), 0, &to.any, to.len));
	check_traits(accepted(), NULL, 0);
	CHECK(bpf_map_lookup_elem(xdp, &key, &set) == -ENOENT);
	close(raw);
	close(xdp);
}

/* What the kernel lets XDP have, for the README. */
static void metadata_up_to_216_bytes(void)
{
	static const __u8 bytes[256];
	int most = 0;

	for (int size = 4; size <= 256; size += 4) {
		meta_set(bytes, size, 0);
		close(accepted());
		if (!meta_refused())
			most = size;
	}
	printf("# at most %d bytes of metadata\n", most);
	CHECK(most >= 216);
}

#endif
