/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Address families, sizes and devices on the way.
 */
#ifndef PATH_CASES_H
#define PATH_CASES_H

#include "pair.h"
#include "veth.h"

static void accepted_socket_gets_what_was_set(const char *listen_on, const char *connect_to)
{
	struct address at = address_of(listen_on, 0), to;
	const int listener = saving_listener(&at, &n);
	int client, accepted;

	to = address_of(connect_to, port_of(&at));
	client = tcp_socket(to.any.sa_family);
	CHECK(set_traits(client, &n, three, 3) == 0);
	MUST(connect(client, &to.any, to.len));
	accepted = MUST(accept(listener, NULL, NULL));
	CHECK(has(accepted, 1, 8, bytes) && has(accepted, 30, 4, bytes) && has(accepted, 60, 2, bytes));
	CHECK(has(accepted, 5, 0, NULL));
	close(client);
	close(accepted);
	close(listener);
}

static void value_of_each_size_arrives(int len)
{
	const struct pkt_trait set = trait(33, len, bytes);
	struct pair p;

	if (len == 16 && store) {
		const int fd = tcp_socket(AF_INET);

		CHECK_ERRNO(set_traits(fd, &n, &set, 1), EIO);
		CHECK(has(fd, 33, 0, NULL));
		close(fd);
		return;
	}
	p = connect_pair(loopback(), &set, 1);
	CHECK(has(p.accepted, 33, len, bytes));
	close_pair(&p);
}

static void each_key_arrives(void)
{
	for (int key = 0; key < PKT_TRAIT_KEYS; key++) {
		const struct pkt_trait set = trait(key, 8, bytes + key % 8);
		struct pair p = connect_pair(loopback(), &set, 1);
		struct pkt_trait got[PKT_TRAIT_KEYS];

		CHECK(get_all(p.accepted, &n, got) == 0);
		for (int other = 0; other < PKT_TRAIT_KEYS; other++)
			CHECK(is(&got[other], other, other == key ? 8 : 0, bytes + key % 8));
		close_pair(&p);
	}
}

static void traits_reach_another_namespace(const char *listen_on, const char *connect_to)
{
	struct pkt_trait set[PKT_TRAIT_KEYS], got[PKT_TRAIT_KEYS];
	const struct veth v = own_veth();
	struct address to;
	struct pair p;

	full_set(set);
	enter(v.far);
	p = listen_pair(address_of(listen_on, 0), 1);
	close(p.client);
	enter(v.near);
	to = address_of(connect_to, port_of(&p.at));
	p.client = tcp_socket(to.any.sa_family);
	CHECK(set_traits(p.client, &n, set, PKT_TRAIT_KEYS) == 0);
	MUST(connect(p.client, &to.any, to.len));
	p.accepted = MUST(accept(p.listener, NULL, NULL));
	CHECK(get_all(p.accepted, &n, got) == 0);
	CHECK(!memcmp(set, got, sizeof(set)));
	close_pair(&p);
}

static void small_set_reaches_another_namespace(void)
{
	const struct veth v = own_veth();
	struct pair p;

	enter(v.far);
	p = listen_pair(address_of(FAR_4, 0), 1);
	close(p.client);
	enter(v.near);
	p.client = tcp_socket(AF_INET);
	CHECK(set_traits(p.client, &n, (struct pkt_trait[]){ trait(4, 4, bytes) }, 1) == 0);
	join_pair(&p);
	if (polyfill) /* it came by wire, from an address that nobody said is trusted */
		CHECK(has(p.accepted, 4, 0, NULL));
	else
		CHECK(has(p.accepted, 4, 4, bytes));
	close_pair(&p);
}

#endif
